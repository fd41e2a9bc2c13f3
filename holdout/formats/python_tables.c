/* Tables that Python's libraries write in ways of their own: named, with a line of Python that makes events of them. */
#include <stdio.h>

#include "holdout/formats/formats_internal.h"

static fb_status refuse_pandas(fb_h5 *file, const char *name, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA,
                   "%s: %s is a table that pandas wrote (to_hdf); convert it: python3 -c \"import pandas; "
                   "pandas.read_hdf('%s', '%s').to_csv('converted.csv', index=False)\"",
                   fb_h5_path(file), name, fb_h5_path(file), name);
}

static fb_status refuse_structure(fb_h5 *file, const char *name, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA,
                   "%s: dataset %s holds structures (a structured array of NumPy, or a table of PyTables); convert it: "
                   "python3 -c \"import h5py; a = h5py.File('%s')['%s'][()]; f = h5py.File('converted.h5', 'w'); "
                   "[f.create_dataset('events/' + k, data=a[k]) for k in a.dtype.names]\"",
                   fb_h5_path(file), name, fb_h5_path(file), name);
}

/* The names in the root, and those in its groups. */
static fb_status look(void *group, fb_h5 *file, const char *name, fb_error *error)
{
    char path[256];
    const char *parent = group;
    if (snprintf(path, sizeof path, "%s/%s", parent, name) >= (int)sizeof path) {
        return FB_OK;
    }
    const fb_h5_object object = fb_h5_object_look(file, path);
    if (object.is_group && fb_h5_has_attribute(file, path, "pandas_type")) {
        return refuse_pandas(file, path, error);
    }
    if (object.is_array && object.is_structure) {
        return refuse_structure(file, path, error);
    }
    return object.is_group && parent[0] == '\0' ? fb_h5_object_each(file, path, look, path, error) : FB_OK;
}

fb_status fb_python_tables_refuse(fb_h5 *file, fb_error *error)
{
    char root[] = "";
    return fb_h5_object_each(file, "/", look, root, error);
}

fb_status fb_python_tables_refuse_npy(const char *path, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA,
                   "%s: is an array of NumPy; make HDF5 of it, of a structured array a dataset for each of its fields: "
                   "python3 -c \"import h5py, numpy; a = numpy.load('%s'); f = h5py.File('converted.h5', 'w'); "
                   "[f.create_dataset('events/' + k, data=a[k].astype('S') if a[k].dtype.kind == 'U' else a[k]) for k "
                   "in a.dtype.names] if a.dtype.names else f.create_dataset('matrix', data=a)\"",
                   path, path);
}
