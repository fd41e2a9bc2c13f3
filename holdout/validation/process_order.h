/** \file process_order.h
 * In which order the processes follow one another in a file: shuffled or in blocks, and what a cut between its first
 * rows and the rest would separate. One pass, bounded memory; the number of rows need not be known before.
 */
#ifndef FB_HOLDOUT_VALIDATION_PROCESS_ORDER_H
#define FB_HOLDOUT_VALIDATION_PROCESS_ORDER_H

#include "holdout/events/weight_stats.h"

enum { FB_PROCESS_ORDER_SLOTS = 1024 };

/** Start it as `{.slot_rows = 1}`, zero else (100 kB: not on the stack). Rows without a known process are left out. */
typedef struct fb_process_order {
    uint64_t n_rows;
    uint64_t n_of[FB_N_PROCESS];
    uint64_t n_runs;               ///< stretches of rows of one process
    int last;                      ///< process of the last row
    uint64_t run;                  ///< rows of the last run so far
    uint64_t longest, longest_end; ///< rows of the longest run, and the row behind it
    int longest_process;
    /** Each slot sums up `slot_rows` rows, a power of two; when all are full, neighbours merge and it doubles. So more
     * than half of them are in use in the end. */
    uint64_t slot_rows;
    fb_weight_sums slot[FB_PROCESS_ORDER_SLOTS][FB_N_PROCESS];
} fb_process_order;

void fb_process_order_add(fb_process_order *order, const fb_events *events);

/** The number of runs that a shuffled file of these rows has, and its standard deviation (A. M. Mood, Ann. Math. Stat.
 * 11 (1940) 367; for two kinds it is the test of Wald and Wolfowitz). 0 without rows. */
double fb_process_order_expected_runs(const fb_process_order *order, double *deviation);

/** Whether there are blocks: fewer than .9 of the runs of shuffled rows (and five standard deviations), or a longest
 * run that shuffled rows have with a probability below 1e-6. */
bool fb_process_order_has_blocks(const fb_process_order *order);

/** The sums over the first `n` rows, per process, and over the others. Where `n` falls into a slot, which holds less
 * than 1/500 of the rows, the slot is shared in proportion. */
void fb_process_order_divide(const fb_process_order *order, uint64_t n, fb_weight_sums first[FB_N_PROCESS],
                             fb_weight_sums rest[FB_N_PROCESS]);

#endif
