/* The analysis as an HDF5 file. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/analysis_check.h"
#include "holdout/pipeline/conditioning.h"
#include "models/classifier_kinds.h"
#include "models/common/build_info.h"
#include "models/common/h5.h"
#include "models/common/memory.h"
#include "models/common/text.h"

enum { SCHEMA_VERSION = 4 };

#define KIND "fair-baseline analysis"

static const char *shape_group(int which, const char *member, char name[96])
{
    snprintf(name, 96, "/templates/%s%s", fb_nuisance_describe((fb_nuisance)which)->name, member);
    return name;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static fb_status save_provenance(fb_h5 *file, const fb_analysis *a, fb_error *error)
{
    char split[FB_ORIGIN_SIZE];
    fb_status status = FB_OK;
    fb_analysis_split_text(&a->split, split, sizeof split);
    FB_TRY(fb_h5_set_text(file, "/", "kind", KIND, error));
    FB_TRY(fb_h5_set_integer(file, "/", "schema_version", SCHEMA_VERSION, error));
    FB_TRY(fb_h5_set_text(file, "/", "program_version", fb_build_info_version(), error));
    FB_TRY(fb_h5_set_text(file, "/", "compiler", fb_build_info_compiler(), error));
    FB_TRY(fb_h5_set_text(file, "/", "events_checksum", a->identity.checksum, error));
    FB_TRY(fb_h5_set_text(file, "/", "events_origin", a->identity.origin, error));
    if (a->configuration[0] != '\0') {
        FB_TRY(fb_h5_set_text(file, "/", "configuration", a->configuration, error));
    }
    FB_TRY(fb_h5_set_number(file, "/", "expected_sigma_mu", a->expected_sigma, error));
    FB_TRY(fb_h5_set_number(file, "/", "shared_template_error_mu", a->shared_template_error, error));
    FB_TRY(fb_h5_group(file, "/split", error));
    FB_TRY(fb_h5_set_text(file, "/split", "text", split, error));
    FB_TRY(fb_h5_set_integer(file, "/split", "rule", a->split.settings.rule, error));
    FB_TRY(fb_h5_set_integer(file, "/split", "seed", (int64_t)a->split.settings.seed, error));
    FB_TRY(fb_h5_set_integer(file, "/split", "n_pool_rows", (int64_t)a->split.n_pool_rows, error));
    const size_t shape[2] = {FB_N_PARTS, FB_N_PROCESS};
    FB_TRY(fb_h5_array_write(file, "/split/fraction", FB_H5_F64, 1, shape, a->split.fraction, error));
    FB_TRY(fb_h5_array_write(file, "/split/yield", FB_H5_F64, 2, shape, a->split.yield, error));
    FB_TRY(fb_h5_array_write(file, "/split/n_rows", FB_H5_I64, 2, shape, a->split.n_rows, error));
    FB_TRY(fb_h5_array_write(file, "/split/square", FB_H5_F64, 2, shape, a->split.square, error));
    FB_TRY(fb_h5_array_write(file, "/split/factor", FB_H5_F64, 2, shape, a->split.factor, error));
cleanup:
    return status;
}

static fb_status save_classifier(fb_h5 *file, const fb_analysis *a, fb_error *error)
{
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    const size_t n_parts = FB_N_SCORED_PARTS;
    fb_status status = FB_OK;
    FB_TRY(fb_classifier_save(a->classifier, &bytes, &n_bytes, error));
    FB_TRY(fb_h5_group(file, "/classifier", error));
    FB_TRY(fb_h5_set_text(file, "/classifier", "kind", fb_classifier_kind(a->classifier), error));
    FB_TRY(fb_h5_set_text(file, "/classifier", "settings", a->model_settings, error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "n_rounds", a->report.n_rounds, error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "best_round", a->report.best_round, error));
    FB_TRY(fb_h5_set_number(file, "/classifier", "best_log_loss", a->report.best_log_loss, error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "augment", (int64_t)a->settings.augmentation.n_copies, error));
    FB_TRY(fb_h5_set_number(file, "/classifier", "augment_widening", a->settings.augmentation.widening, error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "conditioned", a->settings.templates.conditioning.which, error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "train_rows", (int64_t)a->n_used[FB_TRAIN], error));
    FB_TRY(fb_h5_set_integer(file, "/classifier", "validation_rows", (int64_t)a->n_used[FB_VALIDATION], error));
    FB_TRY(fb_h5_array_write(file, "/classifier/model", FB_H5_U8, 1, &n_bytes, bytes, error));
    FB_TRY(fb_h5_array_write(file, "/classifier/auc", FB_H5_F64, 1, &n_parts, a->auc, error));
    FB_TRY(fb_h5_array_write(file, "/classifier/log_loss", FB_H5_F64, 1, &n_parts, a->log_loss, error));
cleanup:
    free(bytes);
    return status;
}

static fb_status save_shape(fb_h5 *file, const fb_analysis *a, int which, fb_error *error)
{
    const fb_template_shape_points *measured = &a->template_set->shape[which];
    const fb_shape *shape = &a->template_set->templates->shape[which];
    const size_t n_bins = (size_t)a->template_set->binning.n_bins;
    const size_t coefficients[3] = {FB_N_PROCESS, n_bins, (size_t)shape->degree + 1};
    const size_t points[3] = {(size_t)measured->n_points, FB_N_PROCESS, n_bins};
    const size_t n_closure = FB_MAX_DEGREE + 1;
    char name[96];
    fb_status status = FB_OK;
    FB_TRY(fb_h5_group(file, shape_group(which, "", name), error));
    FB_TRY(fb_h5_set_integer(file, name, "degree", shape->degree, error));
    FB_TRY(fb_h5_set_number(file, name, "unit", shape->unit, error));
    FB_TRY(fb_h5_array_write(file, shape_group(which, "/coefficient", name), FB_H5_F64, 3, coefficients,
                             shape->coefficient, error));
    FB_TRY(fb_h5_array_write(file, shape_group(which, "/alpha", name), FB_H5_F64, 1, points, measured->alpha, error));
    FB_TRY(fb_h5_array_write(file, shape_group(which, "/ratio", name), FB_H5_F64, 3, points, measured->ratio, error));
    FB_TRY(fb_h5_array_write(file, shape_group(which, "/closure", name), FB_H5_F64, 1, &n_closure, measured->closure,
                             error));
cleanup:
    return status;
}

static fb_status save_templates(fb_h5 *file, const fb_analysis *a, fb_error *error)
{
    const fb_template_set *m = a->template_set;
    const size_t shape[2] = {FB_N_PROCESS, (size_t)m->binning.n_bins};
    const size_t n_edges = shape[1] + 1, n_shapes = FB_N_SHAPE;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_group(file, "/templates", error));
    FB_TRY(fb_h5_set_text(file, "/templates", "combination", fb_templates_combination_names[m->templates->combination],
                          error));
    FB_TRY(fb_h5_set_number(file, "/templates", "share", a->settings.templates.share, error));
    FB_TRY(fb_h5_set_integer(file, "/templates", "seed", (int64_t)a->settings.templates.seed, error));
    FB_TRY(fb_h5_set_integer(file, "/templates", "score_cells", FB_SCORE_CELLS, error));
    FB_TRY(fb_h5_array_write(file, "/templates/conditioning", FB_H5_F64, 1, &n_shapes,
                             a->settings.templates.conditioning.value.value, error));
    FB_TRY(fb_h5_array_write(file, "/templates/edge", FB_H5_I32, 1, &n_edges, m->binning.edge, error));
    FB_TRY(fb_h5_array_write(file, "/templates/yield", FB_H5_F64, 2, shape, m->templates->yield, error));
    FB_TRY(fb_h5_array_write(file, "/templates/variance", FB_H5_F64, 2, shape, m->templates->variance, error));
    for (int which = 0; which < FB_N_SHAPE; which++) {
        FB_TRY(save_shape(file, a, which, error));
    }
cleanup:
    return status;
}

fb_status fb_analysis_file_save(const fb_analysis *analysis, const char *path, fb_error *error)
{
    fb_h5 *file = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_create(path, &file, error));
    FB_TRY(save_provenance(file, analysis, error));
    FB_TRY(save_classifier(file, analysis, error));
    FB_TRY(fb_diagnostics_save(&analysis->diagnostics, file, error));
    FB_TRY(save_templates(file, analysis, error));
    FB_TRY(fb_h5_commit(file, error));
cleanup:
    fb_h5_free(file);
    return status;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A whole number from 0 to `most`. */
