/* Columns of HDF5 files, written and read by pieces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/h5.h"
#include "models/common/h5_internal.h"
#include "models/common/memory.h"

struct fb_h5_column {
    fb_h5 *file;
    hid_t set;
    hid_t memory_type;
    uint64_t n_rows;
    size_t width; /* 0: 1-D; else the numbers in a row of a matrix */
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
        (*out)->memory_type = type_of(names, n_names);
        snprintf((*out)->name, sizeof(*out)->name, "%s", name);
    }
    return status;
}

fb_status fb_h5_column_create(fb_h5 *file, const char *name, int gzip, const char *const *names, int n_names,
                              fb_h5_column **out, fb_error *error)
{
    fb_h5_column *column = NULL;
    const hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = FB_H5_CHUNK_ROWS;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(new_column(file, name, names, n_names, &column, error));
    hid_t space = H5Screate_simple(1, &none, &unlimited);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(properties, 0);
    H5Pset_chunk(properties, 1, &chunk);
    if (gzip > 0) {
        /* No shuffle: it makes columns of three decimals larger. */
        H5Pset_deflate(properties, (unsigned)gzip);
    }
    column->set = H5Dcreate2(file->id, name, names != NULL ? column->memory_type : H5T_IEEE_F32LE, space, H5P_DEFAULT,
                             properties, H5P_DEFAULT);
    H5Pclose(properties);
    H5Sclose(space);
    if (column->set < 0) {
        status = fb_h5_failed(file, FB_ERROR_FILE, error, "cannot write", name);
        goto cleanup;
    }
    *out = column;
    column = NULL;
cleanup:
    fb_h5_column_free(column);
    return status;
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

/* HDF5 maps the values of the file to ours by their names. */
static fb_status check_enumeration(fb_h5_column *column, const char *const *names, int n_names, fb_error *error)
{
    hid_t type = H5Dget_type(column->set);
    fb_status status = FB_OK;
    if (H5Tget_class(type) != H5T_ENUM) {
        status =
            fb_fail(error, FB_ERROR_DATA, "%s: dataset %s is not an enumeration", column->file->path, column->name);
        goto cleanup;
    }
    int n_members = H5Tget_nmembers(type);
    for (int k = 0; k < n_members; k++) {
        char *member = H5Tget_member_name(type, (unsigned)k);
        int known = 0;
        for (int j = 0; j < n_names; j++) {
            known |= strcmp(member, names[j]) == 0;
        }
        if (!known) {
            status = fb_fail(error, FB_ERROR_DATA, "%s: dataset %s knows a value '%s', which is none of ours",
                             column->file->path, column->name, member);
        }
        H5free_memory(member);
    }
cleanup:
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
    FB_TRY(names != NULL ? check_enumeration(column, names, n_names, error)
                         : fb_h5_array_require_numbers(file, name, column->set, error));
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
