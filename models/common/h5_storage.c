/* Whether the storage of an array can be as the file describes it. libhdf5 1.10 does not check that and reads beyond
 * its buffers. */
#include <inttypes.h>
#include <stdio.h>
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

static fb_status fail(const fb_h5 *file, const char *name, const char *wrong, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: dataset %s: %s", file->path, name, wrong);
}

/* In one piece: all of it must be there, and lie inside the file. */
static const char *check_contiguous(const fb_h5 *file, hid_t set)
{
    struct stat facts;
    const hsize_t bytes = bytes_of(set), stored = H5Dget_storage_size(set);
    const haddr_t begin = H5Dget_offset(set);
    if (stored == 0) {
        return "it was never written: the program that wrote the file stopped early, or has not finished";
    }
    if (bytes == 0 || stored < bytes) {
        return "fewer bytes are stored than its elements take";
    }
    return stat(file->path, &facts) != 0 || begin > (haddr_t)facts.st_size || stored > (haddr_t)facts.st_size - begin
               ? "its bytes go beyond the end of the file"
               : NULL;
}

/* --- in chunks ---------------------------------------------------------------------------------------------------- */

typedef struct chunks {
    hid_t set, properties, space;
    int rank;
    hsize_t shape[H5S_MAX_RANK];  /* of the array */
    hsize_t length[H5S_MAX_RANK]; /* of a chunk, elements */
    hsize_t bytes;                /* of a chunk */
    hsize_t n, n_expected;        /* chunks that are in the file; all of them */
} chunks;

/* NULL, or what cannot be. */
static const char *measure_chunks(chunks *c)
{
    enum { MOST_BYTES = 1 << 30 };
    hid_t type = H5Dget_type(c->set);
    c->bytes = H5Tget_size(type);
    H5Tclose(type);
    c->rank = H5Pget_chunk(c->properties, H5S_MAX_RANK, c->length);
    if (c->rank < 1 || c->rank != H5Sget_simple_extent_dims(c->space, c->shape, NULL)) {
        return "its chunks have no shape";
    }
    c->n_expected = 1;
    for (int k = 0; k < c->rank; k++) {
        if (c->length[k] == 0 || c->bytes == 0 || c->length[k] > MOST_BYTES / c->bytes) {
            return "its chunks are empty or larger than 1 GB";
        }
        c->bytes *= c->length[k];
        const hsize_t along = c->shape[k] / c->length[k] + (c->shape[k] % c->length[k] != 0);
        c->n_expected = along != 0 && c->n_expected > UINT64_MAX / along ? UINT64_MAX : c->n_expected * along;
    }
    return H5Dget_num_chunks(c->set, c->space, &c->n) < 0 ? "its chunks cannot be counted" : NULL;
}

/* Of very many chunks not all are looked at, because the time for chunk k grows with k. */
enum { MOST_CHUNKS = 4096 };

/* The size of every chunk is recorded. With filters it cannot be compared. */
static bool chunks_have_their_size(const chunks *c)
{
    hsize_t stored = 0, at[H5S_MAX_RANK];
    unsigned mask = 0;
    haddr_t address = HADDR_UNDEF;
    bool fine = true;
    for (hsize_t k = 0; fine && k < c->n && k < MOST_CHUNKS && H5Pget_nfilters(c->properties) == 0; k++) {
        fine = H5Dget_chunk_info(c->set, c->space, k, at, &mask, &address, &stored) >= 0 && stored == c->bytes;
    }
    return fine;
}

/* The first row of the array that is not in the file, or UINT64_MAX if it is not among the first chunks. */
static hsize_t first_missing_row(const chunks *c)
{
    hsize_t at[H5S_MAX_RANK] = {0};
    for (int looked = 0; looked < MOST_CHUNKS && at[0] < c->shape[0]; looked++) {
        unsigned mask = 0;
        haddr_t address = HADDR_UNDEF;
        hsize_t stored = 0;
        if (H5Dget_chunk_info_by_coord(c->set, at, &mask, &address, &stored) < 0 || address == HADDR_UNDEF) {
            return at[0];
        }
        int k = c->rank - 1;
        for (at[k] += c->length[k]; k > 0 && at[k] >= c->shape[k]; at[k] += c->length[k]) {
            at[k--] = 0;
        }
    }
    return UINT64_MAX;
}