static fb_status get_count(fb_h5 *file, const char *name, const char *attribute, int64_t most, void *value,
                           fb_error *error)
{
    int64_t count = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_get_integer(file, name, attribute, &count, error));
    if (count < 0 || count > most) {
        return fb_fail(error, FB_ERROR_DATA, "%s: %s@%s is %" PRId64 "; a whole number from 0 to %" PRId64 " is needed",
                       fb_h5_path(file), name, attribute, count, most);
    }
    memcpy(value, &count, sizeof count);
cleanup:
    return status;
}

/* Of random numbers, which may be any. */
static fb_status get_seed(fb_h5 *file, const char *name, uint64_t *value, fb_error *error)
{
    return fb_h5_get_integer(file, name, "seed", (int64_t *)value, error);
}

static fb_status load_provenance(fb_h5 *file, fb_analysis *a, fb_error *error)
{
    char kind[64] = "";
    int64_t version = 0, rule = 0;
    const size_t shape[2] = {FB_N_PARTS, FB_N_PROCESS};
    fb_status status = FB_OK;
    if (!fb_h5_has_attribute(file, "/", "kind")) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is not an analysis made by 'fair-baseline train'", fb_h5_path(file));
    }
    FB_TRY(fb_h5_get_text(file, "/", "kind", kind, sizeof kind, error));
    FB_TRY(fb_h5_get_integer(file, "/", "schema_version", &version, error));
    if (strcmp(kind, KIND) != 0 || version != SCHEMA_VERSION) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is '%s' of schema %lld; expected '%s' of schema %d; train it again",
                       fb_h5_path(file), kind, (long long)version, KIND, SCHEMA_VERSION);
    }
    FB_TRY(fb_h5_get_text(file, "/", "events_checksum", a->identity.checksum, sizeof a->identity.checksum, error));
    FB_TRY(fb_h5_get_text(file, "/", "events_origin", a->identity.origin, sizeof a->identity.origin, error));
    if (fb_h5_has_attribute(file, "/", "configuration")) {
        FB_TRY(fb_h5_get_text(file, "/", "configuration", a->configuration, sizeof a->configuration, error));
    }
    FB_TRY(fb_h5_get_number(file, "/", "expected_sigma_mu", &a->expected_sigma, error));
    FB_TRY(fb_h5_get_number(file, "/", "shared_template_error_mu", &a->shared_template_error, error));
    FB_TRY(get_count(file, "/split", "rule", FB_SPLIT_OFFICIAL, &rule, error));
    FB_TRY(get_seed(file, "/split", &a->split.settings.seed, error));
    FB_TRY(get_count(file, "/split", "n_pool_rows", INT64_MAX, &a->split.n_pool_rows, error));
    a->split.settings.rule = (fb_split_rule)rule;
    FB_TRY(fb_h5_array_read(file, "/split/fraction", FB_H5_F64, 1, shape, a->split.fraction, error));
    memcpy(a->split.settings.share, a->split.fraction, sizeof a->split.fraction);
    a->settings.split = a->split.settings;
    FB_TRY(fb_h5_array_read(file, "/split/yield", FB_H5_F64, 2, shape, a->split.yield, error));
    FB_TRY(fb_h5_array_read(file, "/split/n_rows", FB_H5_I64, 2, shape, a->split.n_rows, error));
    FB_TRY(fb_h5_array_read(file, "/split/square", FB_H5_F64, 2, shape, a->split.square, error));
    FB_TRY(fb_h5_array_read(file, "/split/factor", FB_H5_F64, 2, shape, a->split.factor, error));
