#include "baseline/experiments/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "baseline/experiments/experiment_json.h"
#include "models/common/memory.h"
#include "models/common/output.h"

struct fb_journal {
    char *path;
    int file;
};

static fb_status failed(const char *path, const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_FILE, "%s: %s: %s", path, what, strerror(errno));
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* An error that names the first key in which the header lines differ. */
static fb_status refuse(const char *path, const char *there, const char *here, fb_error *error)
{
    json_t *theirs = json_loads(there, 0, NULL), *ours = json_loads(here, 0, NULL), *value;
    const char *key, *different = "kind";
    char *was = NULL, *is = NULL;
    json_object_foreach(ours, key, value)
    {
        if (!json_equal(value, json_object_get(theirs, key))) {
            different = key;
            was = json_dumps(json_object_get(theirs, key), JSON_COMPACT | JSON_ENCODE_ANY);
            is = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
            break;
        }
    }
    fb_status status = fb_fail(error, FB_ERROR_DATA, "%s: holds other experiments: its \"%s\" is %.200s and not %.200s",
                               path, different, was != NULL ? was : "another", is != NULL ? is : "this");
    free(was);
    free(is);
    json_decref(theirs);
    json_decref(ours);
    return status;
}

/* Whether the experiments are of an analysis, as its first line says, and not of another's method. */
static bool is_of_analysis(const char *about)
{
    json_t *root = json_loads(about, 0, NULL);
    const size_t length = json_string_length(json_object_get(root, "analysis"));
    json_decref(root);
    return length > 0;
}

/* A line that is there twice, as when shards overlap, says the same both times. */
static fb_status take_experiment(const json_t *root, bool ours, fb_evaluation *evaluation, fb_error *error)
{
    fb_experiment read = {.is_done = false};
    uint64_t index = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_experiment_json_read(root, ours, evaluation->n, &index, &read, error));
    fb_experiment *x = &evaluation->experiment[index];
    if (x->is_done) {
        FB_TRY(fb_experiment_json_compare(index, x, &read, error));
    }
    read.truth = x->truth;
    *x = read;
cleanup:
    return status;
}

/* Line `n` of the file, counted from 1. */
static fb_status read_line(const char *path, int n, const char *line, size_t length, const char *about, bool ours,
                           fb_evaluation *evaluation, fb_error *error)
{
    if (strlen(line) != length) {
        return fb_fail(error, FB_ERROR_DATA, "%s: line %d: has a zero byte in it", path, n);
    }
    if (n == 1) {
        return strcmp(line, about) == 0 ? FB_OK : refuse(path, line, about, error);
    }
    json_t *root = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const fb_status status = take_experiment(root, ours, evaluation, error);
    json_decref(root);
    return status == FB_OK ? FB_OK : fb_fail_prefix(error, status, "%s: line %d", path, n);
}

/* Reads the complete lines; `*length` is their length. */
static fb_status read_lines(const char *path, const char *about, fb_evaluation *evaluation, off_t *length,
                            fb_error *error)
{
    const bool ours = is_of_analysis(about);
    char *line = NULL;
    size_t capacity = 0;
    ssize_t got = 0;
    FILE *file = fopen(path, "rb");
    fb_status status = FB_OK;
    *length = 0;
    if (file == NULL) {
        return failed(path, "cannot be read", error);
    }
    for (int n = 1; (got = getline(&line, &capacity, file)) > 0 && line[got - 1] == '\n'; n++) {
        line[got - 1] = '\0';
        FB_TRY(read_line(path, n, line, (size_t)got - 1, about, ours, evaluation, error));
        *length += got;
    }
    if (got < 0 && !feof(file)) {
        status = failed(path, "cannot be read", error);
    }
cleanup:
    fclose(file);
    free(line);
    return status;
}

fb_status fb_journal_read(const char *path, const char *about, fb_evaluation *evaluation, fb_error *error)
{
    off_t length = 0;
    const fb_status status = read_lines(path, about, evaluation, &length, error);
    return status == FB_OK && length == 0 ? fb_fail(error, FB_ERROR_DATA, "%s: has no complete line", path) : status;
}

