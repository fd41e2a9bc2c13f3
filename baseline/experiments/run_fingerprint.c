#include "baseline/experiments/run_fingerprint.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/fit_options.h"
#include "baseline/experiments/method_name.h"
#include "baseline/support/json_output.h"
#include "models/common/hash.h"
#include "models/common/text.h"

#define KIND "fair-baseline experiments 2"

/* One number for everything that an analysis puts into a fit. */
static fb_status fingerprint(const fb_analysis *a, char text[40], fb_error *error)
{
    const fb_templates *t = a->template_set->templates;
    const size_t n_yields = (size_t)FB_N_PROCESS * (size_t)t->n_bins;
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    uint64_t digest[2];
    fb_hash *hash = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_hash_create(&hash, error));
    FB_TRY(fb_classifier_save(a->classifier, &bytes, &n_bytes, error));
    FB_TRY(fb_hash_update(hash, bytes, n_bytes, error));
    FB_TRY(fb_hash_update(hash, a->template_set->binning.edge, ((size_t)t->n_bins + 1) * sizeof(int), error));
    FB_TRY(fb_hash_update(hash, t->yield, n_yields * sizeof *t->yield, error));
    FB_TRY(fb_hash_update(hash, t->variance, n_yields * sizeof *t->variance, error));
    FB_TRY(fb_hash_update(hash, a->settings.templates.conditioning.value.value, FB_N_SHAPE * sizeof(double), error));
    for (int k = 0; k < FB_N_SHAPE; k++) {
        const fb_shape *shape = &t->shape[k];
        FB_TRY(
            fb_hash_update(hash, shape->coefficient, n_yields * ((size_t)shape->degree + 1) * sizeof(double), error));
    }
    const int combination = (int)t->combination;
    FB_TRY(fb_hash_update(hash, &combination, sizeof combination, error));
    fb_hash_digest(hash, digest);
    snprintf(text, 40, "%016" PRIx64 "%016" PRIx64, digest[0], digest[1]);
cleanup:
    fb_hash_free(hash);
    free(bytes);
    return status;
}

static json_t *names_of(fb_nuisance_mask mask)
{
    json_t *list = json_array();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        if ((mask >> k & 1U) != 0) {
            json_array_append_new(list, json_string(fb_nuisance_describe((fb_nuisance)k)->name));
        }
    }
    return list;
}

fb_status fb_run_fingerprint_write(const fb_evaluation *evaluation, json_t *fit, const char *pool, char **line,
                                   fb_error *error)
{
    const fb_evaluation_settings *s = &evaluation->settings;
    char analysis[40] = ""; /* an external method has none */
    json_t *root = NULL;
    fb_status status = FB_OK;
    *line = NULL;
    if (evaluation->method->analysis != NULL) {
        FB_TRY(fingerprint(evaluation->method->analysis, analysis, error));
    }
    root = json_pack("{s:s,s:s,s:I,s:I,s:I,s:o,s:s,s:s,s:O,s:s,s:o,s:o,s:o}", "kind", KIND, "method",
                     evaluation->method->name, "sets", (json_int_t)s->n_sets, "experiments",
                     (json_int_t)s->n_experiments, "seed", (json_int_t)s->seed, "drawn", names_of(s->drawn),
                     "generator", fb_evaluation_generator_names[s->generator], "analysis", analysis, "fit", fit, "pool",
                     pool, "template_events", fb_json_output_number(evaluation->simulation.template_events),
                     "pool_events", fb_json_output_number(evaluation->simulation.pool_events), "shared_template_error",
                     fb_json_output_numbers(evaluation->simulation.shared_error, s->n_sets));
    *line = root != NULL ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    if (*line == NULL) {
        status = fb_fail(error, FB_ERROR_MEMORY, "no memory for the header of an evaluation");
    }
cleanup:
    json_decref(root);
    return status;
}

static fb_status damaged(const char *path, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: its first line is not that of an evaluation", path);
}

