/* Files of NumPy's own, .npy: their header says which line of Python makes events of them.
 *
 * Source: the format of numpy.save, numpy.lib.format: the magic bytes, two bytes of version, the length of the header in
 * two (version 1) or four bytes, and a dictionary of Python with the keys descr, fortran_order and shape. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/events/column.h"
#include "holdout/formats/formats_internal.h"
#include "models/common/advice.h"
#include "models/common/path.h"

enum { HEADER_SIZE = 16384 };

#define TO_COLUMNS                                                                                                     \
    "f = h5py.File('converted.h5', 'w'); [f.create_dataset('events/' + k, data=a[k].astype('S') if a[k].dtype.kind "   \
    "in 'UO' else a[k]) for k in a.dtype.names]"

/* The dictionary; "" if there is none. */
static fb_status read_header(const char *path, char header[HEADER_SIZE], fb_error *error)
{
    unsigned char start[12] = {0};
    fb_status status = fb_path_check_ordinary(path, error);
    FILE *file = status == FB_OK ? fopen(path, "rb") : NULL;
    if (status != FB_OK) {
        return status;
    }
    if (file == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    const size_t n_start = fread(start, 1, 10, file);
    const bool is_short = start[6] < 2;
    if (n_start == 10 && !is_short) {
        fread(start + 10, 1, 2, file);
    }
    size_t n = start[8] + 256u * start[9] + 65536u * start[10];
    n = memcmp(start, "\x93NUMPY", 6) == 0 ? n : 0;
    n = fread(header, 1, n < HEADER_SIZE ? n : HEADER_SIZE - 1, file);
    header[n] = '\0';
    fclose(file);
    return FB_OK;
}

/* The number of dimensions, and the last one. */
static int read_shape(const char *header, unsigned long long *last)
{
    const char *at = strstr(header, "'shape': (");
    int rank = 0;
    for (at = at != NULL ? at + strlen("'shape': (") : ""; *at >= '0' && *at <= '9'; rank++) {
        char *end = NULL;
        *last = strtoull(at, &end, 10);
        at = end + strspn(end, ", ");
    }
    return rank;
}

fb_status fb_numpy_files_refuse(const char *path, fb_error *error)
{
    char header[HEADER_SIZE];
    unsigned long long last = 0;
    fb_status status = read_header(path, header, error);
    if (status != FB_OK) {
        return status;
    }
    const bool has_names = strstr(header, "'descr': [") != NULL, has_objects = strstr(header, "|O'") != NULL;
    const int rank = read_shape(header, &last);
    if (has_names) {
        return fb_advice_python(error, "is a structured array of NumPy",
                                has_objects ? "h5py, numpy; a = numpy.load(sys.argv[1], allow_pickle=True); " TO_COLUMNS
                                            : "h5py, numpy; a = numpy.load(sys.argv[1]); " TO_COLUMNS,
                                path, NULL);
    }
    if (header[0] == '\0') {
        return fb_fail(error, FB_ERROR_DATA, "%s: has the name of an array of NumPy, but is none", path);
    }
    if (has_objects || rank != 2 || (last != FB_N_FEATURES && last != FB_MATRIX_COLUMNS)) {
        return fb_fail(
            error, FB_ERROR_DATA,
            "%s: is an array of NumPy of %d dimensions%s with %llu columns; that of events has numbers alone, "
            "in 2 dimensions, with %d columns (data) or %d (with weight and class id); names of columns and "
            "texts are kept by a structured array, or by to_csv and to_parquet of pandas",
            path, rank, has_objects ? " that holds objects," : "", last, FB_N_FEATURES, FB_MATRIX_COLUMNS);
    }
    return fb_advice_python(error, "is an array of NumPy",
                            "h5py, numpy; h5py.File('converted.h5', 'w')['matrix'] = numpy.load(sys.argv[1])", path,
                            NULL);
}
