#include "models/common/instruction_set.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/log.h"

static const char *const names[FB_N_INSTRUCTION_SETS] = {
    [FB_INSTRUCTIONS_PLAIN] = "plain",
    [FB_INSTRUCTIONS_AVX2] = "avx2",
    [FB_INSTRUCTIONS_AVX512] = "avx512",
};

const char *fb_instruction_set_name(fb_instruction_set set)
{
    return names[set];
}

bool fb_instruction_set_has(fb_instruction_set set)
{
#if defined(__x86_64__)
    switch (set) {
    case FB_INSTRUCTIONS_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case FB_INSTRUCTIONS_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512cd");
    default:
        break;
    }
#endif
    return set == FB_INSTRUCTIONS_PLAIN;
}

fb_instruction_set fb_instruction_set_best(void)
{
    static atomic_flag is_reported = ATOMIC_FLAG_INIT;
    const char *wanted = getenv("FB_INSTRUCTION_SET");
    fb_instruction_set best = FB_INSTRUCTIONS_PLAIN;
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        if (!fb_instruction_set_has((fb_instruction_set)set)) {
            continue;
        }
        best = (fb_instruction_set)set;
        if (wanted != NULL && strcmp(wanted, names[set]) == 0) {
            return best;
        }
    }
    if (wanted != NULL && !atomic_flag_test_and_set(&is_reported)) {
        fb_log(FB_LOG_WARNING,
               "FB_INSTRUCTION_SET=%s: must be plain, avx2 or avx512, and on this machine at most %s; using %s", wanted,
               names[best], names[best]);
    }
    return best;
}
