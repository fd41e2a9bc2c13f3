#include "models/dense/dense_kernel_internal.h"

#include <stdbool.h>

#ifdef FB_DENSE_X86
static bool machine_has(fb_dense_set set)
{
    return set == FB_DENSE_AVX512 ? __builtin_cpu_supports("avx512f")
           : set == FB_DENSE_AVX2 ? __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                                  : true;
}

static fb_dense_kernel *const kernels[FB_DENSE_N_SETS] = {fb_dense_kernel_plain, fb_dense_kernel_avx2,
                                                          fb_dense_kernel_avx512};
#else
static bool machine_has(fb_dense_set set)
{
    return set == FB_DENSE_PLAIN;
}

static fb_dense_kernel *const kernels[FB_DENSE_N_SETS] = {fb_dense_kernel_plain, NULL, NULL};
#endif

fb_dense_kernel *fb_dense_kernel_for(fb_dense_set set)
{
    return machine_has(set) ? kernels[set] : NULL;
}

fb_dense_kernel *fb_dense_kernel_best(void)
{
    int set = FB_DENSE_N_SETS - 1;
    while (fb_dense_kernel_for((fb_dense_set)set) == NULL) {
        set--;
    }
    return kernels[set];
}
