/* Whole arrays of HDF5 files. */

#include "models/common/h5.h"
#include "models/common/h5_internal.h"

static hid_t memory_type(fb_h5_type type)
{
    const hid_t types[] = {[FB_H5_F32] = H5T_NATIVE_FLOAT,
                           [FB_H5_F64] = H5T_NATIVE_DOUBLE,
                           [FB_H5_U8] = H5T_NATIVE_UINT8,
                           [FB_H5_I32] = H5T_NATIVE_INT32,
                           [FB_H5_I64] = H5T_NATIVE_INT64};
    return types[type];
}

static hid_t file_type(fb_h5_type type)
{
    const hid_t types[] = {[FB_H5_F32] = H5T_IEEE_F32LE,
                           [FB_H5_F64] = H5T_IEEE_F64LE,
                           [FB_H5_U8] = H5T_STD_U8LE,
                           [FB_H5_I32] = H5T_STD_I32LE,
                           [FB_H5_I64] = H5T_STD_I64LE};
    return types[type];
}

fb_status fb_h5_array_write(fb_h5 *file, const char *name, fb_h5_type type, int rank, const size_t *dims,
                            const void *data, fb_error *error)
{
    hsize_t shape[FB_H5_MAX_RANK] = {0};
    size_t n = 1;
    for (int k = 0; k < rank; k++) {
        shape[k] = dims[k];
        n *= dims[k];
    }
    hid_t space = H5Screate_simple(rank, shape, NULL);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(properties, 0);
    hid_t set = H5Dcreate2(file->id, name, file_type(type), space, H5P_DEFAULT, properties, H5P_DEFAULT);
    herr_t done = set < 0 ? -1 : 0;
    if (set >= 0 && n > 0) {
        done = H5Dwrite(set, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    }
    if (set >= 0 && H5Dclose(set) < 0) {
        done = -1;
    }
    H5Pclose(properties);
    H5Sclose(space);
    return done < 0 ? fb_h5_failed(file, FB_ERROR_FILE, error, "cannot write", name) : FB_OK;
}

fb_status fb_h5_array_open(fb_h5 *file, const char *name, hid_t access, hid_t *set, fb_error *error)
{
    *set = H5I_INVALID_HID;
    if (!fb_h5_exists(file, name)) {
        return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s is missing", file->path, name);
    }
    *set = H5Dopen2(file->id, name, access);
    if (*set < 0) {
        return fb_h5_failed(file, FB_ERROR_DATA, error, "cannot open dataset", name);
    }
    fb_status status = fb_h5_storage_check(file, name, *set, error);
    if (status != FB_OK) {
        H5Dclose(*set);
        *set = H5I_INVALID_HID;
    }
    return status;
}

fb_status fb_h5_array_shape_of(fb_h5 *file, const char *name, hid_t set, int rank, size_t *dims, fb_error *error)
{
    hsize_t shape[H5S_MAX_RANK];
    hid_t space = H5Dget_space(set);
    int found = H5Sget_simple_extent_ndims(space);
    if (found == rank) {
        H5Sget_simple_extent_dims(space, shape, NULL);
        for (int k = 0; k < rank; k++) {
            dims[k] = (size_t)shape[k];
        }
    }
    H5Sclose(space);
    if (found != rank) {
        return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s has %d dimensions, expected %d", file->path, name, found,
                       rank);
    }
    return FB_OK;
}

fb_status fb_h5_array_shape(fb_h5 *file, const char *name, int rank, size_t *dims, fb_error *error)
{
    hid_t set;
    fb_status status = fb_h5_array_open(file, name, H5P_DEFAULT, &set, error);
    if (status == FB_OK) {
        status = fb_h5_array_shape_of(file, name, set, rank, dims, error);
        H5Dclose(set);
    }
    return status;
}

/* What h5py makes of truth values. */
static bool is_boolean(hid_t type)
{
    uint8_t value = 0;
    return H5Tget_class(type) == H5T_ENUM && H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1 &&
           H5Tenum_valueof(type, "FALSE", &value) >= 0 && value == 0 && H5Tenum_valueof(type, "TRUE", &value) >= 0 &&
           value == 1;
}

fb_status fb_h5_array_require_numbers(fb_h5 *file, const char *name, hid_t set, fb_error *error)
{
    hid_t type = H5Dget_type(set);
    const H5T_class_t class = H5Tget_class(type);
    const bool is_number = class == H5T_INTEGER || class == H5T_FLOAT || is_boolean(type);
    H5Tclose(type);
    if (!is_number) {
        return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s holds %s, where numbers are expected", file->path, name,
                       class == H5T_STRING     ? "texts"
                       : class == H5T_COMPOUND ? "structures"
                                               : "something else");
    }
    return FB_OK;
}

fb_status fb_h5_array_read(fb_h5 *file, const char *name, fb_h5_type type, int rank, const size_t *dims, void *data,
                           fb_error *error)
{
    hid_t set;
    size_t found[FB_H5_MAX_RANK] = {0};
    fb_status status = fb_h5_array_open(file, name, H5P_DEFAULT, &set, error);
    if (status != FB_OK) {
        return status;
    }
    FB_TRY(fb_h5_array_require_numbers(file, name, set, error));
    FB_TRY(fb_h5_array_shape_of(file, name, set, rank, found, error));
    for (int k = 0; k < rank; k++) {
        if (found[k] != dims[k]) {
            status = fb_fail(error, FB_ERROR_DATA, "%s: dataset %s has length %zu in dimension %d, expected %zu",
                             file->path, name, found[k], k, dims[k]);
            goto cleanup;
        }
    }
    if (H5Dread(set, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
        status = fb_h5_failed(file, FB_ERROR_DATA, error, "cannot read", name);
    }
cleanup:
    H5Dclose(set);
    return status;
}