cleanup:
    return status;
}

static fb_status load_classifier(fb_h5 *file, fb_analysis *a, fb_error *error)
{
    char kind[FB_CLASSIFIER_NAME_SIZE] = "";
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    int64_t n_rounds = 0, best_round = 0, conditioned = 0;
    const size_t n_parts = FB_N_SCORED_PARTS;
    fb_status status = FB_OK;
    FB_TRY(fb_h5_get_text(file, "/classifier", "kind", kind, sizeof kind, error));
    FB_TRY(fb_h5_get_text(file, "/classifier", "settings", a->model_settings, sizeof a->model_settings, error));
    FB_TRY(get_count(file, "/classifier", "n_rounds", INT_MAX, &n_rounds, error));
    FB_TRY(get_count(file, "/classifier", "best_round", n_rounds, &best_round, error));
    FB_TRY(fb_h5_get_number(file, "/classifier", "best_log_loss", &a->report.best_log_loss, error));
    FB_TRY(get_count(file, "/classifier", "augment", INT64_MAX, &a->settings.augmentation.n_copies, error));
    FB_TRY(fb_h5_get_number(file, "/classifier", "augment_widening", &a->settings.augmentation.widening, error));
    FB_TRY(get_count(file, "/classifier", "conditioned", (1 << FB_N_SHAPE) - 1, &conditioned, error));
    a->settings.augmentation.conditioned = a->settings.templates.conditioning.which = (fb_nuisance_mask)conditioned;
    a->diagnostics.n_inputs = fb_conditioning_n_inputs(a->settings.templates.conditioning.which);
    FB_TRY(get_count(file, "/classifier", "train_rows", INT64_MAX, &a->n_used[FB_TRAIN], error));
    FB_TRY(get_count(file, "/classifier", "validation_rows", INT64_MAX, &a->n_used[FB_VALIDATION], error));
    a->report.n_rounds = (int)n_rounds;
    a->report.best_round = (int)best_round;
    FB_TRY(fb_h5_array_read(file, "/classifier/auc", FB_H5_F64, 1, &n_parts, a->auc, error));
    FB_TRY(fb_h5_array_read(file, "/classifier/log_loss", FB_H5_F64, 1, &n_parts, a->log_loss, error));
    FB_TRY(fb_h5_array_shape(file, "/classifier/model", 1, &n_bytes, error));
    FB_TRY(fb_memory_allocate(n_bytes, 1, &bytes, error));
    FB_TRY(fb_h5_array_read(file, "/classifier/model", FB_H5_U8, 1, &n_bytes, bytes, error));
    status = fb_classifier_create(kind, &a->classifier, error);
    if (status == FB_ERROR_USAGE && strcmp(kind, FB_TRAIN_SETTINGS_COMMAND) == 0) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA,
                       "%s: its classifier is a command (train --score-command), which the program fair-baseline runs; "
                       "the library does not",
                       fb_h5_path(file)));
    }
    if (status == FB_ERROR_USAGE) { /* a kind that was registered where it was trained */
        status = fb_fail_prefix(error, FB_ERROR_DATA, "%s", fb_h5_path(file));
    }
    FB_TRY(status);
    status = fb_classifier_load(a->classifier, bytes, n_bytes, error);
    if (status != FB_OK) {
        status = fb_fail_prefix(error, status, "%s", fb_h5_path(file));
    }
    if (fb_classifier_calibration(a->classifier) != NULL) {
        a->settings.calibrate = FB_CALIBRATION_ISOTONIC;
    }
