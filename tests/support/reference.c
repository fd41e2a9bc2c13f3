#include "tests/support/reference.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

json_t *fb_reference_load(const char *path)
{
    json_error_t why;
    json_t *reference = json_load_file(path, 0, &why);
    ck_assert_msg(reference != NULL, "%s: %s", path, why.text);
    return reference;
}

double fb_reference_number(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_number(value), "reference: '%s' is missing", key);
    return json_number_value(value);
}

double *fb_reference_list(const json_t *object, const char *key, size_t *n)
{
    json_t *list = json_object_get(object, key);
    ck_assert_msg(json_is_array(list), "reference: '%s' is missing", key);
    *n = json_array_size(list);
    double *values = malloc((*n + 1) * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t k = 0; k < *n; k++) {
        ck_assert(json_is_number(json_array_get(list, k)));
        values[k] = json_number_value(json_array_get(list, k));
    }
    return values;
}

bool fb_table_read(const char *path, fb_table *table)
{
    static char line[8192];
    gzFile stream = gzopen(path, "rb");
    if (stream == NULL) {
        return false;
    }
    table->n_columns = table->n_rows = 0;
    if (gzgets(stream, line, sizeof line) == NULL) {
        gzclose(stream);
        return false;
    }
    for (char *at = strtok(line, ",\n"); at != NULL; at = strtok(NULL, ",\n")) {
        ck_assert_int_lt(table->n_columns, FB_TABLE_COLUMNS);
        snprintf(table->name[table->n_columns++], sizeof table->name[0], "%s", at);
    }
    while (gzgets(stream, line, sizeof line) != NULL) {
        int column = 0;
        ck_assert_int_lt(table->n_rows, FB_TABLE_ROWS);
        for (char *at = strtok(line, ",\n"); at != NULL; at = strtok(NULL, ",\n")) {
            ck_assert_int_lt(column, table->n_columns);
            table->value[table->n_rows][column++] = strtof(at, NULL);
        }
        ck_assert_int_eq(column, table->n_columns);
        table->n_rows++;
    }
    gzclose(stream);
    return true;
}

int fb_table_column(const fb_table *table, const char *name)
{
    for (int k = 0; k < table->n_columns; k++) {
        if (strcmp(table->name[k], name) == 0) {
            return k;
        }
    }
    ck_abort_msg("the official table has no column %s", name);
    return -1;
}
