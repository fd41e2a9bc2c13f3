/* What the files of the HDF5 wrapper share. */
#ifndef FB_MODELS_COMMON_H5_INTERNAL_H
#define FB_MODELS_COMMON_H5_INTERNAL_H

#include <hdf5.h>

#include "models/common/h5.h"

struct fb_h5 {
    hid_t id;
    char *path;
    char *temporary; /* NULL: opened for reading, or committed */
    int broken;      /* a column could not be closed, as happens on a full disk */
};

/* Records "PATH: what: reason of HDF5". */
fb_status fb_h5_failed(const fb_h5 *file, fb_status status, fb_error *error, const char *what, const char *name);

/* What is wrong with how a dataset is stored, or NULL: to be called before it is read. */
const char *fb_h5_storage_check(const fb_h5 *file, hid_t set);

/* Opens a dataset that is stored in a way that can be read; its shape, which must have `rank` dimensions; whether it
 * holds numbers. */
fb_status fb_h5_array_open(fb_h5 *file, const char *name, hid_t access, hid_t *set, fb_error *error);
fb_status fb_h5_array_shape_of(fb_h5 *file, const char *name, hid_t set, int rank, size_t *dims, fb_error *error);
fb_status fb_h5_array_require_numbers(fb_h5 *file, const char *name, hid_t set, fb_error *error);

#endif
