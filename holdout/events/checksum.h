/** \file checksum.h
 * The identity of a set of events: a hash of its rows in order, the same for every file format and block size.
 */
#ifndef FB_HOLDOUT_EVENTS_CHECKSUM_H
#define FB_HOLDOUT_EVENTS_CHECKSUM_H

#include "holdout/events/events.h"

typedef struct fb_checksum fb_checksum;

enum { FB_CHECKSUM_TEXT_SIZE = 48 };

fb_status fb_checksum_create(fb_checksum **out, fb_error *error) FB_MUST_USE;
void fb_checksum_free(fb_checksum *checksum);
/** Takes in the primaries, weight and process of all rows (XXH3, 128 bits). */
fb_status fb_checksum_update(fb_checksum *checksum, const fb_events *events, fb_error *error) FB_MUST_USE;
/** "xxh128:" and 32 hexadecimal digits. */
void fb_checksum_text(const fb_checksum *checksum, char text[FB_CHECKSUM_TEXT_SIZE]);

#endif
