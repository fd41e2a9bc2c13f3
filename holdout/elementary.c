#include "holdout/elementary.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern const fb_elementary fb_elementary_plain;

#ifdef FB_ELEMENTARY_X86
extern const fb_elementary fb_elementary_avx2, fb_elementary_avx512;

static bool machine_has(int set)
{
    return set == FB_ELEMENTARY_AVX512 ? __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                                             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
           : set == FB_ELEMENTARY_AVX2 ? __builtin_cpu_supports("avx2")
                                       : true;
}

static const fb_elementary *const tables[FB_N_ELEMENTARY] = {&fb_elementary_plain, &fb_elementary_avx2,
                                                             &fb_elementary_avx512};
#else
static bool machine_has(int set)
{
    return set == FB_ELEMENTARY_PLAIN;
}

static const fb_elementary *const tables[FB_N_ELEMENTARY] = {&fb_elementary_plain, NULL, NULL};
#endif

const fb_elementary *fb_elementary_for(int set)
{
    return machine_has(set) ? tables[set] : NULL;
}

const fb_elementary *fb_elementary_best(void)
{
    const char *wanted = getenv("FB_ELEMENTARY");
    const fb_elementary *best = NULL;
    for (int set = 0; set < FB_N_ELEMENTARY; set++) {
        const fb_elementary *one = fb_elementary_for(set);
        if (one != NULL && wanted != NULL && strcmp(wanted, one->name) == 0) {
            return one;
        }
        best = one != NULL ? one : best;
    }
    return best;
}
