/* Loaded before a program (LD_PRELOAD), makes one allocation of Jansson fail: number FAIL_AT, from 1. It reports to the
 * file FAILED_AT, so that a test sees whether there were so many. The function that the program gives to Jansson is
 * called all the same, and finds that malloc has no memory. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef void *allocator(size_t);
typedef void releaser(void *);

extern void *__libc_malloc(size_t size);

static allocator *of_program;
static atomic_long calls;
static long fail_at;
static _Thread_local int is_failing;

void *malloc(size_t size)
{
    return is_failing ? NULL : __libc_malloc(size);
}

static void *allocate(size_t size)
{
    if (++calls != fail_at) {
        return of_program(size);
    }
    const char *path = getenv("FAILED_AT");
    FILE *report = path != NULL ? fopen(path, "w") : NULL;
    if (report != NULL) {
        fprintf(report, "%ld\n", fail_at);
        fclose(report);
    }
    is_failing = 1;
    void *memory = of_program(size);
    is_failing = 0;
    return memory;
}

void json_set_alloc_funcs(allocator *get, releaser *release)
{
    void (*set)(allocator *, releaser *) = NULL;
    const char *at = getenv("FAIL_AT");
    *(void **)&set = dlsym(RTLD_NEXT, "json_set_alloc_funcs");
    fail_at = at != NULL ? atol(at) : 0;
    of_program = get;
    set(allocate, release);
}
