/** \file official_table.h
 * The events of an official pseudo-experiment in the order of the official program's table, which its files and noise
 * have: what the program's own numbers are compared with. The code draws the same events in the order of the pool.
 */
#ifndef FB_TESTS_SUPPORT_OFFICIAL_TABLE_H
#define FB_TESTS_SUPPORT_OFFICIAL_TABLE_H

#include "holdout/pseudo/official_sample.h"

/** fb_official_sample_stream, put in order. Release with fb_events_free. */
fb_status fb_official_table_events(const fb_official_pool *pool, const fb_official_draw *draw, fb_events **out,
                                   fb_error *error) FB_MUST_USE;

/** The noise of the rows of that table. */
fb_status fb_official_table_noise(const fb_official_draw *draw, fb_noise_table *table, fb_noise *noise,
                                  fb_error *error) FB_MUST_USE;

#endif
