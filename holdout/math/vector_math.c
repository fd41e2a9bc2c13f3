#include "holdout/math/vector_math.h"

const fb_vector_math *fb_vector_math_for(fb_instruction_set set)
{
    static const fb_vector_math *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(&fb_vector_math_kernel);
    return kernels[set];
}

const fb_vector_math *fb_vector_math_best(void)
{
    return fb_vector_math_for(fb_instruction_set_best());
}
