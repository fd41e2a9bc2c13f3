/* Columns of HDF5 files, written and read by pieces. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/h5.h"
#include "models/common/h5_internal.h"
#include "models/common/memory.h"
#include "models/common/text.h"

struct fb_h5_column {
    fb_h5 *file;
    hid_t set;
    hid_t memory_type;
    uint64_t n_rows;
    size_t width;             /* 0: 1-D; else the numbers in a row of a matrix */
    const char *const *names; /* [n_names] of an enumeration, or NULL */
    int n_names;
    bool is_text; /* the names are stored as texts */
    char name[128];
};

/* The type in memory: an enumeration of the names, or float32 where they are NULL. */
static hid_t type_of(const char *const *names, int n_names)
{
    hid_t type = names != NULL ? H5Tenum_create(H5T_NATIVE_UINT8) : H5Tcopy(H5T_NATIVE_FLOAT);
    for (int k = 0; k < n_names; k++) {
        uint8_t value = (uint8_t)k;
        H5Tenum_insert(type, names[k], &value);
    }
    return type;
}

static fb_status new_column(fb_h5 *file, const char *name, const char *const *names, int n_names, fb_h5_column **out,
                            fb_error *error)
{
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        (*out)->file = file;
        (*out)->set = H5I_INVALID_HID;
        (*out)->names = names;
        (*out)->n_names = n_names;
        (*out)->memory_type = type_of(names, n_names);
        snprintf((*out)->name, sizeof(*out)->name, "%s", name);
    }
    return status;
}

/* Makes the data set of a new column, which is freed if this fails. */
static fb_status create_set(fb_h5_column *column, hid_t file_type, int gzip, fb_h5_column **out, fb_error *error)
{
    const hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = FB_H5_CHUNK_ROWS;
    hid_t space = H5Screate_simple(1, &none, &unlimited);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(properties, 0);
    H5Pset_chunk(properties, 1, &chunk);
    if (gzip > 0) {
        /* No shuffle: it makes columns of three decimals larger. */
        H5Pset_deflate(properties, (unsigned)gzip);
    }
    column->set = H5Dcreate2(column->file->id, column->name, file_type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Pclose(properties);
    H5Sclose(space);
    if (column->set < 0) {
        const fb_status status = fb_h5_failed(column->file, FB_ERROR_FILE, error, "cannot write", column->name);
        fb_h5_column_free(column);
        return status;
    }
    *out = column;
    return FB_OK;
}

fb_status fb_h5_column_create(fb_h5 *file, const char *name, int gzip, const char *const *names, int n_names,
                              fb_h5_column **out, fb_error *error)
{
    fb_h5_column *column = NULL;
    *out = NULL;
    const fb_status status = new_column(file, name, names, n_names, &column, error);
    return status == FB_OK ? create_set(column, names != NULL ? column->memory_type : H5T_IEEE_F32LE, gzip, out, error)
                           : status;
}

fb_status fb_h5_column_create_integers(fb_h5 *file, const char *name, int gzip, fb_h5_column **out, fb_error *error)
{
    fb_h5_column *column = NULL;
    *out = NULL;
    const fb_status status = new_column(file, name, NULL, 0, &column, error);
    if (status != FB_OK) {
        return status;
    }
    H5Tclose(column->memory_type);
    column->memory_type = H5Tcopy(H5T_NATIVE_INT64);
    return create_set(column, H5T_STD_I64LE, gzip, out, error);
}

/* Reads or writes rows [first, first + n). */
static herr_t transfer(const fb_h5_column *column, uint64_t first, size_t n, void *in, const void *out)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, column->width};
    hid_t rows = H5Dget_space(column->set);
    hid_t memory = H5Screate_simple(column->width > 0 ? 2 : 1, count, NULL);
    herr_t done = H5Sselect_hyperslab(rows, H5S_SELECT_SET, start, NULL, count, NULL);
    if (done >= 0) {
        done = in != NULL ? H5Dread(column->set, column->memory_type, memory, rows, H5P_DEFAULT, in)
                          : H5Dwrite(column->set, column->memory_type, memory, rows, H5P_DEFAULT, out);
    }
    H5Sclose(memory);
    H5Sclose(rows);
    return done;
}

fb_status fb_h5_column_append(fb_h5_column *column, size_t n, const void *data, fb_error *error)
{
    if (n == 0) {
        return FB_OK;
    }
    hsize_t size = column->n_rows + n;
    if (H5Dset_extent(column->set, &size) < 0 || transfer(column, column->n_rows, n, NULL, data) < 0) {
        return fb_h5_failed(column->file, FB_ERROR_FILE, error, "cannot write", column->name);
    }
    column->n_rows += n;
    return FB_OK;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* The index of a text of `n` bytes among the names of a column, or -1. */
static int number_of(const fb_h5_column *column, const char *text, size_t n)
{
    for (int k = 0; k < column->n_names; k++) {
        if (strncmp(column->names[k], text, n) == 0 && column->names[k][n] == '\0') {
            return k;
        }
    }
    return -1;
}

static fb_status bad_text(const fb_h5_column *column, uint64_t row, const char *text, size_t n, fb_error *error)
{
    char names[256] = "";
    for (int k = 0; k < column->n_names; k++) {
        fb_text_append(names, sizeof names, k + 1 < column->n_names ? ", " : " or ", "%s", column->names[k]);
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ", dataset %s: '%.*s' is not %s", column->file->path, row,
                   column->name, n < 40 ? (int)n : 40, text, names);
}

/* Texts of fixed length end with zero bytes or blanks, or fill it. */
static size_t length_of(hid_t type, const char *text, size_t size)
{
    size_t n = strnlen(text, size);
    while (n > 0 && text[n - 1] == ' ' && H5Tget_strpad(type) == H5T_STR_SPACEPAD) {
        n--;
    }
    return n;
}

/* Rows [first, first + n) as indices of names. */
static fb_status read_texts(const fb_h5_column *column, uint64_t first, size_t n, uint8_t *out, fb_error *error)
{
    const bool is_variable = H5Tis_variable_str(column->memory_type) > 0;
    const size_t size = H5Tget_size(column->memory_type); /* of a pointer, if the length is variable */
    char *texts = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n, size, &texts, error));
    if (transfer(column, first, n, texts, NULL) < 0) {
        FB_TRY(fb_h5_failed(column->file, FB_ERROR_DATA, error, "cannot read", column->name));
    }
    for (size_t i = 0; i < n; i++) {
        char *text = is_variable ? ((char **)(void *)texts)[i] : texts + i * size;
        const size_t length = text == NULL  ? 0
                              : is_variable ? strlen(text)
                                            : length_of(column->memory_type, text, size);
        const int number = text == NULL ? -1 : number_of(column, text, length);
        out[i] = (uint8_t)number;
        if (number < 0 && status == FB_OK) {
            status = bad_text(column, first + i, text == NULL ? "" : text, length, error);
        }
        if (is_variable) {
            H5free_memory(text);
        }
    }
