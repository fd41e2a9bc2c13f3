#include "baseline/external/external_method.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "baseline/experiments/method_name.h"
#include "baseline/external/method_host.h"
#include "baseline/support/progress.h"
#include "baseline/support/python_json.h"
#include "baseline/support/temp_dir.h"
#include "holdout/formats/event_file.h"
#include "models/common/hash.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/text.h"

enum { PATH_SIZE = 4096, DIGEST_SIZE = 64 };

/* How long a process may take to release what it has before it is killed. */
static const double grace = 5.0;

struct fb_external_method {
    fb_external_method_settings settings;
    bool is_library;
    char library[PATH_MAX]; /* its absolute path: dlopen would look for a bare name elsewhere */
    char digest[DIGEST_SIZE];
    char name[FB_METHOD_NAME_SIZE];
    int table;           /* plug-in: the file in memory that holds the experiment, else -1 */
    fb_temp_dir scratch; /* command: the folder for the file */
    char file[PATH_SIZE];
    fb_subprocess child;
    bool is_fresh;     /* a command that has not answered yet */
    bool has_answered; /* a process of it did, once */
    bool is_hopeless;  /* a fresh one took all the time that there is to learn, and did not answer */
};

const char *const fb_external_method_formats[] = {
    [FB_EXTERNAL_FORMAT_H5] = "h5", [FB_EXTERNAL_FORMAT_CSV] = "csv", [FB_EXTERNAL_FORMAT_PARQUET] = "parquet", NULL};

fb_external_method_settings fb_external_method_default(void)
{
    return (fb_external_method_settings){.time_limit = 600.0, .fit_time_limit = 3600.0, .split = fb_split_default()};
}

size_t fb_external_method_table_size(uint64_t n)
{
    return (size_t)(n > 0 ? n : 1) * (FB_N_FEATURES + 1) * sizeof(float);
}

void fb_external_method_plain_text(const char *text, char plain[FB_EXTERNAL_METHOD_REASON_SIZE])
{
    size_t n = 0;
    for (; text[n] != '\0' && n < FB_EXTERNAL_METHOD_REASON_SIZE - 1; n++) {
        plain[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    }
    plain[n] = '\0';
}

/* --- make and release --------------------------------------------------------------------------------------------- */

static bool looks_like_library(const char *text)
{
    const size_t n = strlen(text);
    return n > 3 && strcmp(text + n - 3, ".so") == 0;
}

static fb_status hash_file(const char *path, char digest[DIGEST_SIZE], fb_error *error)
{
    uint8_t piece[65536];
    uint64_t number[2];
    size_t n = 0;
    fb_hash *hash = NULL;
    fb_status status = FB_OK;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    FB_TRY(fb_hash_create(&hash, error));
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) {
        FB_TRY(fb_hash_update(hash, piece, n, error));
    }
    if (ferror(file)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
        goto cleanup;
    }
    fb_hash_digest(hash, number);
    snprintf(digest, DIGEST_SIZE, "xxh128:%016" PRIx64 "%016" PRIx64, number[0], number[1]);
cleanup:
    fb_hash_free(hash);
    fclose(file);
    return status;
}

static fb_status prepare_library(fb_external_method *p, fb_error *error)
{
    const char *path = p->settings.method;
    fb_status status = FB_OK;
    if (realpath(path, p->library) == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "--method %s: cannot be read: %s", path, strerror(errno));
    }
    if (p->settings.events == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "--method %s: a plug-in learns from EVENTS, which are missing", path);
    }
    FB_TRY(hash_file(p->library, p->digest, error));
    p->table = memfd_create("fair-baseline-experiment", MFD_CLOEXEC);
    if (p->table < 0) {
        status = fb_fail(error, FB_ERROR_FILE, "no file in memory can be made: %s", strerror(errno));
    }
cleanup:
    return status;
}