fb_status fb_journal_about(const char *path, char **about, fb_error *error)
{
    size_t capacity = 0;
    FILE *file = fopen(path, "rb");
    fb_status status = FB_OK;
    *about = NULL;
    if (file == NULL) {
        return failed(path, "cannot be read", error);
    }
    char *end = getline(about, &capacity, file) > 0 ? strchr(*about, '\n') : NULL;
    if (end != NULL) {
        *end = '\0';
    } else {
        status = ferror(file) ? failed(path, "cannot be read", error)
                              : fb_fail(error, FB_ERROR_DATA, "%s: has no complete line", path);
        free(*about);
        *about = NULL;
    }
    fclose(file);
    return status;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static fb_status open_file(const char *path, int flags, fb_journal **out, fb_error *error)
{
    fb_journal *journal = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *journal, &journal, error));
    journal->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | flags, 0666);
    if (journal->file < 0) {
        status = failed(path, "cannot be written", error);
        goto cleanup;
    }
    FB_TRY(fb_memory_allocate(strlen(path) + 1, 1, &journal->path, error));
    memcpy(journal->path, path, strlen(path) + 1);
    *out = journal;
    journal = NULL;
cleanup:
    fb_journal_free(journal);
    return status;
}

void fb_journal_free(fb_journal *journal)
{
    if (journal != NULL) {
        if (journal->file >= 0) {
            close(journal->file);
        }
        free(journal->path);
        free(journal);
    }
}

static fb_status write_line(fb_journal *journal, const char *line, fb_error *error)
{
    const size_t n = strlen(line);
    char *whole = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(n + 1, 1, &whole, error));
    memcpy(whole, line, n);
    whole[n] = '\n';
    for (size_t done = 0; done < n + 1;) {
        ssize_t some = write(journal->file, whole + done, n + 1 - done);
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some < 0) {
            status = failed(journal->path, "cannot be written", error);
            goto cleanup;
        }
        done += (size_t)some;
    }
cleanup:
    free(whole);
    return status;
}

fb_status fb_journal_create(const char *path, const char *about, fb_journal **out, fb_error *error)
{
    fb_status status = open_file(path, O_EXCL, out, error);
    if (status != FB_OK) {
        return status;
    }
    status = write_line(*out, about, error);
    if (status != FB_OK) {
        unlink(path); /* without its first line it is nothing */
    }
    return status;
}

fb_status fb_journal_resume(const char *path, const char *about, fb_evaluation *evaluation, fb_journal **out,
                            fb_error *error)
{
    off_t length = 0;
    fb_status status = FB_OK;
    FB_TRY(open_file(path, 0, out, error));
    FB_TRY(read_lines(path, about, evaluation, &length, error));
    if (ftruncate((*out)->file, length) != 0) {
        status = failed(path, "cannot be shortened", error);
    } else if (length == 0) {
        status = write_line(*out, about, error);
    }
cleanup:
    return status;
}

fb_status fb_journal_add(fb_journal *journal, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    json_t *root = fb_experiment_json_write(index, experiment);
    char *line = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
    fb_status status = line != NULL ? write_line(journal, line, error)
                                    : fb_fail(error, FB_ERROR_MEMORY, "%s: no memory for a line", journal->path);
    free(line);
    json_decref(root);
    return status;
}

fb_status fb_journal_sync(fb_journal *journal, fb_error *error)
{
    return fdatasync(journal->file) == 0 ? FB_OK : failed(journal->path, "cannot be written", error);
}

fb_status fb_journal_write(const char *path, const char *about, const fb_evaluation *evaluation, fb_error *error)
{
    char *temporary = NULL;
    fb_journal *journal = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_output_temporary_name(path, &temporary, error));
    unlink(temporary); /* of a run that was killed and had our number */
    FB_TRY(fb_journal_create(temporary, about, &journal, error));
    for (uint64_t k = 0; k < evaluation->n; k++) {
        FB_TRY(evaluation->experiment[k].is_done ? fb_journal_add(journal, k, &evaluation->experiment[k], error)
                                                 : FB_OK);
    }
    FB_TRY(fb_journal_sync(journal, error));
    status = fb_output_rename(temporary, path, error);
cleanup:
    if (status != FB_OK && journal != NULL) {
        unlink(temporary);
    }
    fb_journal_free(journal);
    free(temporary);
    return status;
}
