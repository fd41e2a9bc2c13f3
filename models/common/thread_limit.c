#include "models/common/thread_limit.h"

#include <omp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "models/common/log.h"

/* Threads that were there at the same time, the first one among them. */
static int found = 1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* Holds threads until all have been started. */
typedef struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int n_waiting, n_with_memory;
    bool is_open;
} gate;

/* Address space, of which nothing is touched; MAP_FAILED: there is not so much. */
static void *take_space(size_t size)
{
    return mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Besides its stack a thread gets address space from malloc, where it works without waiting for others. */
static void *wait_at(void *argument)
{
    const size_t of_malloc = (size_t)64 << 20;
    gate *at = argument;
    void *memory = take_space(of_malloc);
    pthread_mutex_lock(&at->mutex);
    at->n_waiting++;
    at->n_with_memory += memory != MAP_FAILED;
    pthread_cond_broadcast(&at->changed);
    while (!at->is_open) {
        pthread_cond_wait(&at->changed, &at->mutex);
    }
    pthread_mutex_unlock(&at->mutex);
    if (memory != MAP_FAILED) {
        munmap(memory, of_malloc);
    }
    return NULL;
}

/* The threads of this process, as the kernel counts them; 0: not known. */
static size_t count_tasks(void)
{
    struct stat folder;
    return stat("/proc/self/task", &folder) == 0 && folder.st_nlink > 2 ? (size_t)folder.st_nlink - 2 : 0;
}

/* A thread that has been joined still counts for a moment, in which the next one would be refused. */
static void wait_until_gone(size_t n_before)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int k = 0; k < 1000 && count_tasks() > n_before; k++) {
        nanosleep(&moment, NULL);
    }
}

enum { MOST = 1024 };

/* How many threads can be there at the same time, the calling one among them, up to `wanted`, with space left to work in:
 * blocks of events, and the buffers of their columns. */
static int try_threads(int wanted)
{
    const size_t for_work = (size_t)64 << 20;
    void *work = take_space(for_work);
    gate at = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    pthread_t thread[MOST];
    const size_t n_before = count_tasks();
    int n = 0;
    while (n < wanted - 1 && n < MOST && pthread_create(&thread[n], NULL, wait_at, &at) == 0) {
        n++;
    }
    pthread_mutex_lock(&at.mutex);
    while (at.n_waiting < n) {
        pthread_cond_wait(&at.changed, &at.mutex);
    }
    at.is_open = true;
    pthread_cond_broadcast(&at.changed);
    pthread_mutex_unlock(&at.mutex);
    for (int k = 0; k < n; k++) {
        pthread_join(thread[k], NULL);
    }
    wait_until_gone(n_before);
    if (work != MAP_FAILED) {
        munmap(work, for_work);
    }
    pthread_mutex_destroy(&at.mutex);
    pthread_cond_destroy(&at.changed);
    return 1 + at.n_with_memory;
}

/* Up to `n`: what is known to be possible, or is found to be. */
static int find(int n)
{
    pthread_mutex_lock(&one_at_a_time);
    if (n > found) {
        const int now = try_threads(n);
        found = now > found ? now : found;
    }
    const int can = n < found ? n : found;
    pthread_mutex_unlock(&one_at_a_time);
    return can;
}

void fb_thread_limit_apply(void)
{
    const int wanted = omp_get_max_threads(), can = find(wanted);
    if (can < wanted) {
        fb_log(FB_LOG_WARNING, "%d of %d threads can be started (limits on processes or memory: ulimit -u, ulimit -v)",
               can, wanted);
        omp_set_num_threads(can);
    }
}

bool fb_thread_limit_allows(int n)
{
    return find(n) >= n;
}
