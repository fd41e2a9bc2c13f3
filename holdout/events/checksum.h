/** \file checksum.h
 * The identity of a set of events: a hash of its rows in order, the same for every file format and block size.
 */
#ifndef FB_HOLDOUT_EVENTS_CHECKSUM_H
#define FB_HOLDOUT_EVENTS_CHECKSUM_H

#include "holdout/events/events.h"
#include "models/common/hash.h"

enum { FB_CHECKSUM_TEXT_SIZE = 48 };

/** Takes in the primaries, weight and process of all rows (XXH3, 128 bits). */
fb_status fb_checksum_update(fb_hash *hash, const fb_events *events, fb_error *error) FB_MUST_USE;
/** "xxh128:" and 32 hexadecimal digits. */
void fb_checksum_text(const fb_hash *hash, char text[FB_CHECKSUM_TEXT_SIZE]);

#endif
