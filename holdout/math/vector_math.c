#include "holdout/math/vector_math.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern const fb_vector_math fb_vector_math_plain;

#ifdef FB_VECTOR_MATH_X86
extern const fb_vector_math fb_vector_math_avx2, fb_vector_math_avx512;

static bool machine_has(int set)
{
    return set == FB_VECTOR_MATH_AVX512 ? __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                                              __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
           : set == FB_VECTOR_MATH_AVX2 ? __builtin_cpu_supports("avx2")
                                        : true;
}

static const fb_vector_math *const tables[FB_N_VECTOR_MATH] = {&fb_vector_math_plain, &fb_vector_math_avx2,
                                                               &fb_vector_math_avx512};
#else
static bool machine_has(int set)
{
    return set == FB_VECTOR_MATH_PLAIN;
}

static const fb_vector_math *const tables[FB_N_VECTOR_MATH] = {&fb_vector_math_plain, NULL, NULL};
#endif

const fb_vector_math *fb_vector_math_for(int set)
{
    return machine_has(set) ? tables[set] : NULL;
}

const fb_vector_math *fb_vector_math_best(void)
{
    const char *wanted = getenv("FB_VECTOR_MATH");
    const fb_vector_math *best = NULL;
    for (int set = 0; set < FB_N_VECTOR_MATH; set++) {
        const fb_vector_math *one = fb_vector_math_for(set);
        if (one != NULL && wanted != NULL && strcmp(wanted, one->name) == 0) {
            return one;
        }
        best = one != NULL ? one : best;
    }
    return best;
}