cleanup:
    free(bytes);
    return status;
}

static fb_status load_shape(fb_h5 *file, fb_analysis *a, int which, fb_error *error)
{
    fb_template_shape_points *measured = &a->template_set->shape[which];
    const size_t n_bins = (size_t)a->template_set->binning.n_bins;
    const size_t n_closure = FB_MAX_DEGREE + 1;
    size_t n_points = 0;
    int64_t degree = 0;
    double unit = 0.0;
    char name[96];
    fb_status status = FB_OK;
    FB_TRY(fb_h5_get_integer(file, shape_group(which, "", name), "degree", &degree, error));
    FB_TRY(fb_h5_get_number(file, name, "unit", &unit, error));
    FB_TRY(fb_h5_array_shape(file, shape_group(which, "/alpha", name), 1, &n_points, error));
    if (degree < 1 || degree > FB_MAX_DEGREE || !(unit > 0.0) || isinf(unit) || n_points < 1 ||
        n_points > FB_MAX_POINTS) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: %s: degree %lld, unit %g and %zu points are not what this program writes", fb_h5_path(file),
                       name, (long long)degree, unit, n_points);
    }
    measured->n_points = (int)n_points;
    measured->chosen_degree = (int)degree;
    FB_TRY(fb_templates_set_shape(a->template_set->templates, (fb_nuisance)which, (int)degree, unit, error));
    const size_t coefficients[3] = {FB_N_PROCESS, n_bins, (size_t)degree + 1};
    const size_t points[3] = {n_points, FB_N_PROCESS, n_bins};
    FB_TRY(fb_memory_allocate(n_points * FB_N_PROCESS * n_bins, sizeof(double), &measured->ratio, error));
    FB_TRY(fb_h5_array_read(file, shape_group(which, "/coefficient", name), FB_H5_F64, 3, coefficients,
                            a->template_set->templates->shape[which].coefficient, error));
    FB_TRY(fb_h5_array_read(file, shape_group(which, "/alpha", name), FB_H5_F64, 1, points, measured->alpha, error));
    FB_TRY(fb_h5_array_read(file, shape_group(which, "/ratio", name), FB_H5_F64, 3, points, measured->ratio, error));
    FB_TRY(fb_h5_array_read(file, shape_group(which, "/closure", name), FB_H5_F64, 1, &n_closure, measured->closure,
                            error));
