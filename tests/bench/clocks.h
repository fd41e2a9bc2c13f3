/* Where a classifier spends its time, and what the trees' kernel is given: clocks around functions that the linker puts
 * wrappers in front of (-Wl,--wrap=NAME), so that the program itself has no trace of this. */
#ifndef FB_TESTS_BENCH_CLOCKS_H
#define FB_TESTS_BENCH_CLOCKS_H

#include "models/bdt/forest_internal.h"

typedef enum bench_part {
    BENCH_FORWARD,  /* the net's own kernel */
    BENCH_BACKWARD, /* OpenBLAS */
    BENCH_INPUTS,   /* standardising */
    BENCH_TREES,    /* one kernel of the trees; without turning rows into columns, and the logistic function */
    BENCH_N_PARTS
} bench_part;

/* Seconds of a part, of all threads together, since the last reset. */
double bench_clock(bench_part part);
void bench_clocks_reset(void);

/* Monotonic, in seconds. */
double bench_now(void);

/* What the trees' kernel was last given, or NULL. */
const fb_forest_sliced *bench_last_forest(void);

#endif
