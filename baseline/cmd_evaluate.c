#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "baseline/cli.h"
#include "baseline/commands.h"
#include "baseline/evaluate_files.h"
#include "baseline/fit_options.h"
#include "baseline/print.h"
#include "baseline/progress.h"
#include "baseline/split_warnings.h"
#include "models/ground/log.h"

static void print_table(const fb_evaluation *evaluation, const fb_evaluation_summary *s)
{
    const uint64_t per_set = evaluation->settings.n_experiments;
    printf("  %-4s %7s | %6s %6s %8s %6s %8s %8s | %8s %8s %8s %7s %s\n", "set", "mu", "tes", "jes", "soft_met",
           "ttbar", "diboson", "bkg", "mu_hat", "p16", "p84", "pull", "covered");
    for (uint64_t k = 0; k < evaluation->settings.n_sets * per_set; k++) {
        const fb_experiment *x = &evaluation->experiment[k];
        const double *v = x->truth.nuisances.value;
        printf("  %-4llu %7.3f | %6.3f %6.3f %8.3f %6.3f %8.3f %8.4f |", (unsigned long long)(k / per_set), x->truth.mu,
               v[FB_TES], v[FB_JES], v[FB_SOFT_MET], v[FB_TTBAR_SCALE], v[FB_DIBOSON_SCALE], v[FB_BKG_SCALE]);
        if (x->status != FB_OK) {
            printf(" the fit did not converge\n");
            continue;
        }
        const fb_fit_result *r = &x->result;
        printf(" %8.3f %8.3f %8.3f %7.2f %s\n", r->mu_hat, r->p16, r->p84, (r->mu_hat - x->truth.mu) / r->sigma,
               r->p16 <= x->truth.mu && x->truth.mu <= r->p84 ? "yes" : "no");
    }
    printf("\n  experiments        %zu converged, %zu failed, %zu with a parameter at a limit\n", s->n, s->n_failed,
           s->n_at_limit);
    printf("  coverage           %.4f   (68.27 %% wanted; its error is %.4f)\n", s->scores.coverage,
           sqrt(0.6827 * 0.3173 / (double)s->n));
    printf("  mean width         %.4f\n  score              %.4f\n  pull               mean %.3f, width %.3f\n",
           s->scores.interval, s->scores.quantiles_score, s->mean_pull, s->pull_width);
    printf("  common shift       %.3f sigma from the statistics of the templates%s\n", s->common,
           "; |mean pull| may be up to");
    printf("                     3 sqrt(1/N + common^2) = %.3f\n", s->allowed);
}

typedef struct choices {
    const char *output, *drawn;
    uint64_t n_sets, n_experiments;
    bool all_systematics, overwrite;
    fb_fit_options fit;
} choices;

/* Variance of the weighted background of a part, its weights scaled to the whole. */
static double variance_of(const fb_split *split, fb_part part)
{
    double sum = 0.0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        sum += split->factor[part][process] * split->factor[part][process] * split->square[part][process];
    }
    return sum;
}

/* How much the pool's own statistics add to that of the holdout. */
static double pool_variance_of(const fb_split *templates, const fb_split *pool)
{
    const double holdout = variance_of(templates, FB_HOLDOUT);
    return holdout > 0.0 ? variance_of(pool, FB_POOL) / holdout : INFINITY;
}

static fb_status open_pool(const char *path, const fb_analysis *analysis, fb_split *split, fb_source **pool,
                           fb_error *error)
{
    fb_identity identity;
    char origin[FB_ORIGIN_SIZE];
    fb_status status = FB_OK;
    *split = analysis->split;
    FB_TRY(fb_source_open(path, pool, error));
    FB_TRY(fb_split_measure(split, *pool, NULL, error));
    fb_split_warn_pool(split);
    FB_TRY(fb_identity_of(*pool, &identity, error));
    fb_pool_origin(&identity, split, origin);
    if (fb_pool_overlaps(analysis, origin)) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: its pool overlaps with the events that the analysis was trained on",
                         path);
    }
cleanup:
    return status;
}

