#include "holdout/formats/parquet/parquet_notes_internal.h"

#include <string.h>

static void copy_text(const uint8_t *bytes, size_t n, char *out, size_t size)
{
    n = n < size - 1 ? n : size - 1;
    memcpy(out, bytes, n);
    out[n] = '\0';
}

static void read_note(fb_thrift *thrift, fb_parquet_notes *notes)
{
    static const uint8_t nothing[1] = {0};
    const size_t prefix = strlen(FB_PARQUET_NOTES_PREFIX);
    const uint8_t *key = nothing, *value = nothing;
    size_t n_key = 0, n_value = 0;
    fb_thrift_field field = {0};
    while (fb_thrift_next(thrift, &field)) {
        if (field.id == 1) {
            key = fb_thrift_binary(thrift, field.type, &n_key);
        } else if (field.id == 2) {
            value = fb_thrift_binary(thrift, field.type, &n_value);
        } else {
            fb_thrift_skip(thrift, field.type);
        }
    }
    if (thrift->failed || notes->n == FB_PARQUET_NOTES_MOST || n_key < prefix ||
        memcmp(key, FB_PARQUET_NOTES_PREFIX, prefix) != 0) {
        return;
    }
    copy_text(key + prefix, n_key - prefix, notes->note[notes->n].key, FB_PARQUET_NOTES_KEY_SIZE);
    copy_text(value, n_value, notes->note[notes->n].value, FB_PARQUET_NOTES_VALUE_SIZE);
    notes->n++;
}

void fb_parquet_notes_read(fb_thrift *thrift, fb_thrift_type type, fb_parquet_notes *notes)
{
    const size_t n = fb_thrift_list(thrift, type, FB_THRIFT_STRUCT);
    for (size_t k = 0; k < n && !thrift->failed; k++) {
        read_note(thrift, notes);
    }
}

const char *fb_parquet_notes_find(const fb_parquet_notes *notes, const char *key)
{
    for (size_t k = 0; k < notes->n; k++) {
        if (strcmp(notes->note[k].key, key) == 0) {
            return notes->note[k].value;
        }
    }
    return "";
}
