#include "models/common/h5.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/common/h5_internal.h"
#include "models/common/memory.h"
#include "models/common/output.h"
#include "models/common/path.h"

fb_status fb_h5_failed(const fb_h5 *file, fb_status status, fb_error *error, const char *what, const char *name)
{
    const fb_h5_reason reason = fb_h5_reason_take();
    return fb_fail(error, fb_h5_reason_status(&reason, status), "%s: %s %s: %s", file->path, what, name, reason.text);
}

static void quiet(void)
{
    /* Errors come back as codes; HDF5 neither prints them nor cleans up at exit. The printing is a
     * setting of the thread. */
    H5dont_atexit();
    fb_h5_reason_watch();
}

/* How a file is accessed. The names under which files are written are known to this process alone, so nothing is lost
 * without a lock, and some network file systems have none. */
static hid_t access_properties(bool locking)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (!locking) {
        H5Pset_file_locking(access, false, true);
    }
    return access;
}

static hid_t open_to_read(const char *path, bool locking)
{
    hid_t access = access_properties(locking);
    hid_t id = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return id;
}

static fb_status new_file(const char *path, fb_h5 **out, fb_error *error)
{
    quiet();
    fb_status status = fb_memory_allocate(1, sizeof **out, out, error);
    if (status == FB_OK) {
        (*out)->id = H5I_INVALID_HID;
        (*out)->path = strdup(path);
        status = (*out)->path != NULL ? FB_OK : fb_fail(error, FB_ERROR_MEMORY, "out of memory");
    }
    return status;
}

fb_status fb_h5_create(const char *path, fb_h5 **out, fb_error *error)
{
    fb_h5 *file = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(new_file(path, &file, error));
    FB_TRY(fb_output_temporary_name(path, &file->temporary, error));
    /* Object headers of HDF5 1.8 have checksums, so that damage is noticed; no times, so that the same content makes
     * the same bytes. */
    hid_t access = access_properties(false), properties = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST);
    H5Pset_obj_track_times(properties, 0);
    file->id = H5Fcreate(file->temporary, H5F_ACC_TRUNC, properties, access);
    H5Pclose(properties);
    H5Pclose(access);
    if (file->id < 0) {
        const fb_h5_reason reason = fb_h5_reason_take();
        status =
            fb_fail(error, fb_h5_reason_status(&reason, FB_ERROR_FILE), "%s: cannot be written: %s", path, reason.text);
        goto cleanup;
    }
    *out = file;
    file = NULL;
cleanup:
    fb_h5_free(file);
    return status;
}

/* What is wrong with a file that HDF5 does not open. */
static fb_status not_opened(const char *path, bool is_empty, const fb_h5_reason *reason, fb_error *error)
{
    const fb_status status = fb_h5_reason_status(reason, FB_ERROR_DATA);
    if (reason->is_lock) {
        return fb_fail(error, FB_ERROR_FILE,
                       "%s: another program has it open for writing (a notebook, perhaps): close it there, or set the "
                       "environment variable HDF5_USE_FILE_LOCKING=FALSE to read what is on the disk (%s)",
                       path, reason->text);
    }
    if (strstr(reason->text, "already open") != NULL) { /* a mark in the file, which a killed program leaves behind */
        return fb_fail(error, FB_ERROR_FILE,
                       "%s: another program is writing it, or was killed while it did: close it there, or remove the "
                       "mark of it with 'h5clear -s FILE' (%s)",
                       path, reason->text);
    }
    if (status != FB_ERROR_DATA) {
        return fb_fail(error, status, "%s: cannot be read: %s", path, reason->text);
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: is not a whole HDF5 file (%s%s)", path,
                   is_empty ? "it is empty" : "another format, or damaged: ", is_empty ? "" : reason->text);
}

/* Where files cannot be locked at all, as on some network file systems, they are read without a lock; not so where
 * another program holds one: it may be writing. */
static hid_t open_and_lock(const char *path, fb_h5_reason *reason)
{
    hid_t id = open_to_read(path, true);
    *reason = fb_h5_reason_take();
    if (id < 0 && reason->is_lock && reason->error_number != EWOULDBLOCK) {
        id = open_to_read(path, false);
        *reason = fb_h5_reason_take();
    }
    return id;
}