/* A folder for the file of an experiment, in the place of one that there was. */
static fb_status make_scratch(fb_external_method *p, fb_error *error)
{
    fb_status status = FB_OK;
    fb_temp_dir_remove(&p->scratch);
    FB_TRY(fb_temp_dir_make(&p->scratch, error));
    snprintf(p->file, sizeof p->file, "%s/experiment.%s", p->scratch.path,
             fb_external_method_formats[p->settings.format]);
cleanup:
    return status;
}

static fb_status prepare_command(fb_external_method *p, fb_error *error)
{
    if (p->name[0] == '\0') {
        snprintf(p->name, sizeof p->name, "command");
    }
    return make_scratch(p, error);
}

fb_status fb_external_method_create(const fb_external_method_settings *settings, fb_external_method **out,
                                    fb_error *error)
{
    fb_external_method *p = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *p, &p, error));
    p->settings = *settings;
    FB_TRY(fb_method_name_before(settings->method, &p->settings.method, p->name, error));
    p->table = -1;
    p->is_library = looks_like_library(p->settings.method) &&
                    (access(p->settings.method, F_OK) == 0 || strchr(p->settings.method, ' ') == NULL);
    FB_TRY(p->is_library ? prepare_library(p, error) : prepare_command(p, error));
    *out = p;
    p = NULL;
cleanup:
    fb_external_method_free(p);
    return status;
}

void fb_external_method_free(fb_external_method *method)
{
    if (method == NULL) {
        return;
    }
    fb_subprocess_stop(&method->child, grace);
    if (method->table >= 0) {
        close(method->table);
    }
    fb_temp_dir_remove(&method->scratch);
    free(method);
}

const char *fb_external_method_name(const fb_external_method *method)
{
    return method->name;
}

json_t *fb_external_method_json(const fb_external_method *p)
{
    return p->is_library ? json_pack("{s:s}", "plugin", p->digest)
                         : json_pack("{s:s,s:s}", "command", p->settings.method, "format",
                                     fb_external_method_formats[p->settings.format]);
}

/* --- start -------------------------------------------------------------------------------------------------------- */

/* With the events and their split, if there are any. */
static fb_status start_host(fb_external_method *p, fb_error *error)
{
    const fb_method_host host = {.library = p->is_library ? p->library : NULL,
                                 .command = p->settings.method,
                                 .events = p->settings.events,
                                 .split = p->settings.split,
                                 .metadata = p->settings.metadata,
                                 .threads = p->settings.threads};
    return fb_method_host_start(&host, p->is_library ? p->table : -1, &p->child, error);
}

/* A plug-in says its name when it has learnt, or what went wrong. */
static fb_status read_greeting(fb_external_method *p, fb_error *error)
{
    json_t *root = json_loads(p->child.line, 0, NULL);
    const char *name = json_string_value(json_object_get(root, "name"));
    const char *wrong = json_string_value(json_object_get(root, "error"));
    fb_status status = FB_OK;
    if (name != NULL && p->name[0] != '\0') {
        fb_log(FB_LOG_INFO, "%s: the plug-in calls itself %.60s", p->name, name);
    } else if (name != NULL) {
        snprintf(p->name, sizeof p->name, "%s", name);
    } else {
        status = fb_fail(error, FB_ERROR_DATA, "%s", wrong != NULL ? wrong : "its process does not greet");
        fb_subprocess_stop(&p->child, grace);
    }
    json_decref(root);
    return status;
}

static fb_status start(fb_external_method *p, fb_error *error)
{
    fb_status status = FB_OK;
    p->is_fresh = !p->is_library;
    FB_TRY(start_host(p, error));
    if (!p->is_library) {
        return FB_OK;
    }
    FB_TRY(fb_subprocess_ask(&p->child, NULL, p->settings.fit_time_limit, "--fit-time-limit", error));
    FB_TRY(read_greeting(p, error));
cleanup:
    return status;
}

