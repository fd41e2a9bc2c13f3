/* A flat Parquet file: rows come block by block, are collected to row groups, and each group is encoded on all OpenMP
 * threads and written when it is full, so memory does not grow with the file. Same rows, same bytes.
 *
 * Source: README.md and parquet.thrift (FileMetaData) of apache/parquet-format 2.10.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_WRITER_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_WRITER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "models/common/status.h"

/* Rows of a group: a column of numbers takes 512 KiB at most, 31 columns 16 MiB. */
enum { FB_PARQUET_WRITER_GROUP_ROWS = 128 * 1024 };

typedef struct fb_parquet_writer fb_parquet_writer;

/* A column is of float32, of int64, or of texts of which each row has one. The texts are borrowed until the writer is released.
 */
typedef struct fb_parquet_writer_column {
    const char *name;
    const char *const *text; /* [n_texts], or NULL: float32 */
    size_t n_texts;          /* at most 256 */
    bool is_integer;         /* int64 */
} fb_parquet_writer_column;

/* Begins a file on `stream`, which is at its beginning; `path` is for messages. Both are borrowed until the writer is
 * released, `column` [n_columns] is copied.
 *  \param group_rows  rows of a row group, 1 .. 2^26
 *  FB_ERROR_FILE, FB_ERROR_MEMORY */
fb_status fb_parquet_writer_create(FILE *stream, const char *path, const fb_parquet_writer_column *column,
                                   size_t n_columns, size_t group_rows, fb_parquet_writer **out,
                                   fb_error *error) FB_MUST_USE;

/* Adds a pair of texts to those that the file has about itself; both are copied. Keys are to be different. */
fb_status fb_parquet_writer_note(fb_parquet_writer *writer, const char *key, const char *value,
                                 fb_error *error) FB_MUST_USE;

/* Appends `n` rows: column[k] [n] is const float *, const int64_t * or, for texts, const uint8_t *, the number of
 * each row's text. */
fb_status fb_parquet_writer_append(fb_parquet_writer *writer, size_t n, const void *const *column,
                                   fb_error *error) FB_MUST_USE;

/* Writes the last rows and the footer; nothing may be appended any more.
 *  \param created_by  the program, as "NAME version NUMBER" */
fb_status fb_parquet_writer_finish(fb_parquet_writer *writer, const char *created_by, fb_error *error) FB_MUST_USE;

/* Releases; may be NULL. */
void fb_parquet_writer_free(fb_parquet_writer *writer);

#endif