/* What is not known, or has no end, is null or missing. */
static fb_status read_number(const char *path, const char *key, const json_t *value, double if_null, double *out,
                             fb_error *error)
{
    *out = json_is_number(value) ? json_number_value(value) : if_null;
    if (*out < 0.0 || !(value == NULL || json_is_number(value) || json_is_null(value))) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        const fb_status status =
            fb_fail(error, FB_ERROR_DATA, "%s: line 1: \"%s\" is %.60s; a number >= 0 or null is needed", path, key,
                    text != NULL ? text : "?");
        free(text);
        return status;
    }
    return FB_OK;
}

static fb_status fill_simulation(const json_t *root, const json_t *shared, const char *path,
                                 fb_simulation_statistics *out, fb_error *error)
{
    fb_status status = FB_OK;
    for (size_t s = 0; s < json_array_size(shared); s++) {
        FB_TRY(
            read_number(path, "shared_template_error", json_array_get(shared, s), NAN, &out->shared_error[s], error));
    }
    FB_TRY(read_number(path, "template_events", json_object_get(root, "template_events"), NAN, &out->template_events,
                       error));
    FB_TRY(read_number(path, "pool_events", json_object_get(root, "pool_events"), INFINITY, &out->pool_events, error));
cleanup:
    return status;
}

/* What a run writes there, checked as what it is asked for is. */
static fb_status check_method(const json_t *root, const char *path, fb_error *error)
{
    const char *name = json_string_value(json_object_get(root, "method"));
    const char *analysis = json_string_value(json_object_get(root, "analysis"));
    const json_t *fit = json_object_get(root, "fit");
    if (name == NULL || analysis == NULL || !json_is_object(fit)) {
        return damaged(path, error);
    }
    if (fb_method_name_check(name, error) != FB_OK) {
        return fb_fail_prefix(error, FB_ERROR_DATA, "%s: line 1: \"method\"", path);
    }
    if (analysis[0] == '\0') { /* a method of others */
        return json_is_string(json_object_get(fit, "plugin")) || json_is_string(json_object_get(fit, "command"))
                   ? FB_OK
                   : fb_fail(error, FB_ERROR_DATA, "%s: line 1: \"fit\" has no \"plugin\" and no \"command\"", path);
    }
    return fb_fit_options_check_json(fit, error) == FB_OK
               ? FB_OK
               : fb_fail_prefix(error, FB_ERROR_DATA, "%s: line 1: \"fit\"", path);
}

static fb_status fill(const json_t *root, const char *path, fb_evaluation **out, fb_error *error)
{
    json_int_t sets = 0, experiments = 0, seed = 0;
    json_t *drawn, *shared, *name;
    const char *generator = "";
    size_t k;
    if (json_unpack((json_t *)root, "{s:I,s:I,s:I,s:o,s:s,s:o}", "sets", &sets, "experiments", &experiments, "seed",
                    &seed, "drawn", &drawn, "generator", &generator, "shared_template_error", &shared) != 0 ||
        fb_text_find(generator, fb_evaluation_generator_names) < 0 || sets < 1 || experiments < 1 || seed < 0 ||
        sets > 1000000 || experiments > 1000000 || json_array_size(shared) != (size_t)sets) {
        return damaged(path, error);
    }
    fb_evaluation_settings settings = {(uint64_t)sets, (uint64_t)experiments, (uint64_t)seed, 0,
                                       (fb_generator)fb_text_find(generator, fb_evaluation_generator_names)};
    json_array_foreach(drawn, k, name)
    {
        const int which = json_is_string(name) ? fb_nuisance_find(json_string_value(name)) : -1;
        if (which < 0) {
            return damaged(path, error);
        }
        settings.drawn |= 1U << which;
    }
    fb_status status = check_method(root, path, error);
    status = status == FB_OK ? fb_evaluation_settings_check(&settings, error) : status;
    if (status == FB_OK) {
        status = fb_evaluation_create(&settings, out, error);
    }
    return status == FB_OK ? fill_simulation(root, shared, path, &(*out)->simulation, error) : status;
}

fb_status fb_run_fingerprint_read(const char *path, const char *line, fb_evaluation **out, fb_error *error)
{
    json_t *root = json_loads(line, 0, NULL);
    const char *kind = json_string_value(json_object_get(root, "kind"));
    *out = NULL;
    fb_status status = kind != NULL && strcmp(kind, KIND) == 0 ? fill(root, path, out, error) : damaged(path, error);
    json_decref(root);
    return status;
}
