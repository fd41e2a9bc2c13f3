#include "baseline/experiments/result_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/experiments/evaluation_folder.h"
#include "baseline/reports/score_report.h"
#include "baseline/support/json_output.h"
#include "models/common/leftovers.h"
#include "models/common/log.h"
#include "models/common/output.h"

enum { NAME_SIZE = 64, N_OTHERS = 5 };

/* The lists of a set. A fit that failed is null. */
static json_t *set_json(const fb_evaluation *evaluation, uint64_t s)
{
    static const char *const keys[] = {"mu_hats", "delta_mu_hats", "p16", "p84"};
    json_t *root = json_object(), *list[] = {json_array(), json_array(), json_array(), json_array()};
    for (uint64_t e = 0; e < evaluation->settings.n_experiments; e++) {
        const fb_experiment *x = &evaluation->experiment[s * evaluation->settings.n_experiments + e];
        const double value[] = {x->result.mu_hat, x->result.delta_mu_hat, x->result.p16, x->result.p84};
        for (int k = 0; k < 4; k++) {
            json_array_append_new(list[k], fb_json_output_number(x->is_done && x->status == FB_OK ? value[k] : NAN));
        }
    }
    for (int k = 0; k < 4; k++) {
        json_object_set_new(root, keys[k], list[k]);
    }
    return root;
}

static json_t *settings_json(const fb_evaluation *evaluation)
{
    const fb_evaluation_settings *s = &evaluation->settings;
    json_t *systematics = json_object();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        json_object_set_new(systematics, fb_nuisance_describe((fb_nuisance)k)->name, json_boolean(s->drawn >> k & 1U));
    }
    return json_pack("{s:o,s:I,s:I,s:o,s:b}", "systematics", systematics, "num_pseudo_experiments",
                     (json_int_t)s->n_experiments, "num_of_sets", (json_int_t)s->n_sets, "ground_truth_mus",
                     fb_json_output_numbers(evaluation->mu, s->n_sets), "random_mu", true);
}

static json_t *experiment_json(const fb_experiment *x, uint64_t set)
{
    const fb_fit_result *r = &x->result;
    char seed[24];
    json_t *nuisances = json_object(), *fitted = json_object();
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        json_object_set_new(nuisances, fb_nuisance_describe((fb_nuisance)k)->name,
                            json_real(x->truth.nuisances.value[k]));
        json_object_set_new(fitted, fb_nuisance_describe((fb_nuisance)k)->name, fb_json_output_number(r->nuisance[k]));
    }
    json_t *one = json_pack("{s:I,s:f,s:o,s:I,s:b,s:o,s:o,s:o,s:o}", "set", (json_int_t)set, "mu", x->truth.mu,
                            "nuisances", nuisances, "events", (json_int_t)x->n_events, "converged", x->status == FB_OK,
                            "mu_hat", fb_json_output_number(r->mu_hat), "p16", fb_json_output_number(r->p16), "p84",
                            fb_json_output_number(r->p84), "fitted", fitted);
    if (x->status != FB_OK) {
        json_object_set_new(one, "reason", json_string(x->reason));
        snprintf(seed, sizeof seed, "%" PRIu64, x->truth.seed); /* too large for the whole numbers of JSON */
        json_object_set_new(one, "seed", json_string(seed));
    }
    json_object_set_new(one, "pull", fb_json_output_number((r->mu_hat - x->truth.mu) / r->sigma));
    return one;
}

json_t *fb_result_writer_json(const fb_evaluation *evaluation, const fb_evaluation_summary *summary)
{
    json_t *root = json_object();
    json_t *experiments = json_array();
    const uint64_t per_set = evaluation->settings.n_experiments;
    for (uint64_t k = 0; k < evaluation->n; k++) {
        json_array_append_new(experiments, experiment_json(&evaluation->experiment[k], k / per_set));
    }
    json_object_set_new(root, "seed", json_integer((json_int_t)evaluation->settings.seed));
    json_object_set_new(root, "converged", json_integer((json_int_t)summary->n));
    json_object_set_new(root, "failed", json_integer((json_int_t)summary->n_failed));
    json_object_set_new(root, "at_limit", json_integer((json_int_t)summary->n_at_limit));
    json_object_set_new(root, "mean_pull", fb_json_output_number(summary->mean_pull));
    json_object_set_new(root, "mean_pull_allowed", fb_json_output_number(summary->allowed));
    json_object_set_new(root, "shared_template_error_in_sigma", fb_json_output_number(summary->shared_error));
    json_object_set_new(root, "pull_width", fb_json_output_number(summary->pull_width));
    json_object_set_new(root, "template_events", fb_json_output_number(evaluation->simulation.template_events));
    json_object_set_new(root, "pool_events", fb_json_output_number(evaluation->simulation.pool_events));
    json_object_set_new(root, "scores", fb_score_report_scores_json(&summary->scores));
    json_object_set_new(root, "experiments", experiments);
    fb_json_output_sign(root);
    return root;
}

/* Name of the k-th file: the sets, then the others, the one that says "done" last. */
static const char *name_of(const fb_evaluation *evaluation, uint64_t k, char name[NAME_SIZE])
{
    static const char *const others[N_OTHERS] = {"test_settings.json", "ingestion_duration.json", "scores.json",
                                                 "detailed_results.html", "summary.json"};
    if (k >= evaluation->settings.n_sets) {
        return others[k - evaluation->settings.n_sets];
    }
    snprintf(name, NAME_SIZE, "result_%llu.json", (unsigned long long)k);
    return name;
}