static fb_status run(const char *analysis_path, const char *pool_path, const choices *c, const fb_common *common,
                     fb_error *error)
{
    fb_evaluation_settings settings = {.n_sets = c->n_sets, .n_experiments = c->n_experiments, .seed = common->seed};
    fb_analysis *analysis = NULL;
    fb_source *pool = NULL;
    fb_evaluation *evaluation = NULL;
    fb_evaluation_summary summary;
    fb_split split;
    bool made = false;
    fb_status status = FB_OK;
    FB_TRY(fb_nuisance_mask_parse(c->all_systematics ? "all" : c->drawn, &settings.drawn, error));
    FB_TRY(fb_fit_options_parse(&c->fit, &settings.fit, error));
    if (settings.fit.mu_is_fixed) {
        return fb_fail(error, FB_ERROR_USAGE, "evaluate: --fix mu leaves nothing to measure");
    }
    FB_TRY(fb_analysis_load(analysis_path, &analysis, error));
    if (pool_path != NULL) {
        FB_TRY(open_pool(pool_path, analysis, &split, &pool, error));
    }
    FB_TRY(fb_evaluation_prepare_folder(c->output, c->overwrite, &made, error));
    fb_progress progress = fb_progress_start("experiments", c->n_sets * c->n_experiments, common->quiet);
    status = fb_evaluate(analysis, &settings, pool, &split, fb_progress_show, &progress, &evaluation, error);
    fb_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_evaluation_summarise(evaluation, analysis,
                                   pool != NULL ? pool_variance_of(&analysis->split, &split) : 0.0, &summary, error));
    FB_TRY(fb_evaluation_write(evaluation, &summary, c->output, fb_seconds() - progress.started, error));
    if (common->json) {
        FB_TRY(fb_print_json(fb_evaluation_json(evaluation, &summary), error));
    } else {
        print_table(evaluation, &summary);
        printf("  results            %s/summary.json, scores.json, result_<set>.json\n", c->output);
    }
    if (pool_path == NULL && strncmp(analysis->identity.origin, "simulate/", 9) != 0) {
        fb_log(FB_LOG_WARNING,
               "%s was not made from simulated events, as far as it says; fresh simulated ones may not fit it: name a "
               "POOL",
               analysis_path);
    }
cleanup:
    if (made && status != FB_OK) {
        rmdir(c->output); /* stays if there is anything in it */
    }
    fb_evaluation_free(evaluation);
    fb_source_free(pool);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_evaluate(int argc, char **argv, fb_error *error)
{
    fb_common common = {.seed = 31415};
    choices c = {.drawn = "all", .n_sets = 5, .n_experiments = 4, .fit = fb_fit_options_default()};
    const fb_option options[] = {
        {"output", 'o', "DIR", FB_OPTION_TEXT, &c.output, 0, 0, "folder for the results"},
        {"num-of-sets", 0, "N", FB_OPTION_COUNT, &c.n_sets, 1, 1e6, "sets, each with its own true mu in [0.1, 3]"},
        {"num-pseudo-experiments", 0, "N", FB_OPTION_COUNT, &c.n_experiments, 1, 1e6, "experiments of a set"},
        {"random-seed", 0, "S", FB_OPTION_COUNT, &common.seed, 0, 9e18, "the same as --seed"},
        {"draw", 0, "LIST", FB_OPTION_TEXT, &c.drawn, 0, 0, "which nuisance parameters the experiments draw"},
        {"all-systematics", 0, NULL, FB_OPTION_FLAG, &c.all_systematics, 0, 0, "the same as --draw all"},
        {"overwrite", 0, NULL, FB_OPTION_FLAG, &c.overwrite, 0, 0, "replace the results of an earlier run"},
        FB_FIT_OPTIONS(c.fit)};
    fb_command_line line = {
        .name = "evaluate",
        .arguments = "ANALYSIS [POOL] -o DIR",
        .summary = "Runs pseudo-experiments through an analysis: pulls, coverage, width, score.",
        .details = "POOL: events to draw from, with the split of the analysis. Without it every experiment gets fresh "
                   "simulated\n"
                   "events. The true mu of each set and the nuisance parameters of each experiment come from the seed.",
        .example = "fair-baseline evaluate analysis.h5 -o results --num-of-sets 5 --num-pseudo-experiments 4",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common,
        .min_positional = 1,
        .max_positional = 2};
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    if (c.output == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "evaluate: -o DIR is missing");
    }
    FB_TRY(run(line.positional[0], line.n_positional > 1 ? line.positional[1] : NULL, &c, &common, error));
cleanup:
    return status;
}
