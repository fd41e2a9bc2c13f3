/* The different values of a column of float32, numbered in the order in which they first appear.
 *
 * Values are the same if their bits are: 0 and -0 are two, and every NaN is kept as it is.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_DICTIONARY_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_DICTIONARY_INTERNAL_H

#include "models/common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as {0}; memory is kept for the next column. */
typedef struct fb_parquet_dictionary {
    uint32_t *entry; /* [n_entries] the bits of each value */
    uint32_t *code;  /* [n] the entry of each row */
    size_t n_entries;
    uint64_t *slot; /* [n_slots] hash table: bits of a value, and behind them its entry + 1; 0: free */
    size_t n_slots;
    size_t entry_capacity, code_capacity, slot_capacity;
} fb_parquet_dictionary;

/* Numbers `n` (< 2^32) values. `*fits` is false, and what was numbered of no use, if more than n / 2 of them are
 * different: then the values themselves are not larger. */
fb_status fb_parquet_dictionary_number(fb_parquet_dictionary *dictionary, const float *value, size_t n, bool *fits,
                                       fb_error *error) FB_MUST_USE;

void fb_parquet_dictionary_clear(fb_parquet_dictionary *dictionary);

#endif
