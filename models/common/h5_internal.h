/* What the files of the HDF5 wrapper share. */
#ifndef FB_MODELS_COMMON_H5_INTERNAL_H
#define FB_MODELS_COMMON_H5_INTERNAL_H

#include <hdf5.h>

#include "models/common/h5.h"

/* Why the last call that failed in this thread did (h5_reason.c). */
typedef struct fb_h5_reason {
    bool is_given;    /* a call failed since the last one was taken */
    char text[256];   /* of the operating system, if HDF5 passes one on; else HDF5's own */
    int error_number; /* errno, or 0 */
    bool is_lock;     /* the file could not be locked */
    bool is_memory;
} fb_h5_reason;

/* From here on the reasons of this thread are kept, and HDF5 prints none. */
void fb_h5_reason_watch(void);
/* The last one, which is forgotten then. */
fb_h5_reason fb_h5_reason_take(void);
/* The status that follows from a reason; `otherwise` if it is not the memory or the operating system. */
fb_status fb_h5_reason_status(const fb_h5_reason *reason, fb_status otherwise);

struct fb_h5 {
    hid_t id;
    char *path;
    char *temporary;     /* NULL: opened for reading, or committed */
    bool broken;         /* a column could not be closed, as happens on a full disk */
    fb_h5_reason reason; /* of that */
};

/* Records "PATH: what name: reason of HDF5". */
fb_status fb_h5_failed(const fb_h5 *file, fb_status status, fb_error *error, const char *what, const char *name);

/* FB_ERROR_DATA when a dataset is stored in a way that cannot be read, or not all of it is there: to be called before
 * it is read. */
fb_status fb_h5_storage_check(const fb_h5 *file, const char *name, hid_t set, fb_error *error);

/* Opens a dataset that is stored in a way that can be read; its shape, which must have `rank` dimensions; whether it
 * holds numbers. */
fb_status fb_h5_array_open(fb_h5 *file, const char *name, hid_t access, hid_t *set, fb_error *error);
fb_status fb_h5_array_shape_of(fb_h5 *file, const char *name, hid_t set, int rank, size_t *dims, fb_error *error);
fb_status fb_h5_array_require_numbers(fb_h5 *file, const char *name, hid_t set, fb_error *error);

#endif
