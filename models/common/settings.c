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

/* The place of a word in "one, two", or -1. */
static int find_word(const char *words, const char *word)
{
    const size_t n = strlen(word);
    int place = 0;
    for (const char *p = words; p != NULL; place++) {
        const char *comma = strchr(p, ',');
        if ((comma != NULL ? (size_t)(comma - p) : strlen(p)) == n && strncmp(p, word, n) == 0) {
            return place;
        }
        p = comma != NULL ? comma + 2 : NULL;
    }
    return -1;
}

/* Writes the word at a place of "one, two". */
static void write_word(const char *words, int place, char *text, size_t size)
{
    for (; place > 0; place--) {
        words = strchr(words, ',') + 2;
    }
    snprintf(text, size, "%.*s", (int)strcspn(words, ","), words);
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
    const int place = find_word(row->words, text);
    if (place < 0) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: '%s' is not one of %s", row->key, text, row->words);
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
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", k > 0 ? ", " : "", row->key);
    }
    return fb_fail(error, FB_ERROR_USAGE, "%s has no setting '%s'; it has %s", table->owner, key, known);
}

size_t fb_settings_describe(const fb_settings_table *table, const double *value, const void *state, char *text,
                            size_t size)
{
    size_t used = 0;
    for (int k = 0; k < table->n && used < size; k++) {
        const fb_settings_row *row = &table->row[k];
        char one[128];
        if (row->describe != NULL) {
            row->describe(state, one, sizeof one);
        } else if (row->words != NULL) {
            write_word(row->words, (int)value[k], one, sizeof one);
        } else {
            snprintf(one, sizeof one, "%.15g", value[k]);
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s=%s", k > 0 ? " " : "", row->key, one);
    }
    return used;
}
