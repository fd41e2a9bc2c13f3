/** \file reference.h
 * Reference numbers in JSON files, and official tables of events in CSV files.
 */
#ifndef FB_TESTS_SUPPORT_REFERENCE_H
#define FB_TESTS_SUPPORT_REFERENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { FB_TABLE_COLUMNS = 32, FB_TABLE_ROWS = 2100 };

/** The file, which must be there; release with json_decref. */
json_t *fb_reference_load(const char *path);

/** The number (true and false are not) that `object` has under `key`, or the test fails. */
double fb_reference_number(const json_t *object, const char *key);

/** The list of numbers that `object` has under `key`; release with free(). */
double *fb_reference_list(const json_t *object, const char *key, size_t *n);

/** A table that the official program wrote: float32 values by name of column. */
typedef struct fb_table {
    int n_columns, n_rows;
    char name[FB_TABLE_COLUMNS][40];
    float value[FB_TABLE_ROWS][FB_TABLE_COLUMNS];
} fb_table;

/** Reads a CSV file, as it is or gzipped; false if it cannot be read. */
bool fb_table_read(const char *path, fb_table *table);

/** The index of a column, which must be there. */
int fb_table_column(const fb_table *table, const char *name);

#endif
