/** \file python_json.h
 * JSON files as Python writes them: with NaN and Infinity, which JSON does not have.
 */
#ifndef FB_BASELINE_SUPPORT_PYTHON_JSON_H
#define FB_BASELINE_SUPPORT_PYTHON_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "models/common/status.h"

/** \param out  a new reference; NaN, Infinity and -Infinity are the strings "NaN", "Infinity" and "-Infinity"
 *  \return FB_ERROR_FILE when the file cannot be read; FB_ERROR_DATA, with the line, when it is no JSON, or an object
 * has a key twice */
fb_status fb_python_json_load(const char *path, json_t **out, fb_error *error) FB_MUST_USE;

/** The same for `n` bytes that a zero byte follows, called `name` in messages. */
fb_status fb_python_json_parse(const char *text, size_t n, const char *name, json_t **out, fb_error *error) FB_MUST_USE;

#endif
