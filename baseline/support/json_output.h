/** \file json_output.h
 * Results as JSON on standard output or in a file, every number so that it reads back to the same bits.
 */
#ifndef FB_BASELINE_SUPPORT_JSON_OUTPUT_H
#define FB_BASELINE_SUPPORT_JSON_OUTPUT_H

#include <jansson.h>

#include "models/common/output.h"
#include "models/common/status.h"

/** Prints `root` and releases it. NULL, or what cannot be written, is FB_ERROR_FILE. */
fb_status fb_json_output_print(json_t *root, fb_error *error) FB_MUST_USE;
/** Writes `root` to folder/name, a file that appears when it is complete, and releases it. */
fb_status fb_json_output_write(const char *folder, const char *name, json_t *root, fb_error *error) FB_MUST_USE;
/** Writes `root` to a file that was begun, which the caller commits, and releases it. */
fb_status fb_json_output_to(fb_output *output, json_t *root, fb_error *error) FB_MUST_USE;
/** The text that fb_json_output_write writes, with a newline at its end; release with free(). */
fb_status fb_json_output_text(const json_t *root, char **out, fb_error *error) FB_MUST_USE;
/** Says in an object which program made it, under the key "program": {"version", "compiler"}, unless it is said already.
 * fb_json_output_print does so by itself. */
void fb_json_output_sign(json_t *root);
/** A JSON number, or null if `value` is not finite. */
json_t *fb_json_output_number(double value);
/** An array of `n` numbers. */
json_t *fb_json_output_numbers(const double *values, size_t n);

#endif
