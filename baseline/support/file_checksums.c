#include "baseline/support/file_checksums.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "holdout/events/checksum.h"
#include "models/common/interrupt.h"

static bool is_ordinary(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

static fb_status hash_file(const char *path, char text[FB_CHECKSUM_TEXT_SIZE], fb_error *error)
{
    char piece[65536];
    size_t n = 0;
    fb_hash *hash = NULL;
    FILE *file = fopen(path, "rb");
    fb_status status = FB_OK;
    if (file == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    FB_TRY(fb_hash_create(&hash, error));
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_hash_update(hash, piece, n, error));
    }
    if (ferror(file)) {
        FB_TRY(fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno)));
    }
    fb_checksum_text(hash, text);
cleanup:
    fclose(file);
    fb_hash_free(hash);
    return status;
}

fb_status fb_file_checksums_record(json_t *results, int n, const char *const *path, fb_error *error)
{
    char text[FB_CHECKSUM_TEXT_SIZE];
    json_t *files = json_array();
    fb_status status = FB_OK;
    for (int k = 0; k < n; k++) {
        if (is_ordinary(path[k])) {
            FB_TRY(hash_file(path[k], text, error));
            const char *slash = strrchr(path[k], '/');
            json_array_append_new(
                files, json_pack("{s:s,s:s}", "name", slash != NULL ? slash + 1 : path[k], "checksum", text));
        }
    }
    json_object_set(results, "files", files);
cleanup:
    json_decref(files);
    return status;
}
