#include "nll/bin_sums.h"

const fb_bin_sums *fb_bin_sums_for(fb_instruction_set set)
{
    static const fb_bin_sums *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(&fb_bin_sums_kernel);
    return kernels[set];
}

const fb_bin_sums *fb_bin_sums_best(void)
{
    return fb_bin_sums_for(fb_instruction_set_best());
}
