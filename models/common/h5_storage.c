/* Whether the storage of an array can be as the file describes it. libhdf5 1.10 does not check that and reads beyond
 * its buffers. */
#include <sys/stat.h>

#include "models/common/h5.h"
#include "models/common/h5_internal.h"

/* Bytes of all elements, or 0 if that is no number. */
static hsize_t bytes_of(hid_t set)
{
    hid_t space = H5Dget_space(set);
    hid_t type = H5Dget_type(set);
    const hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    const size_t size = type >= 0 ? H5Tget_size(type) : 0;
    H5Sclose(space);
    H5Tclose(type);
    return n < 0 || size == 0 || (hsize_t)n > UINT64_MAX / size ? 0 : (hsize_t)n * size;
}

static bool is_empty(hid_t set)
{
    hid_t space = H5Dget_space(set);
    const hssize_t n = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    return n == 0;
}

/* In one piece: all of it must be there, and lie inside the file. */
static const char *check_contiguous(const fb_h5 *file, hid_t set)
{
    struct stat facts;
    const hsize_t bytes = bytes_of(set), stored = H5Dget_storage_size(set);
    const haddr_t begin = H5Dget_offset(set);
    if (stored == 0) { /* nothing was written: fill values */
        return NULL;
    }
    if (bytes == 0 || stored < bytes) {
        return "fewer bytes are stored than its elements take";
    }
    return stat(file->path, &facts) != 0 || begin > (haddr_t)facts.st_size || stored > (haddr_t)facts.st_size - begin
               ? "its bytes go beyond the end of the file"
               : NULL;
}

/* The size of every chunk is recorded. With filters it cannot be compared; of very many chunks not all are checked,
 * because the time for chunk k grows with k. */
static bool chunks_have(hid_t set, hid_t properties, hsize_t bytes)
{
    enum { MOST_CHUNKS = 4096 };
    hsize_t n = 0, stored = 0, at[H5S_MAX_RANK];
    unsigned mask = 0;
    haddr_t address = HADDR_UNDEF;
    if (H5Pget_nfilters(properties) != 0) {
        return true;
    }
    hid_t space = H5Dget_space(set);
    bool fine = H5Dget_num_chunks(set, space, &n) >= 0;
    for (hsize_t k = 0; fine && k < n && k < MOST_CHUNKS; k++) {
        fine = H5Dget_chunk_info(set, space, k, at, &mask, &address, &stored) >= 0 && stored == bytes;
    }
    H5Sclose(space);
    return fine;
}

/* In chunks: of a size that libhdf5 can handle, and through filters that it has. */
static const char *check_chunked(hid_t set, hid_t properties)
{
    enum { MOST_BYTES = 1 << 30 };
    hsize_t shape[H5S_MAX_RANK];
    hid_t type = H5Dget_type(set);
    hsize_t bytes = H5Tget_size(type);
    H5Tclose(type);
    const int rank = H5Pget_chunk(properties, H5S_MAX_RANK, shape);
    for (int k = 0; k < rank; k++) {
        if (shape[k] == 0 || bytes == 0 || shape[k] > MOST_BYTES / bytes) {
            return "its chunks are empty or larger than 1 GB";
        }
        bytes *= shape[k];
    }
    if (rank < 1) {
        return "its chunks have no shape";
    }
    return chunks_have(set, properties, bytes) ? NULL : "its chunks are not of the size of their elements";
}

const char *fb_h5_storage_check(const fb_h5 *file, hid_t set)
{
    hid_t properties = H5Dget_create_plist(set);
    const char *wrong = "its storage is unknown";
    switch (properties >= 0 ? H5Pget_layout(properties) : H5D_LAYOUT_ERROR) {
    case H5D_CONTIGUOUS:
        wrong = H5Pget_external_count(properties) > 0 ? "it is stored in other files" : check_contiguous(file, set);
        break;
    case H5D_COMPACT:
        wrong = H5Dget_storage_size(set) < bytes_of(set) ? "fewer bytes are stored than its elements take" : NULL;
        break;
    case H5D_CHUNKED:
        wrong = check_chunked(set, properties);
        break;
    case H5D_VIRTUAL:
        wrong = "it is stored in other files";
        break;
    default:
        break;
    }
    H5Pclose(properties);
    H5Eclear2(H5E_DEFAULT);
    return is_empty(set) ? NULL : wrong;
}
