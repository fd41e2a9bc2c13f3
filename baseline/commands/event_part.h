/** \file event_part.h
 * One of the four parts of a file of events, for commands that write events: those of `train` and `pseudo` with the
 * same split options, with weights as they have them there.
 */
#ifndef FB_BASELINE_COMMANDS_EVENT_PART_H
#define FB_BASELINE_COMMANDS_EVENT_PART_H

#include <jansson.h>

#include "baseline/config/option.h"
#include "holdout/events/sink.h"
#include "holdout/pipeline/pipeline.h"

/** What --help says of the weights. */
#define FB_EVENT_PART_DETAILS                                                                                          \
    "--part writes the rows that 'train' and 'pseudo' with the same split options have in this part. As there, each\n" \
    "weight is multiplied by a factor of its process, so that each part has the yields of the whole file; the\n"       \
    "factors are printed."

typedef struct fb_event_part {
    int part;         ///< fb_part; FB_N_PARTS: all rows, weights as they are
    bool row_numbers; ///< write the column `row` too
    const char *metadata;
    fb_split_settings settings;
    fb_split split; ///< measured, of a part
} fb_event_part;

/** All rows, no numbers, the default split. */
fb_event_part fb_event_part_default(void);

/** Adds --part, --row-numbers and the options of the split but --metadata. */
void fb_event_part_add_options(fb_option_table *table, fb_event_part *part);

/** Whether one was chosen. */
bool fb_event_part_is_chosen(const fb_event_part *part);

/** Measures the split of a source, which is at its beginning and is rewound, as for a pool (fb_event_pool_from);
 * nothing if no part was chosen. FB_ERROR_DATA for events that are distorted and selected already, and for a part
 * without events. */
fb_status fb_event_part_measure(fb_event_part *part, fb_source *source, fb_error *error) FB_MUST_USE;

/** Has the pipeline keep the rows of the part. */
void fb_event_part_choose(const fb_event_part *part, fb_pipeline *pipeline);

/** Writes a block of that pipeline; `derived` as of fb_sink_write. */
fb_status fb_event_part_write(const fb_event_part *part, fb_sink *sink, const fb_block *block, float *const *derived,
                              fb_error *error) FB_MUST_USE;

/** Appends the part and its split to the line that says how events were made. */
void fb_event_part_describe(const fb_event_part *part, char provenance[FB_ORIGIN_SIZE]);

/** Prints the factors of the weights; nothing if no part was chosen. */
void fb_event_part_print(const fb_event_part *part);
/** Adds "part" and "weight_factors" to an object, if one was chosen. */
void fb_event_part_json(const fb_event_part *part, json_t *root);

#endif
