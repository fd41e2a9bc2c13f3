#include "models/common/settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/common/text.h"

void fb_settings_start(const fb_settings_table *table, double *value)
{
    for (int k = 0; k < table->n; k++) {
        value[k] = table->row[k].standard;
    }
}

static fb_status set_number(const fb_settings_row *row, double *value, const char *text, fb_error *error)
{
    double number = 0.0;
    if (!fb_text_to_double(text, &number) || number < row->low || number > row->high ||
        (row->whole && number != floor(number))) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not a %snumber from %g to %g", row->key, text,
                       row->whole ? "whole " : "", row->low, row->high);
    }
    *value = number;
    return FB_OK;
}

static fb_status set_word(const fb_settings_row *row, double *value, const char *text, fb_error *error)
{
    const int place = fb_text_find(text, row->words);
    if (place < 0) {
        char known[128] = "";
        for (int k = 0; row->words[k] != NULL; k++) {
            fb_text_append(known, sizeof known, ", ", "%s", row->words[k]);
        }
        return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not one of %s", row->key, text, known);
    }
    *value = place;
    return FB_OK;
}

fb_status fb_settings_set(const fb_settings_table *table, double *value, void *state, const char *key, const char *text,
                          fb_error *error)
{
    char known[256] = "";
    for (int k = 0; k < table->n; k++) {
        const fb_settings_row *row = &table->row[k];
        if (strcmp(key, row->key) == 0) {
            if (row->set != NULL) {
                return row->set(state, text, error);
            }
            return row->words != NULL ? set_word(row, &value[k], text, error) : set_number(row, &value[k], text, error);
        }
        fb_text_append(known, sizeof known, ", ", "%s", row->key);
    }
    return fb_fail(error, FB_ERROR_USAGE, "%s has no setting '%s'; it has %s", table->owner, key, known);
}

void fb_settings_describe(const fb_settings_table *table, const double *value, const void *state, char *text,
                          size_t size)
{
    text[0] = '\0';
    for (int k = 0; k < table->n; k++) {
        const fb_settings_row *row = &table->row[k];
        char one[128];
        if (row->describe != NULL) {
            row->describe(state, one, sizeof one);
        } else if (row->words != NULL) {
            snprintf(one, sizeof one, "%s", row->words[(int)value[k]]);
        } else {
            snprintf(one, sizeof one, "%.15g", value[k]);
        }
        fb_text_append(text, size, " ", "%s=%s", row->key, one);
    }
}
