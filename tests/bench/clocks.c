#include "tests/bench/clocks.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/dense/dense_features_internal.h"
#include "models/dense/dense_net_internal.h"

enum { MOST_THREADS = 256, LINE = 8 }; /* a line of its own for each thread */

static double seconds[MOST_THREADS][LINE];
static const fb_forest_sliced *last_forest;

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_clocks_reset(void)
{
    memset(seconds, 0, sizeof seconds);
}

double bench_clock(bench_part part)
{
    double sum = 0.0;
    for (int t = 0; t < MOST_THREADS; t++) {
        sum += seconds[t][part];
    }
    return sum;
}

const fb_forest_sliced *bench_last_forest(void)
{
    return last_forest;
}

static void add(bench_part part, double begin)
{
    seconds[omp_get_thread_num() % MOST_THREADS][part] += bench_now() - begin;
}

/* The names are the linker's: NAME is called as __wrap_NAME, and __real_NAME is NAME itself. */
#define FB_BENCH_DENSE(kernel)                                                                                         \
    fb_dense_kernel __real_##kernel, __wrap_##kernel;                                                                  \
    void __wrap_##kernel(int n_rows, int n_in, int in_stride, int out_stride, const float *x, const float *weight,     \
                         const float *bias, float *out)                                                                \
    {                                                                                                                  \
        const double begin = bench_now();                                                                              \
        __real_##kernel(n_rows, n_in, in_stride, out_stride, x, weight, bias, out);                                    \
        add(BENCH_FORWARD, begin);                                                                                     \
    }

#define FB_BENCH_FOREST(kernel)                                                                                        \
    fb_forest_kernel __real_##kernel, __wrap_##kernel;                                                                 \
    void __wrap_##kernel(const fb_forest_sliced *sliced, const float *column, fb_forest_line *line, float *margin)     \
    {                                                                                                                  \
        const double begin = bench_now();                                                                              \
        last_forest = sliced;                                                                                          \
        __real_##kernel(sliced, column, line, margin);                                                                 \
        add(BENCH_TREES, begin);                                                                                       \
    }

FB_BENCH_DENSE(fb_dense_kernel_plain)
FB_BENCH_FOREST(fb_forest_kernel_plain)
#ifdef __x86_64__
FB_BENCH_DENSE(fb_dense_kernel_avx2)
FB_BENCH_DENSE(fb_dense_kernel_avx512)
FB_BENCH_FOREST(fb_forest_kernel_avx2)
FB_BENCH_FOREST(fb_forest_kernel_avx512)
#endif

/* BENCH_FOREST=padded: as if the trees were too deep to be sliced. */
fb_status __real_fb_forest_slice_make(size_t, const fb_tree *, fb_forest_sliced *, fb_error *) FB_MUST_USE;
fb_status __wrap_fb_forest_slice_make(size_t, const fb_tree *, fb_forest_sliced *, fb_error *) FB_MUST_USE;
fb_status __wrap_fb_forest_slice_make(size_t n_trees, const fb_tree *tree, fb_forest_sliced *out, fb_error *error)
{
    const char *wanted = getenv("BENCH_FOREST");
    *out = (fb_forest_sliced){0};
    return wanted != NULL && strcmp(wanted, "padded") == 0 ? FB_OK
                                                           : __real_fb_forest_slice_make(n_trees, tree, out, error);
}

void __real_fb_dense_features_apply(const fb_dense_features *, const float *, const uint32_t *, int, int, float *);
void __wrap_fb_dense_features_apply(const fb_dense_features *, const float *, const uint32_t *, int, int, float *);
void __wrap_fb_dense_features_apply(const fb_dense_features *features, const float *matrix, const uint32_t *row, int n,
                                    int stride, float *out)
{
    const double begin = bench_now();
    __real_fb_dense_features_apply(features, matrix, row, n, stride, out);
    add(BENCH_INPUTS, begin);
}

void __real_fb_openblas_product(char, int, int, int, const float *, int, const float *, int, float *, int);
void __wrap_fb_openblas_product(char, int, int, int, const float *, int, const float *, int, float *, int);
void __wrap_fb_openblas_product(char turn, int m, int n, int k, const float *a, int stride_a, const float *b,
                                int stride_b, float *c, int stride_c)
{
    const double begin = bench_now();
    __real_fb_openblas_product(turn, m, n, k, a, stride_a, b, stride_b, c, stride_c);
    add(BENCH_BACKWARD, begin);
}