/* Odd intervals; failed fits, the first of the remarks, are in the table. */
static void warn(const fb_score_set *scored, const char *place)
{
    const fb_remarks remarks = fb_score_report_remarks(scored);
    for (int k = scored->results->n_failed > 0 ? 1 : 0; k < remarks.n; k++) {
        fb_log(FB_LOG_WARNING, "%s: %s", place, remarks.text[k]);
    }
}

/* From the files themselves, so that `score` finds the same. `place` is where they will be. */
static fb_status write_scores(const char *folder, const char *place, double minutes, fb_error *error)
{
    fb_score_set_options options = fb_score_set_options_default();
    fb_results *results = NULL;
    fb_score_set *scored = NULL;
    fb_status status = FB_OK;
    options.allow_failed = true;
    FB_TRY(fb_result_reader_read(folder, &results, error));
    FB_TRY(fb_score_set_create(results, &options, folder, &scored, error));
    FB_TRY(fb_score_files_write(scored, minutes, folder, error));
    warn(scored, place);
cleanup:
    fb_score_set_free(scored);
    fb_result_reader_free(results);
    return status;
}

static fb_status write_all(const fb_evaluation *evaluation, const fb_evaluation_summary *summary, const char *folder,
                           const char *place, const fb_timing_file *timing, fb_error *error)
{
    char name[NAME_SIZE];
    fb_status status = FB_OK;
    for (uint64_t s = 0; s < evaluation->settings.n_sets; s++) {
        FB_TRY(fb_json_output_write(folder, name_of(evaluation, s, name), set_json(evaluation, s), error));
    }
    FB_TRY(fb_json_output_write(folder, "test_settings.json", settings_json(evaluation), error));
    FB_TRY(fb_timing_file_write(timing, folder, error));
    FB_TRY(fb_json_output_write(folder, "summary.json", fb_result_writer_json(evaluation, summary), error));
    FB_TRY(write_scores(folder, place, trunc(timing->seconds / 60.0), error));
cleanup:
    return status;
}

/* Moves the files to their place; sets that an earlier, longer run left would be scored with ours, so they go. */
static fb_status move_all(const fb_evaluation *evaluation, const char *from, const char *folder, fb_error *error)
{
    char name[NAME_SIZE], source[FB_PATH_SIZE], path[FB_PATH_SIZE];
    const uint64_t n_files = evaluation->settings.n_sets + N_OTHERS;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, "summary.json", path, error));
    unlink(path);
    for (uint64_t k = 0; k < n_files; k++) {
        FB_TRY(fb_path_in(from, name_of(evaluation, k, name), source, error));
        FB_TRY(fb_path_in(folder, name_of(evaluation, k, name), path, error));
        FB_TRY(fb_output_rename(source, path, error));
    }
    for (uint64_t s = evaluation->settings.n_sets;; s++) {
        snprintf(name, sizeof name, "result_%llu.json", (unsigned long long)s);
        FB_TRY(fb_path_in(folder, name, path, error));
        if (unlink(path) != 0) {
            break;
        }
    }
cleanup:
    return status;
}

static void remove_all(const fb_evaluation *evaluation, const char *folder)
{
    char name[NAME_SIZE], path[FB_PATH_SIZE];
    for (uint64_t k = 0; k < evaluation->settings.n_sets + N_OTHERS; k++) {
        if (fb_path_in(folder, name_of(evaluation, k, name), path, NULL) == FB_OK) {
            unlink(path);
        }
    }
}

static fb_status write_results(const fb_evaluation *evaluation, const fb_evaluation_summary *summary,
                               const char *folder, const fb_timing_file *timing, fb_error *error)
{
    char temporary[FB_PATH_SIZE], name[NAME_SIZE];
    fb_status status = FB_OK;
    /* This run has the folder (folder_lock.h): what is there of such folders was left by one that was killed. */
    FB_TRY(fb_path_in(folder, "results", temporary, error));
    fb_leftovers_remove_folders(temporary);
    snprintf(name, sizeof name, "results.tmp%ld", (long)getpid());
    FB_TRY(fb_path_in(folder, name, temporary, error));
    if (mkdir(temporary, 0777) != 0 && errno != EEXIST) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be written to: %s", folder, strerror(errno));
    }
    status = write_all(evaluation, summary, temporary, folder, timing, error);
    if (status == FB_OK) {
        status = move_all(evaluation, temporary, folder, error);
    }
    remove_all(evaluation, temporary);
    rmdir(temporary);
cleanup:
    return status;
}

fb_status fb_result_writer_finish(const fb_evaluation *evaluation, const char *folder, const fb_timing_file *timing,
                                  fb_evaluation_summary *summary, fb_error *error)
{
    fb_status status = fb_evaluation_summary_make(evaluation, summary, error);
    if (status == FB_ERROR_NOT_CONVERGED) {
        remove_all(evaluation, folder);
        if (fb_evaluation_folder_complete_journal(folder, evaluation, NULL) != FB_OK) {
            fb_log(FB_LOG_WARNING, "%s: the record of the experiments keeps its temporary name", folder);
        }
    }
    FB_TRY(status);
    FB_TRY(write_results(evaluation, summary, folder, timing, error));
    FB_TRY(fb_evaluation_folder_complete_journal(folder, evaluation, error));
cleanup:
    return status;
}
