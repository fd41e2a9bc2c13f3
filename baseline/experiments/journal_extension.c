#include "baseline/experiments/journal_extension.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "baseline/experiments/journal.h"
#include "baseline/experiments/run_fingerprint.h"
#include "models/common/log.h"

/* The keys of the first line that may differ. */
static bool may_grow(const char *key)
{
    return strcmp(key, "sets") == 0 || strcmp(key, "experiments") == 0 || strcmp(key, "shared_template_error") == 0;
}

static json_int_t number(const json_t *root, const char *key)
{
    return json_integer_value(json_object_get(root, key));
}

/* Whether `now` has the experiments of `before` and more. */
static bool has_more(json_t *before, json_t *now)
{
    const json_t *errors = json_object_get(before, "shared_template_error");
    const char *key;
    json_t *value;
    size_t k;
    bool same = json_object_size(before) == json_object_size(now);
    json_object_foreach(before, key, value)
    {
        same = same && (may_grow(key) || json_equal(value, json_object_get(now, key)));
    }
    json_array_foreach(errors, k, value)
    {
        same = same && json_equal(value, json_array_get(json_object_get(now, "shared_template_error"), k));
    }
    return same && number(before, "sets") <= number(now, "sets") &&
           number(before, "experiments") <= number(now, "experiments") && !json_equal(before, now);
}

/* The recorded experiments under their new numbers. */
static void take_over(const fb_evaluation *before, fb_evaluation *now)
{
    const uint64_t per_set = before->settings.n_experiments;
    for (uint64_t k = 0; k < before->n; k++) {
        fb_experiment *to = &now->experiment[k / per_set * now->settings.n_experiments + k % per_set];
        const fb_truth truth = to->truth;
        *to = before->experiment[k];
        to->truth = truth;
    }
}

/* `line` is the first of `path`. */
static fb_status extend(const char *path, const char *line, fb_evaluation *evaluation, fb_error *error)
{
    fb_evaluation *before = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_run_fingerprint_read(path, line, &before, error));
    const fb_evaluation_settings *was = &before->settings, *is = &evaluation->settings;
    if (was->generator == FB_GENERATOR_OFFICIAL) {
        FB_TRY(fb_fail(error, FB_ERROR_USAGE,
                       "%s: holds %" PRIu64 " sets of %" PRIu64 " experiments of the official generator, which depend "
                       "on how many there are: --resume cannot add any",
                       path, was->n_sets, was->n_experiments));
    }
    FB_TRY(fb_journal_read(path, line, before, error));
    take_over(before, evaluation);
    fb_log(FB_LOG_INFO,
           "%s: of %" PRIu64 " sets of %" PRIu64 " experiments, goes on as one of %" PRIu64 " sets of %" PRIu64, path,
           was->n_sets, was->n_experiments, is->n_sets, is->n_experiments);
cleanup:
    fb_evaluation_free(before);
    return status;
}

fb_status fb_journal_extension_read(const char *path, const char *about, fb_evaluation *evaluation, bool *done,
                                    fb_error *error)
{
    char *line = NULL;
    json_t *before = NULL, *now = NULL;
    fb_status status = FB_OK;
    *done = false;
    if (fb_journal_about(path, &line, NULL) != FB_OK) {
        return FB_OK; /* it has no complete line, or cannot be read, and what comes next says so */
    }
    before = json_loads(line, 0, NULL);
    now = json_loads(about, 0, NULL);
    if (has_more(before, now)) {
        FB_TRY(extend(path, line, evaluation, error));
        *done = true;
    }
cleanup:
    json_decref(before);
    json_decref(now);
    free(line);
    return status;
}