/* Rows that were never written read as zeros, which look like events. */
static fb_status check_written(const fb_h5 *file, const char *name, const chunks *c, fb_error *error)
{
    char where[64] = "";
    if (c->n >= c->n_expected) {
        return FB_OK;
    }
    const hsize_t row = first_missing_row(c);
    if (row != UINT64_MAX) {
        snprintf(where, sizeof where, ", the first from row %" PRIu64 " on", (uint64_t)row);
    }
    return fb_fail(error, FB_ERROR_DATA,
                   "%s: dataset %s: of its %" PRIu64 " chunks of %" PRIu64 " rows %" PRIu64
                   " were never written%s: the program that wrote it stopped early, or has not finished",
                   file->path, name, (uint64_t)c->n_expected, (uint64_t)c->length[0], (uint64_t)(c->n_expected - c->n),
                   where);
}

/* What a filter is called, if the file does not say. */
static const char *filter_name(H5Z_filter_t number)
{
    static const struct {
        H5Z_filter_t number;
        const char *name;
    } known[] = {{H5Z_FILTER_SZIP, "szip"}, {307, "bzip2"}, {32000, "lzf"},  {32001, "blosc"}, {32004, "lz4"},
                 {32008, "bitshuffle"},     {32013, "zfp"}, {32015, "zstd"}, {32026, "blosc2"}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (known[k].number == number) {
            return known[k].name;
        }
    }
    return "without a name";
}

static fb_status check_filters(const fb_h5 *file, const char *name, const chunks *c, fb_error *error)
{
    const int n = H5Pget_nfilters(c->properties);
    for (int k = 0; k < n; k++) {
        char filter[64] = "";
        size_t n_values = 0;
        unsigned flags = 0, facts = 0;
        const H5Z_filter_t number =
            H5Pget_filter2(c->properties, (unsigned)k, &flags, &n_values, NULL, sizeof filter, filter, &facts);
        if (number >= 0 && H5Zfilter_avail(number) <= 0) {
            return fb_fail(error, FB_ERROR_DATA,
                           "%s: dataset %s is compressed with the filter '%s' (number %d), which HDF5 does not have "
                           "here: install its plugin (HDF5_PLUGIN_PATH says where), or write the file again with "
                           "compression=\"gzip\"",
                           file->path, name, filter[0] != '\0' ? filter : filter_name(number), (int)number);
        }
    }
    return FB_OK;
}

/* Of a size that libhdf5 can handle, all of them there, and through filters that it has. */
static fb_status check_chunked(const fb_h5 *file, const char *name, hid_t set, hid_t properties, fb_error *error)
{
    chunks c = {.set = set, .properties = properties, .space = H5Dget_space(set)};
    const char *wrong = measure_chunks(&c);
    fb_status status = FB_OK;
    FB_TRY(wrong != NULL ? fail(file, name, wrong, error) : FB_OK);
    FB_TRY(check_filters(file, name, &c, error));
    FB_TRY(check_written(file, name, &c, error));
    if (!chunks_have_their_size(&c)) {
        status = fail(file, name, "its chunks are not of the size of their elements", error);
    }
cleanup:
    H5Sclose(c.space);
    return status;
}

/* --- all layouts -------------------------------------------------------------------------------------------------- */

fb_status fb_h5_storage_check(const fb_h5 *file, const char *name, hid_t set, fb_error *error)
{
    hid_t properties = H5Dget_create_plist(set);
    const H5D_layout_t layout = properties >= 0 ? H5Pget_layout(properties) : H5D_LAYOUT_ERROR;
    const char *wrong = NULL;
    fb_status status = FB_OK;
    if (is_empty(set)) {
        goto cleanup;
    }
    switch (layout) {
    case H5D_CONTIGUOUS:
        wrong = H5Pget_external_count(properties) > 0 ? "it is stored in other files" : check_contiguous(file, set);
        break;
    case H5D_COMPACT:
        wrong = H5Dget_storage_size(set) < bytes_of(set) ? "fewer bytes are stored than its elements take" : NULL;
        break;
    case H5D_CHUNKED:
        status = check_chunked(file, name, set, properties, error);
        break;
    default:
        wrong = layout == H5D_VIRTUAL ? "it is stored in other files" : "its storage is unknown";
        break;
    }
    if (wrong != NULL) {
        status = fail(file, name, wrong, error);
    }
cleanup:
    H5Pclose(properties);
    return status;
}