cleanup:
    return status;
}

static fb_status load_templates(fb_h5 *file, fb_analysis *a, fb_error *error)
{
    fb_template_set *m = NULL;
    char combination[32] = "";
    const size_t n_shapes = FB_N_SHAPE;
    size_t n_edges = 0;
    int64_t n_cells = 0;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(1, sizeof *m, &m, error));
    a->template_set = m;
    FB_TRY(fb_h5_array_shape(file, "/templates/edge", 1, &n_edges, error));
    if (n_edges < 2 || n_edges > FB_MAX_BINS + 1) {
        return fb_fail(error, FB_ERROR_DATA, "%s: /templates/edge has %zu entries, allowed are 2 to %d",
                       fb_h5_path(file), n_edges, FB_MAX_BINS + 1);
    }
    m->binning.n_bins = (int)n_edges - 1;
    a->settings.templates.n_bins = m->binning.n_bins;
    FB_TRY(fb_h5_array_read(file, "/templates/conditioning", FB_H5_F64, 1, &n_shapes,
                            a->settings.templates.conditioning.value.value, error));
    FB_TRY(fb_h5_array_read(file, "/templates/edge", FB_H5_I32, 1, &n_edges, m->binning.edge, error));
    FB_TRY(fb_h5_get_integer(file, "/templates", "score_cells", &n_cells, error));
    if (n_cells != FB_SCORE_CELLS) {
        return fb_fail(error, FB_ERROR_DATA, "%s: /templates@score_cells is %" PRId64 "; %d is needed",
                       fb_h5_path(file), n_cells, FB_SCORE_CELLS);
    }
    FB_TRY(fb_h5_get_number(file, "/templates", "share", &a->settings.templates.share, error));
    FB_TRY(get_seed(file, "/templates", &a->settings.templates.seed, error));
    FB_TRY(fb_h5_get_text(file, "/templates", "combination", combination, sizeof combination, error));
    FB_TRY(fb_templates_create(m->binning.n_bins, &m->templates, error));
    int found = fb_text_find(combination, fb_templates_combination_names);
    if (found < 0) {
        return fb_fail(error, FB_ERROR_DATA,
                       "%s: /templates: unknown combination '%s'; product, additive or average is needed",
                       fb_h5_path(file), combination);
    }
    m->templates->combination = (fb_combination)found;
    const size_t shape[2] = {FB_N_PROCESS, (size_t)m->binning.n_bins};
    FB_TRY(fb_h5_array_read(file, "/templates/yield", FB_H5_F64, 2, shape, m->templates->yield, error));
    FB_TRY(fb_h5_array_read(file, "/templates/variance", FB_H5_F64, 2, shape, m->templates->variance, error));
    for (int which = 0; which < FB_N_SHAPE; which++) {
        FB_TRY(load_shape(file, a, which, error));
    }
cleanup:
    return status;
}

bool fb_analysis_file_is(const char *path)
{
    char kind[64] = "";
    fb_h5 *file = NULL;
    bool is = fb_h5_open(path, &file, NULL) == FB_OK && fb_h5_has_attribute(file, "/", "kind") &&
              fb_h5_get_text(file, "/", "kind", kind, sizeof kind, NULL) == FB_OK && strcmp(kind, KIND) == 0;
    fb_h5_free(file);
    return is;
}

fb_status fb_analysis_file_load(const char *path, fb_analysis **out, fb_error *error)
{
    fb_h5 *file = NULL;
    fb_analysis *analysis = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_h5_open(path, &file, error));
    FB_TRY(fb_memory_allocate(1, sizeof *analysis, &analysis, error));
    analysis->settings = fb_train_settings_default();
    FB_TRY(load_provenance(file, analysis, error));
    FB_TRY(load_classifier(file, analysis, error));
    FB_TRY(fb_diagnostics_load(&analysis->diagnostics, file, error));
    FB_TRY(load_templates(file, analysis, error));
    FB_TRY(fb_analysis_check(analysis, path, error));
    *out = analysis;
    analysis = NULL;
cleanup:
    fb_analysis_free(analysis);
    fb_h5_free(file);
    return status;
}
