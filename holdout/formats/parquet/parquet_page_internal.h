/* One page of a column chunk: its header, and its bytes expanded.
 *
 * Source: parquet.thrift (PageHeader) and README.md, "Data Pages", of apache/parquet-format.
 */
#ifndef FB_HOLDOUT_FORMATS_PARQUET_PARQUET_PAGE_INTERNAL_H
#define FB_HOLDOUT_FORMATS_PARQUET_PARQUET_PAGE_INTERNAL_H

#include "holdout/formats/parquet/parquet_meta_internal.h"

/* An expanded page may not be larger. Usual pages have 1 MiB; the limit keeps a few bytes from asking for all memory.
 */
enum { FB_PARQUET_MAX_PAGE = 256 * 1024 * 1024 };

typedef enum fb_parquet_page_kind {
    FB_PARQUET_DATA = 0,
    FB_PARQUET_INDEX = 1,
    FB_PARQUET_DICTIONARY = 2,
    FB_PARQUET_DATA_V2 = 3
} fb_parquet_page_kind;

/* The pages of a column chunk, one after the other; starts as {0} with file and column set. */
typedef struct fb_parquet_pages {
    const fb_parquet_file *file;
    const fb_parquet_column *column;
    int codec;
    uint64_t at, end;           /* what is left of the chunk */
    uint64_t n_values;          /* in pages that were not taken yet: none may have more */
    uint8_t *stored, *expanded; /* buffers, used again for the next page */
    size_t stored_capacity, expanded_capacity;
} fb_parquet_pages;

typedef struct fb_parquet_page {
    int kind; /* fb_parquet_page_kind */
    int encoding;
    size_t n_values;
    const uint8_t *levels; /* definition levels, of use in optional columns; in the buffers, with
                              FB_PARQUET_PADDING behind */
    const uint8_t *levels_end;
    const uint8_t *values; /* in the buffers, with FB_PARQUET_PADDING behind */
    const uint8_t *values_end;
} fb_parquet_page;

/* Reads the page at `pages->at` and steps behind it. Pages that are of no use here (indices) have kind FB_PARQUET_INDEX
 * and no values. */
fb_status fb_parquet_page_read(fb_parquet_pages *pages, fb_parquet_page *page, fb_error *error) FB_MUST_USE;

/* The error for something in the pages of a column that cannot be. */
fb_status fb_parquet_page_damaged(const fb_parquet_pages *pages, const char *what, fb_error *error) FB_MUST_USE;

/* Bytes of a value of a type that has a fixed size, else 0. */
size_t fb_parquet_page_width(int type);

#endif
