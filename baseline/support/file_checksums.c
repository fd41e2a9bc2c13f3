#include "baseline/support/file_checksums.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "holdout/events/checksum.h"
#include "models/common/interrupt.h"
#include "models/common/path.h"

static fb_status add_file(fb_hash *hash, const char *path, fb_error *error)
{
    char piece[65536];
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    fb_status status = FB_OK;
    if (file == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_hash_update(hash, piece, n, error));
    }
    if (ferror(file)) {
        FB_TRY(fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno)));
    }
cleanup:
    fclose(file);
    return status;
}

/* Whether a file of a folder is one of those that are read. */
static int is_read(const struct dirent *entry)
{
    static const char *const patterns[] = {"result_*.json", "test_settings.json", "experiments.jsonl",
                                           "[!_.]*.parquet"};
    for (size_t k = 0; k < sizeof patterns / sizeof patterns[0]; k++) {
        if (fnmatch(patterns[k], entry->d_name, 0) == 0) {
            return 1;
        }
    }
    return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static fb_status add_folder(fb_hash *hash, const char *folder, int *n_files, fb_error *error)
{
    struct dirent **entries = NULL;
    char path[FB_PATH_SIZE];
    const int n = scandir(folder, &entries, is_read, by_name);
    fb_status status =
        n >= 0 ? FB_OK : fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", folder, strerror(errno));
    for (int k = 0; k < n && status == FB_OK; k++) {
        FB_TRY(fb_path_in(folder, entries[k]->d_name, path, error));
        FB_TRY(fb_hash_update(hash, entries[k]->d_name, strlen(entries[k]->d_name) + 1, error));
        FB_TRY(add_file(hash, path, error));
    }
cleanup:
    for (int k = 0; k < n; k++) {
        free(entries[k]);
    }
    free(entries);
    *n_files = n;
    return status;
}

/* "" for what is neither a file nor a folder with files that are read. */
static fb_status checksum(const char *path, char text[FB_CHECKSUM_TEXT_SIZE], fb_error *error)
{
    struct stat facts;
    int n_files = 1;
    fb_hash *hash = NULL;
    fb_status status = FB_OK;
    text[0] = '\0';
    if (stat(path, &facts) != 0 || (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))) {
        return FB_OK;
    }
    FB_TRY(fb_hash_create(&hash, error));
    FB_TRY(S_ISDIR(facts.st_mode) ? add_folder(hash, path, &n_files, error) : add_file(hash, path, error));
    if (n_files > 0) {
        fb_checksum_text(hash, text);
    }
cleanup:
    fb_hash_free(hash);
    return status;
}

/* The last part of a path, also of "folder/". */
static void last_part(const char *path, char name[FB_PATH_SIZE])
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    snprintf(name, FB_PATH_SIZE, "%.*s", (int)n, path);
    const char *slash = strrchr(name, '/');
    if (slash != NULL && slash[1] != '\0') {
        memmove(name, slash + 1, strlen(slash));
    }
}

fb_status fb_file_checksums_record(json_t *results, int n, const char *const *path, fb_error *error)
{
    char text[FB_CHECKSUM_TEXT_SIZE], name[FB_PATH_SIZE];
    json_t *files = json_array();
    fb_status status = FB_OK;
    for (int k = 0; k < n; k++) {
        FB_TRY(checksum(path[k], text, error));
        if (text[0] != '\0') {
            last_part(path[k], name);
            json_array_append_new(files, json_pack("{s:s,s:s}", "name", name, "checksum", text));
        }
    }
    json_object_set(results, "files", files);
cleanup:
    json_decref(files);
    return status;
}
