/* The contents of an HDF5 file whose names are not known. */
#include "models/common/h5.h"
#include "models/common/h5_internal.h"

static void describe_array(hid_t set, fb_h5_object *object)
{
    hsize_t shape[H5S_MAX_RANK] = {0};
    hid_t space = H5Dget_space(set);
    hid_t type = H5Dget_type(set);
    object->is_array = true;
    object->rank = H5Sget_simple_extent_ndims(space);
    if (object->rank <= FB_H5_MAX_RANK && H5Sget_simple_extent_dims(space, shape, NULL) >= 0) {
        for (int k = 0; k < object->rank; k++) {
            object->shape[k] = shape[k];
        }
    }
    object->is_float = H5Tget_class(type) == H5T_FLOAT;
    object->is_integer = H5Tget_class(type) == H5T_INTEGER;
    object->is_structure = H5Tget_class(type) == H5T_COMPOUND;
    object->size = H5Tget_size(type);
    H5Tclose(type);
    H5Sclose(space);
}

fb_h5_object fb_h5_object_look(fb_h5 *file, const char *name)
{
    fb_h5_object object = {0};
    hid_t id = fb_h5_exists(file, name) ? H5Oopen(file->id, name, H5P_DEFAULT) : -1;
    if (id >= 0) {
        object.is_group = H5Iget_type(id) == H5I_GROUP;
        if (H5Iget_type(id) == H5I_DATASET) {
            describe_array(id, &object);
        }
        H5Oclose(id);
    }
    return object;
}

typedef struct walk {
    fb_h5 *file;
    fb_h5_visitor *visit;
    void *context;
    fb_error *error;
    fb_status status;
} walk;

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    walk *w = context;
    (void)group;
    (void)info;
    w->status = w->visit(w->context, w->file, name, w->error);
    return w->status == FB_OK ? 0 : 1;
}

fb_status fb_h5_object_each(fb_h5 *file, const char *group, fb_h5_visitor *visit, void *context, fb_error *error)
{
    walk w = {file, visit, context, error, FB_OK};
    /* Not sorted: for that HDF5 1.10 makes a table, and frees what it did not fill when the file is damaged. */
    if (H5Literate_by_name(file->id, group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, visit_link, &w, H5P_DEFAULT) < 0) {
        return fb_h5_failed(file, FB_ERROR_DATA, error, "cannot list", group);
    }
    return w.status;
}
