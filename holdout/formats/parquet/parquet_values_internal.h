/* The values of a column chunk as float32, page after page.
 *
 * Events have numbers and one text, so every type becomes float32: wider numbers rounded to nearest, texts through a
 * function that numbers them. A missing value is an error, or NaN in columns that
 * may lack some.
 *
 * Source: Encodings.md of apache/parquet-format, "Plain" and "Dictionary Encoding".
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_VALUES_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_VALUES_INTERNAL_H

#include "holdout/formats/parquet/parquet_page_internal.h"
#include "holdout/formats/parquet/parquet_rle_internal.h"

/* The number, >= 0, of a text (without a zero byte at its end), or -1. */
typedef int fb_parquet_number_text(const char *text, size_t n);

/* What is known of one column while it is read; starts as {0} with the first four members set. */
typedef struct fb_parquet_values {
    fb_parquet_pages pages;
    fb_parquet_number_text *number_text; /* for columns of texts */
    const char *texts_allowed;           /* for messages: "a, b or c" */
    bool missing_is_nan;                 /* else a missing value is an error */
    uint64_t row;                        /* of the next value, in the file */

    size_t page_left; /* values of the current page that were not taken yet */
    bool has_missing; /* values of the current page, at which level 0 stands in `levels` */
    fb_parquet_rle levels;
    bool is_coded; /* dictionary indices, else plain */
    fb_parquet_rle codes;
    const uint8_t *plain, *plain_end;

    bool has_dictionary;
    float *dictionary; /* [n_dictionary] */
    size_t n_dictionary, dictionary_capacity;
    uint8_t *texts; /* the dictionary page of a column of texts */
    size_t texts_capacity, texts_size;
} fb_parquet_values;

/* Begins with a chunk of `n_rows` rows, of which the first is row `first_row` of the file. */
void fb_parquet_values_start(fb_parquet_values *values, const fb_parquet_chunk *chunk, uint64_t first_row,
                             uint64_t n_rows);

/* Takes the next `n` values, no more than the chunk has rows left. */
fb_status fb_parquet_values_read(fb_parquet_values *values, float *out, size_t n, fb_error *error) FB_MUST_USE;

void fb_parquet_values_clear(fb_parquet_values *values);

#endif
