/* HDF5 files in which Python's libraries put events in ways of their own: named, with a line of Python that makes events
 * of them. */
#include <stdio.h>
#include <string.h>

#include "holdout/formats/formats_internal.h"
#include "models/common/advice.h"

/* So deep, and so many names: a group may hold itself. */
enum { MOST_GROUPS = 8, MOST_NAMES = 10000, NAME_SIZE = 256 };

typedef struct place {
    const char *group; /* "" for the root */
    int depth;
    int *n_names; /* that were looked at */
} place;

/* "<kind> <name> <what>". */
static fb_status refuse(fb_h5 *file, const char *kind, const char *name, const char *what, const char *program,
                        fb_error *error)
{
    char text[NAME_SIZE + 128];
    snprintf(text, sizeof text, "%s %s %s", kind, name, what);
    return fb_advice_python(error, text, program, fb_h5_path(file), name);
}

static fb_status refuse_pandas(fb_h5 *file, const char *name, fb_error *error)
{
    return refuse(file, "group", name, "is a table that pandas wrote (to_hdf)",
                  "pandas; pandas.read_hdf(sys.argv[1], sys.argv[2]).to_csv('converted.csv', index=False)", error);
}

static fb_status refuse_structure(fb_h5 *file, const char *name, fb_error *error)
{
    return refuse(file, "dataset", name, "holds structures (a structured array of NumPy, or a table of PyTables)",
                  "h5py; a = h5py.File(sys.argv[1])[sys.argv[2]][()]; f = h5py.File('converted.h5', 'w'); "
                  "[f.create_dataset('events/' + k, data=a[k]) for k in a.dtype.names]",
                  error);
}

static fb_status refuse_columns(fb_h5 *file, const char *group, fb_error *error)
{
    return refuse(file, "group", group[0] != '\0' ? group : "/",
                  "holds the columns of events, which belong into /events",
                  "h5py; a = h5py.File(sys.argv[1])[sys.argv[2]]; f = h5py.File('converted.h5', 'w'); "
                  "[a.copy(k, f.require_group('events')) for k in a]",
                  error);
}

static fb_status refuse_matrix(fb_h5 *file, const char *name, fb_error *error)
{
    return refuse(file, "dataset", name, "is a matrix of events, which belongs into the root of a file",
                  "h5py; h5py.File('converted.h5', 'w')['matrix'] = h5py.File(sys.argv[1])[sys.argv[2]][()]", error);
}

static bool is_matrix(const fb_h5_object *object)
{
    return object->is_array && object->rank == 2 && object->is_float &&
           (object->shape[1] == FB_N_FEATURES || object->shape[1] == FB_MATRIX_COLUMNS);
}

/* One name of a group, and those in it if it is a group. */
static fb_status look(void *context, fb_h5 *file, const char *name, fb_error *error)
{
    const place *at = context;
    char path[NAME_SIZE];
    if (snprintf(path, sizeof path, "%s/%s", at->group, name) >= NAME_SIZE || ++*at->n_names > MOST_NAMES) {
        return FB_OK;
    }
    const fb_h5_object object = fb_h5_object_look(file, path);
    if (object.is_group && fb_h5_has_attribute(file, path, "pandas_type")) {
        return refuse_pandas(file, path, error);
    }
    if (object.is_array && object.is_structure) {
        return refuse_structure(file, path, error);
    }
    if (object.is_array && strcmp(name, fb_column_name(0)) == 0 && strcmp(at->group, "/events") != 0) {
        return refuse_columns(file, at->group, error);
    }
    if (is_matrix(&object) && at->depth > 0) {
        return refuse_matrix(file, path, error);
    }
    place within = {path, at->depth + 1, at->n_names};
    return object.is_group && at->depth < MOST_GROUPS ? fb_h5_object_each(file, path, look, &within, error) : FB_OK;
}

fb_status fb_python_tables_refuse(fb_h5 *file, fb_error *error)
{
    int n_names = 0;
    place root = {"", 0, &n_names};
    return fb_h5_object_each(file, "/", look, &root, error);
}
