#include "models/dense/openblas_internal.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const char LIBRARY[] = "libopenblas.so.0";

/* Of address space, in bytes: the library with what it needs itself (40 MiB measured with 0.3.21), the buffer of a
 * thread (BUFFER_SIZE of OpenBLAS for x86-64), and what the training still asks for when they are taken. */
#define MIB ((size_t)1 << 20)
static const size_t OF_LIBRARY = 64 * MIB, OF_THREAD = 128 * MIB, SPARE = 32 * MIB;

static struct {
    bool is_open;
    int n_buffers; /* that OpenBLAS has, which keeps them */
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(cblas_sgemv) *sgemv;
    char *(*corename)(void);
    void *(*take)(int which);
    void (*give_back)(void *buffer);
} blas;

/* Whether so much could be taken now; it is given back. Nothing of it is touched. */
static bool has_room(size_t n_bytes)
{
    void *room = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED && munmap(room, n_bytes) == 0;
}

static fb_status no_room(fb_error *error)
{
    return fb_fail(error, FB_ERROR_MEMORY,
                   "model dense: training needs %zu MiB of address space for OpenBLAS, which cannot be had: raise the "
                   "limit (ulimit -v, or the memory that the batch system gives)",
                   (OF_LIBRARY + OF_THREAD + SPARE) / MIB);
}

/* OpenBLAS reads the number of its threads when it is loaded; the variable is put back for programs that are started
 * from here. */
static void *load(void)
{
    static const char variable[] = "OPENBLAS_NUM_THREADS";
    const char *value = getenv(variable);
    char *before = value != NULL ? strdup(value) : NULL;
    setenv(variable, "1", 1);
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (before != NULL) {
        setenv(variable, before, 1);
    } else {
        unsetenv(variable);
    }
    free(before);
    return library;
}

/* The library stays loaded until the process ends. */
static fb_status open_library(fb_error *error)
{
    void *library = load();
    if (library == NULL) {
        return fb_fail(error, FB_ERROR_LIBRARY, "model dense: OpenBLAS cannot be opened: %s", dlerror());
    }
    void (*set_threads)(int) = NULL;
    *(void **)&set_threads = dlsym(library, "openblas_set_num_threads");
    *(void **)&blas.corename = dlsym(library, "openblas_get_corename");
    *(void **)&blas.sgemm = dlsym(library, "cblas_sgemm");
    *(void **)&blas.sgemv = dlsym(library, "cblas_sgemv");
    *(void **)&blas.take = dlsym(library, "blas_memory_alloc");
    *(void **)&blas.give_back = dlsym(library, "blas_memory_free");
    if (set_threads == NULL || blas.corename == NULL || blas.sgemm == NULL || blas.sgemv == NULL) {
        return fb_fail(error, FB_ERROR_LIBRARY, "model dense: %s is not OpenBLAS with its C interface", LIBRARY);
    }
    set_threads(1);
    blas.is_open = true;
    return FB_OK;
}

/* Has OpenBLAS take the buffers of `n` threads now, when there is memory; where these two functions of its own are hidden
 * it takes them when a product needs them. */
static void take_buffers(int n)
{
    enum { MOST = 64 }; /* less than OpenBLAS knows to count */
    void *buffer[MOST];
    if (blas.take == NULL || blas.give_back == NULL) {
        return;
    }
    n = n < MOST ? n : MOST;
    for (int k = 0; k < n; k++) {
        buffer[k] = blas.take(0);
    }
    for (int k = 0; k < n; k++) {
        blas.give_back(buffer[k]);
    }
}

fb_status fb_openblas_open(int *n_threads, fb_error *error)
{
    fb_status status = FB_OK;
    if (!blas.is_open) {
        if (!has_room(OF_LIBRARY + OF_THREAD + SPARE)) {
            return no_room(error);
        }
        FB_TRY(open_library(error));
    }
    int n = *n_threads;
    while (n > blas.n_buffers && !has_room((size_t)(n - blas.n_buffers) * OF_THREAD + SPARE)) {
        n--;
    }
    if (n < 1) {
        return no_room(error);
    }
    if (n > blas.n_buffers) {
        take_buffers(n);
        blas.n_buffers = n;
    }
    *n_threads = n;
cleanup:
    return status;
}

const char *fb_openblas_kernel(void)
{
    return blas.corename();
}

void fb_openblas_product(char turn, int m, int n, int k, const float *a, int stride_a, const float *b, int stride_b,
                         float *c, int stride_c)
{
    blas.sgemm(CblasRowMajor, turn == 'A' ? CblasTrans : CblasNoTrans, turn == 'B' ? CblasTrans : CblasNoTrans, m, n, k,
               1.0f, a, stride_a, b, stride_b, 0.0f, c, stride_c);
}

void fb_openblas_transposed_times(int n_rows, int n_columns, const float *a, int stride, const float *x, float *y)
{
    blas.sgemv(CblasRowMajor, CblasTrans, n_rows, n_columns, 1.0f, a, stride, x, 1, 0.0f, y, 1);
}
