/** \file fuzz.h
 * What the fuzzing harnesses share. A harness defines LLVMFuzzerTestOneInput; it is driven by libFuzzer (FB_BUILD_FUZZ)
 * or by mutate.c, which needs no particular compiler.
 */
#ifndef FB_TESTS_FUZZ_FUZZ_H
#define FB_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "holdout/events/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** How far the inputs of this process came. */
typedef struct fb_fuzz_counts {
    uint64_t opened; ///< were opened without an error
    uint64_t whole;  ///< and read to the end
} fb_fuzz_counts;
extern fb_fuzz_counts fb_fuzz_counted;

typedef fb_status fb_fuzz_open(const char *path, fb_source **out, fb_error *error);

/** Puts the bytes in a file, opens it with `open_source` and reads all rows, twice; ends the program if what
 * the source gives contradicts itself. */
void fb_fuzz_read(fb_fuzz_open *open_source, const uint8_t *data, size_t size);

#endif
