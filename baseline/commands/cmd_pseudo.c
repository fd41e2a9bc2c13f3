#include <stdio.h>

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/experiments/evaluation.h"
#include "baseline/experiments/event_pool.h"
#include "holdout/formats/event_file.h"
#include "holdout/pseudo/official_sample.h"
#include "holdout/pseudo/pool.h"
#include "holdout/pseudo/pseudo_data.h"

typedef struct choices {
    const char *output, *metadata;
    fb_split_settings split;
    fb_truth truth;
    fb_generator generator;
    bool all_rows, is_poisson;
} choices;

/* A scale that is not nominal was switched on. */
static fb_nuisance_mask find_drawn(const fb_nuisances *nuisances)
{
    const fb_nuisances nominal = fb_nuisance_nominal();
    fb_nuisance_mask drawn = 0;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        drawn |= nuisances->value[k] != nominal.value[k] ? 1U << k : 0U;
    }
    return drawn;
}

static fb_status draw_official(const choices *c, const fb_event_pool *pool, const fb_visitor *visitor, fb_error *error)
{
    const fb_official_truth truth = {c->truth.mu, c->truth.nuisances, find_drawn(&c->truth.nuisances),
                                     (uint32_t)c->truth.seed};
    const fb_official_pool all = {.source = pool->source, .n_rows = FB_ROWS_UNKNOWN};
    const fb_official_pool first = fb_official_sample_pool(pool->source, &pool->split);
    fb_noise_table table = {0};
    fb_status status =
        fb_official_sample_visit(c->all_rows ? &all : &first, &truth, c->is_poisson, &table, 0, visitor, error);
    fb_noise_table_clear(&table);
    return status;
}

static fb_status draw(const choices *c, const fb_event_pool *pool, fb_pseudo_data *observed, fb_error *error)
{
    const fb_visitor visitor = {.visit = fb_pseudo_data_add, .context = observed};
    fb_status status = c->generator == FB_GENERATOR_OFFICIAL
                           ? draw_official(c, pool, &visitor, error)
                           : fb_pool_draw(pool->source, &pool->split, 1, &c->truth, &visitor, error);
    return status == FB_OK ? fb_pseudo_data_arrange(observed, c->truth.seed, error) : status;
}

static fb_status check(const choices *c, fb_error *error)
{
    const fb_official_run run = {.seed = (uint32_t)c->truth.seed, .n_sets = 1, .n_experiments = 1};
    if (c->generator != FB_GENERATOR_OFFICIAL) {
        return c->all_rows || !c->is_poisson
                   ? fb_fail(error, FB_ERROR_USAGE, "pseudo: --all-rows and --no-poisson go with --generator official")
                   : FB_OK;
    }
    if (!c->all_rows && c->split.rule != FB_SPLIT_OFFICIAL) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "pseudo: the official generator draws from the first 30 %% of the rows, --split-rule official, "
                       "or from --all-rows");
    }
    if (c->truth.seed > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE, "pseudo: the official generator's seeds end at 4294967295");
    }
    return fb_official_truth_check_run(&run, error);
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *input = line->positional[0];
    const fb_split split = fb_split_of(&c->split);
    fb_source *source = NULL;
    fb_sink *sink = NULL;
    fb_pseudo_data observed = {0};
    fb_event_pool pool;
    char provenance[FB_ORIGIN_SIZE];
    fb_status status = FB_OK;
    c->truth.seed = line->common.seed;
    FB_TRY(check(c, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_event_pool_from(source, c->metadata, &split, &pool, error));
    if (c->all_rows) {
        /* No split keeps them apart from rows that were trained on. */
        fb_identity identity;
        FB_TRY(fb_analysis_identify(source, NULL, &identity, error));
        fb_analysis_pool_origin(&identity, NULL, pool.origin);
    }
    /* The true values are not written: the file is a blind test. */
    snprintf(provenance, sizeof provenance, "pseudo seed=%llu", (unsigned long long)c->truth.seed);
    fb_sink_settings settings = {
        .derived = true, .stage = FB_EVENTS_OBSERVED, .origin = pool.origin, .provenance = provenance};
    FB_TRY(fb_event_file_create(c->output, &settings, &sink, error));
    FB_TRY(draw(c, &pool, &observed, error));
    FB_TRY(fb_pseudo_data_write(&observed, sink, error));
    FB_TRY(fb_sink_commit(sink, error));
    if (!c->all_rows) {
        fb_split_warnings_heavy_pool(&pool.split);
    }
    if (line->common.json) {
        FB_TRY(fb_command_line_print(line, json_pack("{s:I}", "events", (json_int_t)observed.n), error));
    } else {
        printf("%s: %zu events\n", c->output, observed.n);
    }
cleanup:
    fb_pseudo_data_clear(&observed);
    fb_sink_free(sink);
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_pseudo(int argc, char **argv, fb_error *error)
{
    choices c = {
        .split = fb_split_default(), .truth = {.mu = 1.0, .nuisances = fb_nuisance_nominal()}, .is_poisson = true};
    fb_command_line line = {
        .arguments = "EVENTS -o FILE",
        .summary = "Draws one pseudo-experiment from the pool part of the events, distorts and selects it.",
        .details =
            "Every pool event enters Poisson(scale * weight) times; the result has no weights and no processes.\n"
            "Use the same split options as for 'train': 'fit' refuses rows that may have been trained on.\n"
            "--generator official draws what the official program draws with the seed --seed, in its order; a scale "
            "that is\nnot 1 counts as switched on.",
        .example = "fair-baseline pseudo events.h5 -o pseudo.h5 --mu 1.4 --tes 1.01 --seed 7",
        .common = {.seed = 1},
        .min_positional = 1};
    fb_option_add_output_file(&line.options, "FILE", &c.output, "file to write (.h5, .hdf5, .csv, .parquet)");
    fb_option_add_number(&line.options, "mu", "X", &c.truth.mu, 0, 100, "true signal strength");
    fb_command_line_add_nuisances(&line.options, &c.truth.nuisances);
    fb_option_add_choice(&line.options, "generator", "NAME", &c.generator, fb_evaluation_generator_names,
                         "streams, or official: the official program's draws, bit for bit");
    fb_option_add_flag(&line.options, "all-rows", &c.all_rows,
                       "official: draw from all rows, whose weights stay as they are, instead of the first 30 %")
        ->excludes = "split split-rule split-seed";
    fb_option_add_no_flag(&line.options, "no-poisson", &c.is_poisson, "official: as the program's poisson=False");
    fb_train_options_add_split(&line.options, &c.split);
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_SPLIT_METADATA_HELP);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
