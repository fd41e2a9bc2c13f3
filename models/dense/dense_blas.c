#include "models/dense/dense_blas_internal.h"

#include <pthread.h>
#include <stddef.h>

/* Weak: with another BLAS these names are not there, and their addresses are NULL. */
extern void openblas_set_num_threads(int n) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

static void one_thread(void)
{
    if (openblas_set_num_threads != NULL) {
        openblas_set_num_threads(1);
    }
}

void fb_dense_blas_prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, one_thread);
}

const char *fb_dense_blas_kernel(void)
{
    return openblas_get_corename != NULL ? openblas_get_corename() : "unknown";
}
