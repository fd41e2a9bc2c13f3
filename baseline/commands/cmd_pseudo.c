#include <stdio.h>

#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/experiments/event_pool.h"
#include "holdout/formats/event_file.h"
#include "holdout/pseudo/pool.h"
#include "holdout/pseudo/pseudo_data.h"
#include "models/common/output.h"

typedef struct choices {
    const char *output;
    fb_split_settings split;
    fb_truth truth;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *input = line->positional[0];
    const fb_split split = fb_split_of(&c->split);
    fb_source *source = NULL;
    fb_sink *sink = NULL;
    fb_pseudo_data observed = {0};
    const fb_visitor visitor = {.visit = fb_pseudo_data_add, .context = &observed};
    fb_event_pool pool;
    char provenance[FB_ORIGIN_SIZE];
    fb_status status = FB_OK;
    c->truth.seed = line->common.seed;
    FB_TRY(fb_output_check_distinct(input, c->output, error));
    FB_TRY(fb_event_file_open(input, &source, error));
    FB_TRY(fb_event_pool_from(source, &split, &pool, error));
    /* The true values are not written: the file is a blind test. */
    snprintf(provenance, sizeof provenance, "pseudo seed=%llu", (unsigned long long)c->truth.seed);
    fb_sink_settings settings = {
        .derived = true, .stage = FB_EVENTS_OBSERVED, .origin = pool.origin, .provenance = provenance};
    FB_TRY(fb_event_file_create(c->output, &settings, &sink, error));
    FB_TRY(fb_pool_draw(source, &pool.split, 1, &c->truth, &visitor, error));
    FB_TRY(fb_pseudo_data_shuffle(&observed, c->truth.seed, error));
    FB_TRY(fb_pseudo_data_write(&observed, sink, error));
    FB_TRY(fb_sink_commit(sink, error));
    fb_split_warnings_heavy_pool(&pool.split);
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
    choices c = {.split = fb_split_default(), .truth = {.mu = 1.0, .nuisances = fb_nuisance_nominal()}};
    fb_command_line line = {
        .arguments = "EVENTS -o FILE",
        .summary = "Draws one pseudo-experiment from the pool part of the events, distorts and selects it.",
        .details =
            "Every pool event enters Poisson(scale * weight) times; the result has no weights and no processes.\n"
            "Use the same split options as for 'train': 'fit' refuses rows that may have been trained on.",
        .example = "fair-baseline pseudo events.h5 -o pseudo.h5 --mu 1.4 --tes 1.01 --seed 7",
        .common = {.seed = 1},
        .min_positional = 1};
    fb_option_add_output(&line.options, "FILE", &c.output, "file to write (.h5, .hdf5, .csv)");
    fb_option_add_number(&line.options, "mu", "X", &c.truth.mu, 0, 100, "true signal strength");
    fb_command_line_add_nuisances(&line.options, &c.truth.nuisances);
    fb_train_options_add_split(&line.options, &c.split);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
