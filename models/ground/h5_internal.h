/* What the two files of the HDF5 wrapper share. */
#ifndef FB_GROUND_H5_INTERNAL_H
#define FB_GROUND_H5_INTERNAL_H

#include <hdf5.h>

#include "models/ground/h5.h"

struct fb_h5 {
    hid_t id;
    char *path;
    char *temporary; /* NULL: opened for reading, or committed */
    int broken;      /* a column could not be closed: on a full disk that is where it shows */
};

/* The type of elements in memory, and that in files. */
hid_t fb_h5_memory_type(fb_h5_type type);
hid_t fb_h5_file_type(fb_h5_type type);

/* Records "PATH: what: reason of HDF5". */
fb_status fb_h5_failed(const fb_h5 *file, fb_status status, fb_error *error, const char *what, const char *name);

/* What is wrong with how a dataset is stored, or NULL: to be asked before it is read. */
const char *fb_h5_check_storage(const fb_h5 *file, hid_t set);

#endif
