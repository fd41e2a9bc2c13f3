/* One column of one row group as the pages of a file: a dictionary page, if there is a dictionary, and one data page of
 * version 1, compressed with Snappy, with checksums.
 *
 * Columns are optional, as in the published file, and no value is missing.
 *
 * Source: README.md ("Data Pages"), Encodings.md and parquet.thrift (PageHeader) of apache/parquet-format.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_CHUNK_WRITER_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_CHUNK_WRITER_INTERNAL_H

#include "holdout/formats/parquet/parquet_dictionary_internal.h"
#include "holdout/formats/parquet/thrift_writer_internal.h"

/* Starts as {0}; memory is kept for the next column. */
typedef struct fb_parquet_chunk_writer {
    uint8_t *bytes; /* [n] pages with their headers, as they stand in the file */
    size_t n, capacity;
    size_t n_expanded;      /* the same without compression */
    size_t dictionary_size; /* of the bytes, those of the dictionary page; 0: no dictionary */
} fb_parquet_chunk_writer;

/* What is needed while a column is encoded, one for each thread; starts as {0}. */
typedef struct fb_parquet_chunk_workspace {
    fb_parquet_dictionary dictionary;
    fb_thrift_writer header;
    uint8_t *page, *stored; /* expanded, compressed */
    size_t page_capacity, stored_capacity;
} fb_parquet_chunk_workspace;

/* Encodes `n` numbers (1 .. 2^26): PLAIN, or with a dictionary if that is smaller. FB_ERROR_MEMORY. */
fb_status fb_parquet_chunk_writer_floats(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                         const float *value, size_t n, fb_error *error) FB_MUST_USE;

/* Encodes `n` numbers (1 .. 2^26): PLAIN. FB_ERROR_MEMORY. */
fb_status fb_parquet_chunk_writer_integers(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                           const int64_t *value, size_t n, fb_error *error) FB_MUST_USE;

/* Encodes `n` texts (1 .. 2^26), which are text[which[i]], with a dictionary of those that occur, in the order of
 * `text` [n_texts] (1 .. 256). FB_ERROR_MEMORY. */
fb_status fb_parquet_chunk_writer_texts(fb_parquet_chunk_writer *chunk, fb_parquet_chunk_workspace *workspace,
                                        const char *const *text, size_t n_texts, const uint8_t *which, size_t n,
                                        fb_error *error) FB_MUST_USE;

void fb_parquet_chunk_writer_clear(fb_parquet_chunk_writer *chunk);
void fb_parquet_chunk_writer_clear_workspace(fb_parquet_chunk_workspace *workspace);

#endif
