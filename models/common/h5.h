/** \file h5.h
 * What the project does with HDF5 files, with its error handling: groups, arrays, growing columns, attributes.
 *
 * A file is written under a temporary name; fb_h5_commit closes it, opens it again to see that it is whole, and renames
 * it. Files do not record times, so the same contents give the same bytes. Use one file from one thread at a time.
 */
#ifndef FB_MODELS_COMMON_H5_H
#define FB_MODELS_COMMON_H5_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

typedef struct fb_h5 fb_h5;
typedef struct fb_h5_column fb_h5_column;

/** Types of the elements of an array. In files: little-endian. */
typedef enum fb_h5_type { FB_H5_F32, FB_H5_F64, FB_H5_U8, FB_H5_I32, FB_H5_I64 } fb_h5_type;

enum { FB_H5_MAX_RANK = 4, FB_H5_CHUNK_ROWS = 65536 };

/** Starts a file that will be called `path`. */
fb_status fb_h5_create(const char *path, fb_h5 **out, fb_error *error) FB_MUST_USE;
/** Opens a file for reading. FB_ERROR_FILE: not there or not readable; FB_ERROR_DATA: not an HDF5 file. */
fb_status fb_h5_open(const char *path, fb_h5 **out, fb_error *error) FB_MUST_USE;
/** Finishes a created file. FB_ERROR_FILE when anything did not reach the disk; no file is left then. */
fb_status fb_h5_commit(fb_h5 *file, fb_error *error) FB_MUST_USE;
/** Closes; discards a created file that was not committed. May be NULL. */
void fb_h5_free(fb_h5 *file);
/** The path given at create or open; owned by the file. */
const char *fb_h5_path(const fb_h5 *file);
/** Whether an object of that name exists. */
bool fb_h5_exists(fb_h5 *file, const char *name);

/** What a name in a file refers to. */
typedef struct fb_h5_object {
    bool is_group, is_array;        ///< neither: it does not exist, or cannot be opened
    int rank;                       ///< of an array
    uint64_t shape[FB_H5_MAX_RANK]; ///< of an array of at most that rank
    bool is_float, is_integer;      ///< its elements; neither: texts and others
    bool is_structure;              ///< its elements: a structured array of NumPy, a table of PyTables
    size_t size;                    ///< of an element, bytes
} fb_h5_object;
fb_h5_object fb_h5_object_look(fb_h5 *file, const char *name);

/** Called for one name in a group; any status but FB_OK ends the iteration. */
typedef fb_status fb_h5_visitor(void *context, fb_h5 *file, const char *name, fb_error *error);
/** Visits the names directly in `group`, in the order of the file. */
fb_status fb_h5_object_each(fb_h5 *file, const char *group, fb_h5_visitor *visit, void *context,
                            fb_error *error) FB_MUST_USE;

fb_status fb_h5_group(fb_h5 *file, const char *name, fb_error *error) FB_MUST_USE;

/** Writes an array of shape `dims` [rank] (last fastest) in one go. `type` is that of `data` and of the file. */
fb_status fb_h5_array_write(fb_h5 *file, const char *name, fb_h5_type type, int rank, const size_t *dims,
                            const void *data, fb_error *error) FB_MUST_USE;
/** Reads an array whose shape must be exactly `dims`; elements are converted to `type`. */
fb_status fb_h5_array_read(fb_h5 *file, const char *name, fb_h5_type type, int rank, const size_t *dims, void *data,
                           fb_error *error) FB_MUST_USE;
/** The shape of an array, which must have `rank` dimensions. */
fb_status fb_h5_array_shape(fb_h5 *file, const char *name, int rank, size_t *dims, fb_error *error) FB_MUST_USE;

/** A new 1-D column of float32 that grows, in chunks of FB_H5_CHUNK_ROWS; or, with `names` [n_names], one of bytes with
 * the values 0 .. n_names - 1 and their names. `gzip` 0 (no filter) .. 9. Close it before the file with
 * fb_h5_column_free. */
fb_status fb_h5_column_create(fb_h5 *file, const char *name, int gzip, const char *const *names, int n_names,
                              fb_h5_column **out, fb_error *error) FB_MUST_USE;
/** One of int64; such a column is read as float32, too. */
fb_status fb_h5_column_create_integers(fb_h5 *file, const char *name, int gzip, fb_h5_column **out,
                                       fb_error *error) FB_MUST_USE;
fb_status fb_h5_column_append(fb_h5_column *column, size_t n, const void *data, fb_error *error) FB_MUST_USE;
/** Opens a 1-D array for reading by pieces. Any array of numbers or truth values can be read as float32. With `names`,
 * which are borrowed, it must be an enumeration whose members have them, or texts that are one of them each; values
 * come as uint8 indices into `names`. */
fb_status fb_h5_column_open(fb_h5 *file, const char *name, const char *const *names, int n_names, fb_h5_column **out,
                            fb_error *error) FB_MUST_USE;
/** Opens a 2-D array of numbers for reading by pieces of whole rows, as float32: an "element" of this column is a row
 * of `*width` numbers. */
fb_status fb_h5_column_open_matrix(fb_h5 *file, const char *name, size_t *width, fb_h5_column **out,
                                   fb_error *error) FB_MUST_USE;
uint64_t fb_h5_column_rows(const fb_h5_column *column);
/** Reads rows [first, first + n), which must exist. */
fb_status fb_h5_column_read(fb_h5_column *column, uint64_t first, size_t n, void *data, fb_error *error) FB_MUST_USE;
void fb_h5_column_free(fb_h5_column *column);

/** Attributes of the object `name` ("/" is the file). Reading one that is not there is FB_ERROR_DATA; text that does
 * not fit into `size` bytes too. */
fb_status fb_h5_set_text(fb_h5 *file, const char *name, const char *attribute, const char *value,
                         fb_error *error) FB_MUST_USE;
fb_status fb_h5_set_number(fb_h5 *file, const char *name, const char *attribute, double value,
                           fb_error *error) FB_MUST_USE;
fb_status fb_h5_set_integer(fb_h5 *file, const char *name, const char *attribute, int64_t value,
                            fb_error *error) FB_MUST_USE;
bool fb_h5_has_attribute(fb_h5 *file, const char *name, const char *attribute);
fb_status fb_h5_get_text(fb_h5 *file, const char *name, const char *attribute, char *value, size_t size,
                         fb_error *error) FB_MUST_USE;
fb_status fb_h5_get_number(fb_h5 *file, const char *name, const char *attribute, double *value,
                           fb_error *error) FB_MUST_USE;
fb_status fb_h5_get_integer(fb_h5 *file, const char *name, const char *attribute, int64_t *value,
                            fb_error *error) FB_MUST_USE;

#endif
