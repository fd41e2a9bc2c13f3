/* What a program noted in the footer of a Parquet file: pairs of key and value, both texts.
 *
 * Only those are kept whose key begins with FB_PARQUET_NOTES_PREFIX; other programs note other things (pandas some
 * kilobytes about every file).
 *
 * Source: parquet.thrift (KeyValue) of apache/parquet-format.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_NOTES_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_NOTES_INTERNAL_H

#include "holdout/formats/parquet/thrift_internal.h"

#define FB_PARQUET_NOTES_PREFIX "fair-baseline."

enum { FB_PARQUET_NOTES_MOST = 4, FB_PARQUET_NOTES_KEY_SIZE = 64, FB_PARQUET_NOTES_VALUE_SIZE = 512 };

/* Starts as {0}. Longer texts are cut, and what is more is left out. */
typedef struct fb_parquet_notes {
    size_t n;
    struct {
        char key[FB_PARQUET_NOTES_KEY_SIZE];
        char value[FB_PARQUET_NOTES_VALUE_SIZE];
    } note[FB_PARQUET_NOTES_MOST];
} fb_parquet_notes;

/* Takes a field of type list<KeyValue>; the thrift fails if it is none. */
void fb_parquet_notes_read(fb_thrift *thrift, fb_thrift_type type, fb_parquet_notes *notes);

/* The value of a key, of which the prefix is left out; "" if there is none. */
const char *fb_parquet_notes_find(const fb_parquet_notes *notes, const char *key);

#endif