fb_status fb_external_method_start(fb_external_method *method, fb_error *error)
{
    fb_status status = start(method, error);
    return status == FB_ERROR_DATA ? fb_fail_prefix(error, status, "--method %s", method->settings.method) : status;
}

/* --- ask ---------------------------------------------------------------------------------------------------------- */

/* Features, then weights, all of them 1. */
static bool write_table(int file, const fb_pseudo_data *observed)
{
    const size_t n_bytes = fb_external_method_table_size(observed->n), n_features = observed->n * FB_N_FEATURES;
    /* Room for all of it first: writing into a map that has none ends the program. */
    bool good = ftruncate(file, (off_t)n_bytes) == 0;
    while (good && fallocate(file, 0, 0, (off_t)n_bytes) != 0) {
        good = errno == EINTR;
    }
    float *table = good ? mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    if (table == MAP_FAILED) {
        return false;
    }
    if (n_features > 0) {
        memcpy(table, observed->matrix, n_features * sizeof *table);
    }
    for (size_t i = 0; i < observed->n; i++) {
        table[n_features + i] = 1.0f;
    }
    munmap(table, n_bytes);
    return true;
}

static fb_status write_file(const fb_external_method *p, const fb_pseudo_data *observed, const char *origin,
                            fb_error *error)
{
    const fb_sink_settings settings = {
        .derived = true, .stage = FB_EVENTS_OBSERVED, .origin = origin, .provenance = "evaluate --method"};
    fb_sink *sink = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_create(p->file, &settings, &sink, error));
    FB_TRY(fb_pseudo_data_write(observed, sink, error));
    FB_TRY(fb_sink_commit(sink, error));
cleanup:
    fb_sink_free(sink);
    return status;
}

/* What an earlier experiment did to the folder is not this one's failure: it gets another one. */
static fb_status write_experiment(fb_external_method *p, const fb_pseudo_data *observed, const char *origin,
                                  fb_error *error)
{
    fb_status status = write_file(p, observed, origin, error);
    if (status == FB_ERROR_FILE) {
        FB_TRY(make_scratch(p, error));
        status = write_file(p, observed, origin, error);
    }
cleanup:
    return status;
}

/* Puts the experiment where the process finds it, and makes the line that says so. */
static fb_status hand_over(fb_external_method *p, const fb_pseudo_data *observed, const char *origin,
                           char line[PATH_SIZE], fb_error *error)
{
    if (!p->is_library) {
        const fb_status status = write_experiment(p, observed, origin, error);
        snprintf(line, PATH_SIZE, "%s", p->file);
        return status;
    }
    snprintf(line, PATH_SIZE, "%zu", observed->n);
    return write_table(p->table, observed)
               ? FB_OK
               : fb_fail(error, FB_ERROR_FILE, "no room for an experiment in memory: %s", strerror(errno));
}

/* What the shell says of a command that is not there or is none: no experiment will go better. */
static bool cannot_run(const fb_external_method *p)
{
    enum { NO_PROGRAM = 126, NOT_FOUND = 127 };
    return !p->is_library && !p->has_answered && (p->child.exit_code == NO_PROGRAM || p->child.exit_code == NOT_FOUND);
}

/* null, or what Python's json writes of a number that is not finite. */
static bool is_not_finite(const json_t *value)
{
    const char *word = json_string_value(value);
    return json_is_null(value) || (word != NULL && (strcmp(word, "NaN") == 0 || strcmp(word, "Infinity") == 0 ||
                                                    strcmp(word, "-Infinity") == 0));
}

/* The reply {"mu_hat": X, "delta_mu_hat": X, "p16": X, "p84": X}; other keys are ignored. FB_ERROR_DATA: no such
 * answer; FB_ERROR_NOT_CONVERGED: it says {"failed": "why"}, or a number is null or not finite, and the method can go
 * on. */