cleanup:
    free(texts);
    return status;
}

/* HDF5 maps the values of the file to ours by their names. */
static fb_status check_members(const fb_h5_column *column, hid_t type, fb_error *error)
{
    fb_status status = FB_OK;
    const int n_members = H5Tget_nmembers(type);
    for (int k = 0; k < n_members; k++) {
        char *member = H5Tget_member_name(type, (unsigned)k);
        if (number_of(column, member, strlen(member)) < 0) {
            status = fb_fail(error, FB_ERROR_DATA, "%s: dataset %s knows a value '%s', which is none of ours",
                             column->file->path, column->name, member);
        }
        H5free_memory(member);
    }
    return status;
}

/* Names are stored as an enumeration or as texts. */
static fb_status check_names(fb_h5_column *column, fb_error *error)
{
    hid_t type = H5Dget_type(column->set);
    fb_status status = FB_OK;
    switch (H5Tget_class(type)) {
    case H5T_ENUM:
        status = check_members(column, type, error);
        break;
    case H5T_STRING:
        column->is_text = true;
        H5Tclose(column->memory_type);
        column->memory_type = H5Tcopy(type);
        break;
    default:
        status = fb_fail(error, FB_ERROR_DATA,
                         "%s: dataset %s holds numbers, where names are expected: texts, or an enumeration of them",
                         column->file->path, column->name);
    }
    H5Tclose(type);
    return status;
}

/* Opens a dataset of `rank` dimensions, and gives its shape. */
static fb_status open_set(fb_h5 *file, const char *name, const char *const *names, int n_names, hid_t access, int rank,
                          size_t *shape, fb_h5_column **out, fb_error *error)
{
    fb_h5_column *column = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(new_column(file, name, names, n_names, &column, error));
    FB_TRY(fb_h5_array_open(file, name, access, &column->set, error));
    FB_TRY(fb_h5_array_shape_of(file, name, column->set, rank, shape, error));
    FB_TRY(names != NULL ? check_names(column, error) : fb_h5_array_require_numbers(file, name, column->set, error));
    column->n_rows = shape[0];
    *out = column;
    column = NULL;
cleanup:
    fb_h5_column_free(column);
    return status;
}

fb_status fb_h5_column_open(fb_h5 *file, const char *name, const char *const *names, int n_names, fb_h5_column **out,
                            fb_error *error)
{
    size_t n_rows = 0;
    return open_set(file, name, names, n_names, H5P_DEFAULT, 1, &n_rows, out, error);
}

fb_status fb_h5_column_open_matrix(fb_h5 *file, const char *name, size_t *width, fb_h5_column **out, fb_error *error)
{
    /* Chunks may be larger than the default cache of HDF5 (1 MiB), which would expand them again for every piece. */
    enum { SLOTS = 12421, BYTES = 32 << 20 };
    size_t shape[2] = {0, 0};
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, SLOTS, BYTES, 1.0);
    fb_status status = open_set(file, name, NULL, 0, access, 2, shape, out, error);
    H5Pclose(access);
    if (status == FB_OK && shape[1] == 0) {
        fb_h5_column_free(*out);
        *out = NULL;
        return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s has no columns", file->path, name);
    }
    if (status == FB_OK) {
        (*out)->width = *width = shape[1];
    }
    return status;
}

uint64_t fb_h5_column_rows(const fb_h5_column *column)
{
    return column->n_rows;
}

fb_status fb_h5_column_read(fb_h5_column *column, uint64_t first, size_t n, void *data, fb_error *error)
{
    enum { PIECE = 4096 }; /* texts may be long */
    fb_status status = FB_OK;
    for (size_t done = 0; column->is_text && done < n && status == FB_OK; done += PIECE) {
        status = read_texts(column, first + done, n - done < PIECE ? n - done : PIECE, (uint8_t *)data + done, error);
    }
    if (column->is_text) {
        return status;
    }
    if (n > 0 && transfer(column, first, n, data, NULL) < 0) {
        return fb_h5_failed(column->file, FB_ERROR_DATA, error, "cannot read", column->name);
    }
    return FB_OK;
}

void fb_h5_column_free(fb_h5_column *column)
{
    if (column == NULL) {
        return;
    }
    if (column->set >= 0 && H5Dclose(column->set) < 0) {
        column->file->broken = true;
        column->file->reason = fb_h5_reason_take();
    }
    H5Tclose(column->memory_type);
    free(column);
}
