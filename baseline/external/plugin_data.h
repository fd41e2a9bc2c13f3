/** \file plugin_data.h
 * What a plug-in learns from: the parts of a file of events, through the pipeline.
 */
#ifndef FB_BASELINE_EXTERNAL_PLUGIN_DATA_H
#define FB_BASELINE_EXTERNAL_PLUGIN_DATA_H

#include "baseline/plugin.h"
#include "holdout/pipeline/split.h"

/** Nothing is opened before the plug-in asks for the first row: one that learns nothing costs nothing.
 *  \param path   of raw events with weights and processes; borrowed
 *  \param split  rule, seed and fractions; it is measured on the file */
fb_status fb_plugin_data_create(const char *path, const fb_split *split, fb_plugin_data **out,
                                fb_error *error) FB_MUST_USE;
void fb_plugin_data_free(fb_plugin_data *data);

#endif