static fb_status read_reply(const char *line, fb_fit_result *r, fb_error *error)
{
    static const char *const names[] = {"mu_hat", "delta_mu_hat", "p16", "p84"};
    double *const values[] = {&r->mu_hat, &r->delta_mu_hat, &r->p16, &r->p84};
    json_t *root = NULL;
    fb_status status = fb_python_json_parse(line, strlen(line), "answer", &root, NULL);
    const char *failed = json_string_value(json_object_get(root, "failed"));
    if (!json_is_object(root)) {
        status = fb_fail(error, FB_ERROR_DATA, "its answer is not a JSON object: %s", line);
    } else if (failed != NULL) {
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s", failed[0] != '\0' ? failed : "failed, without a reason");
    }
    for (size_t k = 0; k < 4 && status == FB_OK; k++) {
        const json_t *value = json_object_get(root, names[k]);
        *values[k] = json_number_value(value);
        if (is_not_finite(value)) {
            status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s is not finite", names[k]);
        } else if (!json_is_number(value)) {
            status = fb_fail(error, FB_ERROR_DATA, "its answer has no number %s: %s", names[k], line);
        }
    }
    json_decref(root);
    return status;
}

static fb_status ask(fb_external_method *p, const char *line, fb_fit_result *result, fb_error *error)
{
    const bool may_learn = p->is_fresh && !p->is_hopeless;
    const double limit = p->settings.time_limit + (may_learn ? p->settings.fit_time_limit : 0.0);
    const double end = fb_progress_seconds() + limit;
    fb_status status = FB_OK;
    p->is_fresh = false;
    status = fb_subprocess_ask(&p->child, line, limit, may_learn ? "--time-limit + --fit-time-limit" : "--time-limit",
                               error);
    if (status == FB_ERROR_DATA && cannot_run(p)) {
        return fb_fail(error, FB_ERROR_USAGE, "--method '%s': cannot be run (exit code %d)", p->settings.method,
                       p->child.exit_code);
    }
    p->is_hopeless = p->is_hopeless || (may_learn && status == FB_ERROR_DATA && fb_progress_seconds() >= end);
    FB_TRY(status);
    p->has_answered = true;
    status = read_reply(p->child.line, result, error);
    if (status == FB_ERROR_DATA) {
        fb_subprocess_stop(&p->child, 0.0);
    }
cleanup:
    return status;
}

static fb_fit_result no_result(void)
{
    fb_fit_result r = {.mu_hat = NAN, .delta_mu_hat = NAN, .p16 = NAN, .p84 = NAN, .sigma = NAN, .sigma_hesse = NAN};
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        r.nuisance[k] = r.error[k] = r.pull[k] = r.constraint[k] = NAN;
    }
    return r;
}

fb_status fb_external_method_measure(fb_external_method *p, const fb_pseudo_data *observed, const char *origin,
                                     fb_fit_result *result, fb_error *error)
{
    char line[PATH_SIZE], text[FB_EXTERNAL_METHOD_REASON_SIZE];
    fb_error own = {0};
    fb_status status = FB_OK;
    *result = no_result();
    FB_TRY(hand_over(p, observed, origin, line, error));
    status = p->child.pid == 0 ? start(p, &own) : FB_OK;
    status = status == FB_OK ? ask(p, line, result, &own) : status;
    if (status == FB_OK && !p->is_library && !fb_temp_dir_is_there(&p->scratch)) {
        status = fb_fail(&own, FB_ERROR_DATA, "it removed the folder of its experiment");
    }
    if (status == FB_OK) {
        result->is_valid = true;
        result->sigma = 0.5 * (result->p84 - result->p16);
    } else if (status == FB_ERROR_DATA || status == FB_ERROR_NOT_CONVERGED) {
        *result = no_result();
        fb_external_method_plain_text(own.text, text);
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s", text);
    } else {
        status = fb_fail(error, status, "%s", own.text);
    }
cleanup:
    if (!p->is_library) {
        unlink(p->file);
    }
    return status;
}
