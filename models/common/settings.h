/** \file settings.h
 * The settings "key=value" of a model, from a table with one row for each: defaults, checked values, and all of them as
 * text.
 */
#ifndef FB_MODELS_COMMON_SETTINGS_H
#define FB_MODELS_COMMON_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

/** One setting. Its value is a number from `low` to `high`; or, if there are `words`, the place of one of them. */
typedef struct fb_settings_row {
    const char *key;
    double standard;          ///< the default
    double low, high;         ///< both are allowed
    bool whole;               ///< only whole numbers
    const char *const *words; ///< NULL behind the last; or NULL: a number
    /** For a value that is neither number nor word, as a list is; NULL for all others. `state` is that of the model. */
    fb_status (*set)(void *state, const char *text, fb_error *error);
    void (*describe)(const void *state, char *text, size_t size);
} fb_settings_row;

typedef struct fb_settings_table {
    const char *owner; ///< as errors name it, "model bdt"
    int n;
    const fb_settings_row *row; ///< [n]
} fb_settings_table;

/** Sets all values [table->n] to their defaults; those with functions of their own get 0. */
void fb_settings_start(const fb_settings_table *table, double *value);

/** Sets one value from text. FB_ERROR_USAGE names the keys for an unknown one, and what is allowed for a wrong value;
 *  nothing is changed then.
 *  \param value  [table->n]
 *  \param state  what the functions of the rows get; may be NULL if no row has any */
fb_status fb_settings_set(const fb_settings_table *table, double *value, void *state, const char *key, const char *text,
                          fb_error *error) FB_MUST_USE;

/** Writes "key=value key=value ..." of all settings; from `size` on it is cut. */
void fb_settings_describe(const fb_settings_table *table, const double *value, const void *state, char *text,
                          size_t size);

#endif
