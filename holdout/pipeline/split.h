/** \file split.h
 * The four disjoint parts of a set of events: train and validation for the classifier, holdout for the templates, pool
 * for the pseudo-experiments. A row's part depends on (rule, seed, row number) only.
 */
#ifndef FB_HOLDOUT_PIPELINE_SPLIT_H
#define FB_HOLDOUT_PIPELINE_SPLIT_H

#include "holdout/events/source.h"
#include "holdout/events/weight_stats.h"
#include "holdout/pipeline/block.h"

typedef enum fb_part { FB_TRAIN, FB_VALIDATION, FB_HOLDOUT, FB_POOL, FB_N_PARTS } fb_part;

typedef enum fb_split_rule {
    FB_SPLIT_HASH,    ///< every row by a hash of (seed, row)
    FB_SPLIT_OFFICIAL ///< the first 30 % of the rows are the pool, as in the official program; the others by the hash
} fb_split_rule;

/** "hash", "official"; NULL behind the last. */
extern const char *const fb_split_rule_names[];

/** "train", "validation", "holdout", "pool", as fb_part counts them; NULL behind the last. */
extern const char *const fb_split_part_names[];

/** What the metadata file beside the events says of all of them, which the official program goes by instead of
 * counting; 0: what is counted. */
typedef struct fb_split_metadata {
    uint64_t n_rows;    ///< total_rows, of which the official pool is the first 30 %
    double sum_weights; ///< sum_weights, which the official draws scale their pool to
} fb_split_metadata;

/** What is chosen. */
typedef struct fb_split_settings {
    fb_split_rule rule;
    uint64_t seed;
    double share[FB_N_PARTS]; ///< >= 0, train and holdout > 0; of any sum, which they are divided by
    fb_split_metadata metadata;
} fb_split_settings;

/** A split of certain events: what is chosen, and what was measured on them. */
typedef struct fb_split {
    fb_split_settings settings;
    double fraction[FB_N_PARTS];               ///< sum 1; the official rule shares 1 - pool in these proportions
    uint64_t n_pool_rows;                      ///< official rule: rows of the pool
    double yield[FB_N_PARTS][FB_N_PROCESS];    ///< measured sums of weights
    uint64_t n_rows[FB_N_PARTS][FB_N_PROCESS]; ///< measured numbers of rows
    double square[FB_N_PARTS][FB_N_PROCESS];   ///< measured sums of squared weights
    double factor[FB_N_PARTS][FB_N_PROCESS];   ///< what restores each process's whole sum of weights in each part
    fb_weight_sums first[FB_N_PROCESS];        ///< measured, whatever the rule: the rows that the official rule takes
    fb_weight_sums rest[FB_N_PROCESS];         ///< for the pool, and the rest; not kept in files
} fb_split;

/** Of so many rows, those that the official rule takes for the pool: the first 30 %. */
uint64_t fb_split_official_rows(uint64_t n_rows);

/** Hash rule, seed 1, shares .3 .1 .3 .3. */
fb_split_settings fb_split_default(void);

/** With these settings; nothing is measured, factors 1. */
fb_split fb_split_of(const fb_split_settings *settings);

/** Parses four numbers separated by commas, each >= 0, of which train and holdout > 0. FB_ERROR_USAGE says so, and
 * leaves `share` as it was. */
fb_status fb_split_parse_shares(const char *text, double share[FB_N_PARTS], fb_error *error) FB_MUST_USE;

/** Reads the whole source once (and rewinds it) and sets n_pool_rows and all that is measured. A process without rows
 * in a part keeps factor 1 there. FB_ERROR_DATA when the source has no weights, processes or events. `whole`
 * [FB_N_PROCESS], if not NULL, gets the sums of weights of all rows. */
fb_status fb_split_measure(fb_split *split, fb_source *source, double *whole, fb_error *error) FB_MUST_USE;

/** What the weights of a process in a part add up to, as measured. */
fb_weight_sums fb_split_sums(const fb_split *split, fb_part part, int process);

fb_part fb_split_part(const fb_split *split, uint64_t row);

/** Keeps the rows of `block` (as loaded, nothing removed) that belong to `part`, their weights times the part's
 * factors. */
void fb_split_keep(const fb_split *split, fb_part part, fb_block *block);

#endif