fb_status fb_h5_open(const char *path, fb_h5 **out, fb_error *error)
{
    fb_h5 *file = NULL;
    fb_h5_reason reason;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_path_check_ordinary(path, error));
    if (access(path, R_OK) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    FB_TRY(new_file(path, &file, error));
    file->id = open_and_lock(path, &reason);
    if (file->id < 0) {
        struct stat facts;
        status = not_opened(path, stat(path, &facts) == 0 && facts.st_size == 0, &reason, error);
        goto cleanup;
    }
    *out = file;
    file = NULL;
cleanup:
    fb_h5_free(file);
    return status;
}

fb_status fb_h5_commit(fb_h5 *file, fb_error *error)
{
    /* On a full disk only the close fails, and even that may not be detected: open the file again. */
    fb_h5_reason reason = file->reason;
    bool is_whole = !file->broken && H5Fflush(file->id, H5F_SCOPE_GLOBAL) >= 0;
    is_whole = H5Fclose(file->id) >= 0 && is_whole;
    file->id = H5I_INVALID_HID;
    hid_t again = is_whole ? open_to_read(file->temporary, false) : H5I_INVALID_HID;
    if (again < 0 || H5Fclose(again) < 0) {
        reason = file->broken ? reason : fb_h5_reason_take();
        return fb_fail(error, fb_h5_reason_status(&reason, FB_ERROR_FILE), "%s: cannot be written: %s", file->path,
                       reason.text);
    }
    fb_status status = fb_output_rename(file->temporary, file->path, error);
    if (status == FB_OK) {
        free(file->temporary);
        file->temporary = NULL;
    }
    return status;
}

void fb_h5_free(fb_h5 *file)
{
    if (file == NULL) {
        return;
    }
    if (file->id >= 0) {
        H5Fclose(file->id);
    }
    if (file->temporary != NULL) {
        unlink(file->temporary);
    }
    free(file->temporary);
    free(file->path);
    free(file);
}

const char *fb_h5_path(const fb_h5 *file)
{
    return file->path;
}

bool fb_h5_exists(fb_h5 *file, const char *name)
{
    /* Every link of the path has to be checked: H5Lexists fails on a path whose parent is not there. */
    char part[256];
    if (name[0] == '\0') {
        return false; /* a damaged file can have such a link */
    }
    for (const char *slash = strchr(name + 1, '/');; slash = strchr(slash + 1, '/')) {
        size_t length = slash != NULL ? (size_t)(slash - name) : strlen(name);
        if (length >= sizeof part) {
            return false;
        }
        memcpy(part, name, length);
        part[length] = '\0';
        if (H5Lexists(file->id, part, H5P_DEFAULT) <= 0) {
            return false;
        }
        if (slash == NULL) {
            return true;
        }
    }
}

