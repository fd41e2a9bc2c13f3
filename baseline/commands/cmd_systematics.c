#include <stdio.h>

#include "baseline/analysis/process_counts.h"
#include "baseline/analysis/split_metadata.h"
#include "baseline/commands/commands.h"
#include "baseline/experiments/evaluation.h"
#include "baseline/support/progress.h"
#include "holdout/events/sink.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pipeline.h"
#include "models/common/text.h"

/* Where finished blocks go. */
typedef struct destination {
    const fb_event_part *part;
    fb_sink *sink;
    fb_process_counts counts;
} destination;

static fb_status write_block(void *context, int slot, fb_block *block, fb_error *error)
{
    destination *to = context;
    (void)slot;
    fb_process_counts_add(&to->counts, block->events);
    return fb_event_part_write(to->part, to->sink, block, block->derived, error);
}

typedef struct choices {
    fb_nuisances nuisances;
    fb_generator generator; /* of the soft-MET noise */
    bool select;
    fb_event_part part;
} choices;

static fb_status prepare_noise(fb_noise *noise, const choices *c, uint64_t seed, fb_source *source, fb_error *error)
{
    uint64_t n_rows = 0;
    fb_status status = FB_OK;
    if (c->generator == FB_GENERATOR_STREAMS) {
        fb_noise_init_streams(noise, seed);
        return FB_OK;
    }
    if (seed > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE, "--generator official: --seed %llu is not below 2^32",
                       (unsigned long long)seed);
    }
    if (c->nuisances.value[FB_SOFT_MET] > 0.0) {
        /* Its y numbers come after all x numbers. */
        status = fb_source_count(source, &n_rows, error);
    }
    fb_noise_init_sequence(noise, (uint32_t)seed, n_rows);
    return status;
}

/* All settings, in every digit. */
static void describe(const fb_nuisances *nuisances, bool select, const fb_noise *noise, char text[FB_ORIGIN_SIZE])
{
    char number[FB_NUMBER_SIZE];
    int used = snprintf(text, FB_ORIGIN_SIZE, "systematics");
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        used += snprintf(text + used, FB_ORIGIN_SIZE - (size_t)used, " %s=%s",
                         fb_nuisance_describe((fb_nuisance)k)->name, fb_text_of_double(nuisances->value[k], number));
    }
    snprintf(text + used, FB_ORIGIN_SIZE - (size_t)used, " noise=%s/%llu%s",
             noise->kind == FB_NOISE_STREAMS ? "streams" : "official", (unsigned long long)noise->seed,
             select ? "" : " no-selection");
}

static fb_status distort(fb_source *source, const choices *c, fb_noise *noise, bool quiet, destination *to,
                         fb_error *error)
{
    fb_progress progress;
    fb_pipeline pipeline = fb_pipeline_default();
    fb_progress_start(&progress, "systematics", fb_source_describe(source)->n_rows, quiet);
    pipeline.stages.nuisances = c->nuisances;
    pipeline.stages.select = c->select;
    pipeline.stages.noise = noise;
    fb_event_part_choose(&c->part, &pipeline);
    pipeline.collect = write_block;
    pipeline.context = to;
    pipeline.progress = fb_progress_show;
    pipeline.progress_context = &progress;
    const fb_status status = fb_pipeline_run(&pipeline, source, error);
    fb_progress_end(&progress);
    return status;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const char *input = line->positional[0], *output = line->positional[1];
    char provenance[FB_ORIGIN_SIZE];
    fb_source *source = NULL;
    fb_noise noise;
    destination to = {.part = &c->part};
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(input, &source, error));
    const fb_source_info *info = fb_source_describe(source);
    if (info->stage == FB_EVENTS_OBSERVED) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already", input));
    }
    FB_TRY(fb_event_part_measure(&c->part, source, error));
    FB_TRY(prepare_noise(&noise, c, line->common.seed, source, error));
    describe(&c->nuisances, c->select, &noise, provenance);
    fb_event_part_describe(&c->part, provenance);
    const fb_sink_settings settings = {.weights = info->has_weights,
                                       .processes = info->has_processes,
                                       .derived = true,
                                       .rows = c->part.row_numbers,
                                       .stage = c->select ? FB_EVENTS_OBSERVED : FB_EVENTS_UNKNOWN,
                                       .origin = "",
                                       .provenance = provenance};
    FB_TRY(fb_event_file_create(output, &settings, &to.sink, error));
    FB_TRY(distort(source, c, &noise, line->common.quiet, &to, error));
    FB_TRY(fb_sink_commit(to.sink, error));
    if (line->common.json) {
        json_t *root = fb_process_counts_json(&to.counts);
        fb_event_part_json(&c->part, root);
        FB_TRY(fb_command_line_print(line, root, error));
    } else {
        fb_process_counts_print(stdout, &to.counts, output);
        fb_event_part_print(&c->part);
    }
cleanup:
    fb_sink_free(to.sink);
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_systematics(int argc, char **argv, fb_error *error)
{
    choices c = {.nuisances = fb_nuisance_nominal(),
                 .generator = FB_GENERATOR_OFFICIAL,
                 .select = true,
                 .part = fb_event_part_default()};
    fb_command_line line = {
        .arguments = "IN OUT",
        .summary = "Distorts events with the six systematics of the challenge, selects them, adds the derived columns.",
        .details =
            "Rows keep their order. Weights and processes are carried along; the three scales act on the weights.\n"
            "--seed is that of the soft-MET noise; the official program always uses the "
            "default.\n" FB_EVENT_PART_DETAILS,
        .example = "fair-baseline systematics events.h5 biased.h5 --tes 1.02 --soft-met 2",
        .common = {.seed = FB_NOISE_OFFICIAL_SEED},
        .output_positional = 2,
        .min_positional = 2};
    fb_command_line_add_nuisances(&line.options, &c.nuisances);
    fb_option_add_choice(&line.options, "generator", "NAME", &c.generator, fb_evaluation_generator_names,
                         "soft-MET noise: official (numpy's) or streams");
    fb_option_add_no_flag(&line.options, "no-selection", &c.select, "keep all events and jets");
    fb_event_part_add_options(&line.options, &c.part);
    fb_option_add_text(&line.options, "metadata", "FILE", &c.part.metadata, FB_SPLIT_METADATA_HELP)->needs = "part";
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
