/** \file duplicates.h
 * Looks for rows whose 16 primary values are all equal, among any number of rows, in 36 MiB.
 *
 * A row is known by a 64-bit hash of its values. Only rows whose hash ends in `k` zero bits are compared; k is 0 until
 * the table is full, then grows by one and half of the table goes. So at the end the rows of one in 2^k hashes have all
 * been compared with one another, wherever they stand: a duplicate is seen if its hash is of that kind, whether
 * duplicates are near or far. Up to FB_DUPLICATES_MOST different rows are all compared. Two different rows have the
 * same hash with probability 2^-64: among the rows that can be compared that does not happen.
 */
#ifndef FB_HOLDOUT_VALIDATION_DUPLICATES_H
#define FB_HOLDOUT_VALIDATION_DUPLICATES_H

#include "holdout/events/events.h"

enum { FB_DUPLICATES_MOST = 1 << 19 };

typedef struct fb_duplicates fb_duplicates;

typedef struct fb_duplicates_report {
    uint64_t one_in;     ///< one row in so many was compared: 1, 2, 4, ...
    uint64_t n_compared; ///< rows
    uint64_t n_copies;   ///< rows that equal an earlier one, also among those that were compared only at first
    uint64_t row, equal; ///< the first such row that was seen and the one it equals, if n_copies > 0
} fb_duplicates_report;

fb_status fb_duplicates_create(fb_duplicates **out, fb_error *error) FB_MUST_USE;
void fb_duplicates_free(fb_duplicates *duplicates);
void fb_duplicates_add(fb_duplicates *duplicates, const fb_events *events);
fb_duplicates_report fb_duplicates_result(const fb_duplicates *duplicates);

#endif
