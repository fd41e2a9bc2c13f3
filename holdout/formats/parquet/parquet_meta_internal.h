/* What a Parquet file says about itself in its footer: columns, row groups, and where each column lies.
 *
 * Everything in the footer is checked against the file's size and against itself before it is handed on, so that who
 * reads the pages may rely on: chunks lie between the magic numbers, every chunk has as many values as its row group
 * rows, and the rows of the groups add up to n_rows.
 *
 * Source: the Apache Parquet format, parquet.thrift and README.md of apache/parquet-format 2.10.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_META_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_META_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "holdout/formats/parquet/parquet_notes_internal.h"
#include "models/common/status.h"

/* The numbers are those of the format. */
typedef enum fb_parquet_type {
    FB_PARQUET_BOOLEAN = 0,
    FB_PARQUET_INT32 = 1,
    FB_PARQUET_INT64 = 2,
    FB_PARQUET_INT96 = 3,
    FB_PARQUET_FLOAT = 4,
    FB_PARQUET_DOUBLE = 5,
    FB_PARQUET_BYTE_ARRAY = 6,
    FB_PARQUET_FIXED = 7
} fb_parquet_type;

typedef enum fb_parquet_codec {
    FB_PARQUET_UNCOMPRESSED = 0,
    FB_PARQUET_SNAPPY = 1,
    FB_PARQUET_GZIP = 2,
    FB_PARQUET_ZSTD = 6
} fb_parquet_codec;

typedef enum fb_parquet_encoding {
    FB_PARQUET_PLAIN = 0,
    FB_PARQUET_PLAIN_DICTIONARY = 2,
    FB_PARQUET_RLE = 3,
    FB_PARQUET_RLE_DICTIONARY = 8
} fb_parquet_encoding;

/* A column of the schema. */
typedef struct fb_parquet_column {
    char name[64]; /* longer names are cut: none that is read here is as long */
    int type;      /* fb_parquet_type, checked when the column is used */
    int meaning;   /* ConvertedType, or -1 */
    bool optional; /* values may be missing: pages have definition levels */
} fb_parquet_column;

/* A column in a row group. */
typedef struct fb_parquet_chunk {
    uint64_t begin;     /* offset of the first page */
    uint64_t end;       /* offset behind the last page */
    int codec;          /* fb_parquet_codec, checked when the column is used */
    uint32_t encodings; /* bit k: encoding k is used */
} fb_parquet_chunk;

typedef struct fb_parquet_meta {
    uint64_t n_rows;
    size_t n_columns;
    size_t n_groups;
    fb_parquet_column *column; /* [n_columns] */
    uint64_t *rows;            /* [n_groups] rows of a group */
    fb_parquet_chunk *chunk;   /* [n_groups][n_columns] */
    size_t column_capacity, rows_capacity, chunk_capacity;
    fb_parquet_notes notes;
} fb_parquet_meta;

/* An open file. */
typedef struct fb_parquet_file {
    int descriptor;
    uint64_t size;
    const char *path; /* for messages */
} fb_parquet_file;

enum {
    FB_PARQUET_MAGIC_SIZE = 4,
    /* A footer takes some 100 bytes for a column of a row group, so this is far more than the largest sensible file. */
    FB_PARQUET_MAX_FOOTER = 256 * 1024 * 1024,
    /* Rows that a byte of a file may stand for. Events take tens of bytes a row; of rows that are all equal
     * parquet_writer.c puts 67 into a byte. A damaged file that claims more would have memory allocated in vain. */
    FB_PARQUET_MAX_ROWS_PER_BYTE = 128
};

/* Reads exactly `n` bytes at `offset`. */
fb_status fb_parquet_meta_read_at(const fb_parquet_file *file, uint64_t offset, void *bytes, size_t n,
                                  fb_error *error) FB_MUST_USE;

/* Reads the footer into `meta`, which starts as {0} and is to be cleared in any case. */
fb_status fb_parquet_meta_read(const fb_parquet_file *file, fb_parquet_meta *meta, fb_error *error) FB_MUST_USE;
void fb_parquet_meta_clear(fb_parquet_meta *meta);

/* Whether an integer column holds numbers from 2^31 or 2^63 on where others have negative ones. */
bool fb_parquet_support_is_unsigned(const fb_parquet_column *column);

/* FB_ERROR_DATA unless column `k` has a type, and all its chunks a codec and encodings, that are read here. */
fb_status fb_parquet_support_check_column(const fb_parquet_file *file, const fb_parquet_meta *meta, size_t k,
                                          fb_error *error) FB_MUST_USE;

/* What makes a file of it that is read here. */
typedef enum fb_parquet_remedy {
    FB_PARQUET_COPY,      /* DuckDB reads and writes it again */
    FB_PARQUET_CAST,      /* DuckDB, with the columns as FLOAT and the processes as texts */
    FB_PARQUET_CAST_DATA, /* the same without processes */
    FB_PARQUET_EXCLUDE,   /* DuckDB, without the column */
    FB_PARQUET_UNNEST,    /* DuckDB, with the columns within it */
    FB_PARQUET_PYARROW,   /* DuckDB does not read it */
    FB_PARQUET_ELSE       /* only the program that wrote it */
} fb_parquet_remedy;

/* The error for something in a file (or in a column, unless it is NULL) that this program does not read; with the
 * command that helps. */
fb_status fb_parquet_support_refuse(fb_error *error, const char *path, const char *column, fb_parquet_remedy remedy,
                                    const char *format, ...) FB_PRINTF(5, 6) FB_MUST_USE;

/* The name of an encoding, "unknown" if the format has none. */
const char *fb_parquet_support_encoding_name(int encoding);

#endif
