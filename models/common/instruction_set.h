/** \file instruction_set.h
 * The sets of vector instructions that kernels are compiled for, and the one that runs on this machine.
 *
 * A kernel is one source file. CMake compiles it once for each set (the function fb_kernel of CMakeLists.txt), with
 * FB_KERNEL_SET as the name of the set, and the function or table of foo.c is called FB_KERNEL(fb_foo): it becomes
 * fb_foo_plain, fb_foo_avx2 and fb_foo_avx512.
 */
#ifndef FB_MODELS_COMMON_INSTRUCTION_SET_H
#define FB_MODELS_COMMON_INSTRUCTION_SET_H

#include <stdbool.h>

/** From the plainest to the fastest. */
typedef enum fb_instruction_set {
    FB_INSTRUCTIONS_PLAIN,  ///< any processor
    FB_INSTRUCTIONS_AVX2,   ///< 256-bit vectors and fused multiply-add
    FB_INSTRUCTIONS_AVX512, ///< 512-bit vectors: AVX-512 F, BW, VL, DQ and CD
    FB_N_INSTRUCTION_SETS
} fb_instruction_set;

#define FB_KERNEL_PASTE(name, set) name##_##set
#define FB_KERNEL_JOIN(name, set) FB_KERNEL_PASTE(name, set)
/** Inside the source of a kernel: its name, for the set that it is compiled for. */
#define FB_KERNEL(name) FB_KERNEL_JOIN(name, FB_KERNEL_SET)

/** Initialises an array [FB_N_INSTRUCTION_SETS] with what was compiled of a kernel. */
#if defined(__x86_64__)
#define FB_KERNELS(name)                                                                                               \
    {                                                                                                                  \
        name##_plain, name##_avx2, name##_avx512                                                                       \
    }
#else
#define FB_KERNELS(name)                                                                                               \
    {                                                                                                                  \
        name##_plain                                                                                                   \
    }
#endif

/** Whether this machine has the instructions, and kernels were compiled for them. */
bool fb_instruction_set_has(fb_instruction_set set);

/** The set whose kernels run: the one that the environment variable FB_INSTRUCTION_SET names ("plain", "avx2" or
 *  "avx512"), else the fastest that the machine has. A name that is unknown, or of a set that the machine does not
 * have, is reported once on the log. */
fb_instruction_set fb_instruction_set_best(void);

/** "plain", "avx2" or "avx512" */
const char *fb_instruction_set_name(fb_instruction_set set);

#endif