fb_status fb_h5_group(fb_h5 *file, const char *name, fb_error *error)
{
    hid_t properties = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(properties, 0);
    hid_t group = H5Gcreate2(file->id, name, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Pclose(properties);
    if (group < 0 || H5Gclose(group) < 0) {
        return fb_h5_failed(file, FB_ERROR_FILE, error, "cannot write group", name);
    }
    return FB_OK;
}

/* --- attributes --------------------------------------------------------------------------------------------------- */

static fb_status set_attribute(fb_h5 *file, const char *name, const char *attribute, hid_t file_type, hid_t memory_type,
                               const void *value, fb_error *error)
{
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t id = H5Acreate_by_name(file->id, name, attribute, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    herr_t written = id < 0 ? -1 : H5Awrite(id, memory_type, value);
    if (id >= 0 && H5Aclose(id) < 0) {
        written = -1;
    }
    H5Sclose(space);
    return written < 0 ? fb_h5_failed(file, FB_ERROR_FILE, error, "cannot write attribute", attribute) : FB_OK;
}

fb_status fb_h5_set_text(fb_h5 *file, const char *name, const char *attribute, const char *value, fb_error *error)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(value) + 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    fb_status status = set_attribute(file, name, attribute, type, type, value, error);
    H5Tclose(type);
    return status;
}

fb_status fb_h5_set_number(fb_h5 *file, const char *name, const char *attribute, double value, fb_error *error)
{
    return set_attribute(file, name, attribute, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, error);
}

fb_status fb_h5_set_integer(fb_h5 *file, const char *name, const char *attribute, int64_t value, fb_error *error)
{
    return set_attribute(file, name, attribute, H5T_STD_I64LE, H5T_NATIVE_INT64, &value, error);
}

bool fb_h5_has_attribute(fb_h5 *file, const char *name, const char *attribute)
{
    bool has = H5Aexists_by_name(file->id, name, attribute, H5P_DEFAULT) > 0;
    return has;
}

/* Text of any kind: this project writes UTF-8 of fixed length, h5py variable length, or ASCII. HDF5 converts neither
 * length nor character set, and would silently cut what does not fit. */
static herr_t read_text(hid_t id, hid_t type, char *value, size_t size)
{
    const bool variable = H5Tis_variable_str(type) > 0;
    const size_t most = H5Tget_strpad(type) == H5T_STR_NULLTERM ? size : size - 1;
    hid_t memory = H5Tcopy(H5T_C_S1);
    herr_t done = -1;
    H5Tset_cset(memory, H5Tget_cset(type));
    H5Tset_size(memory, variable ? H5T_VARIABLE : size);
    if (variable) {
        char *text = NULL;
        done = H5Aread(id, memory, &text);
        if (done >= 0 && text != NULL && strlen(text) < size) {
            strcpy(value, text);
        } else if (text != NULL) {
            done = -1;
        }
        H5free_memory(text);
    } else if (H5Tget_size(type) <= most) {
        done = H5Aread(id, memory, value);
    }
    H5Tclose(memory);
    return done;
}

/* A number may be stored as an integer. `size`: of a text; `wrong`: what is wrong with another type. */
static fb_status get_attribute(fb_h5 *file, const char *name, const char *attribute, H5T_class_t wanted, void *value,
                               size_t size, const char *wrong, fb_error *error)
{
    if (!fb_h5_has_attribute(file, name, attribute)) {
        return fb_fail(error, FB_ERROR_DATA, "%s: %s has no attribute '%s'", file->path, name, attribute);
    }
    fb_h5_reason_take();
    hid_t id = H5Aopen_by_name(file->id, name, attribute, H5P_DEFAULT, H5P_DEFAULT);
    if (id < 0) {
        return fb_h5_failed(file, FB_ERROR_DATA, error, "cannot open attribute", attribute);
    }
    hid_t type = H5Aget_type(id);
    hid_t space = H5Aget_space(id);
    const H5T_class_t class = H5Tget_class(type);
    herr_t done = -1;
    if (H5Sget_simple_extent_npoints(space) == 1 &&
        (class == wanted || (class == H5T_INTEGER && wanted == H5T_FLOAT))) {
        done = wanted == H5T_STRING ? read_text(id, type, value, size)
                                    : H5Aread(id, wanted == H5T_FLOAT ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64, value);
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(id);
    const fb_h5_reason reason = fb_h5_reason_take();
    if (done < 0) {
        return fb_fail(error, fb_h5_reason_status(&reason, FB_ERROR_DATA), "%s: attribute '%s' of %s %s", file->path,
                       attribute, name, reason.is_given ? reason.text : wrong);
    }
    return FB_OK;
}

fb_status fb_h5_get_text(fb_h5 *file, const char *name, const char *attribute, char *value, size_t size,
                         fb_error *error)
{
    char wrong[64];
    snprintf(wrong, sizeof wrong, "is not one text of up to %zu characters", size - 1);
    memset(value, 0, size);
    return get_attribute(file, name, attribute, H5T_STRING, value, size, wrong, error);
}

fb_status fb_h5_get_number(fb_h5 *file, const char *name, const char *attribute, double *value, fb_error *error)
{
    return get_attribute(file, name, attribute, H5T_FLOAT, value, 0, "has the wrong type", error);
}

fb_status fb_h5_get_integer(fb_h5 *file, const char *name, const char *attribute, int64_t *value, fb_error *error)
{
    return get_attribute(file, name, attribute, H5T_INTEGER, value, 0, "has the wrong type", error);
}
