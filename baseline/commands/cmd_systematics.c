#include <stdio.h>
#include <string.h>

#include "baseline/analysis/process_counts.h"
#include "baseline/commands/commands.h"
#include "baseline/commands/convert_events.h"
#include "baseline/config/command_line.h"
#include "baseline/support/progress.h"
#include "holdout/events/sink.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pipeline.h"
#include "models/common/output.h"
#include "models/common/text.h"

/* Where finished blocks go. */
typedef struct destination {
    fb_sink *sink;
    fb_process_counts tally;
} destination;

static fb_status write_block(void *context, int slot, fb_block *block, fb_error *error)
{
    destination *to = context;
    (void)slot;
    fb_process_counts_add(&to->tally, block->events);
    return fb_sink_write(to->sink, block->events, block->derived, error);
}

static fb_status prepare_noise(fb_noise *noise, const char *generator, uint64_t seed, const fb_nuisances *nuisances,
                               fb_source *source, fb_error *error)
{
    if (strcmp(generator, "streams") == 0) {
        fb_noise_init_streams(noise, seed);
        return FB_OK;
    }
    if (strcmp(generator, "official") != 0 || seed > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--generator %s with --seed %llu: expected 'streams', or 'official' with a seed below 2^32",
                       generator, (unsigned long long)seed);
    }
    uint64_t n_rows = 0;
    fb_status status = FB_OK;
    if (nuisances->value[FB_SOFT_MET] > 0.0) {
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

static fb_status run(fb_source *source, const char *path, const fb_nuisances *nuisances, bool select, fb_noise *noise,
                     const fb_common *common, destination *to, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    char provenance[FB_ORIGIN_SIZE];
    describe(nuisances, select, noise, provenance);
    fb_sink_settings settings = {.weights = info->has_weights,
                                 .processes = info->has_processes,
                                 .derived = true,
                                 .stage = select ? FB_EVENTS_OBSERVED : FB_EVENTS_UNKNOWN,
                                 .origin = "",
                                 .provenance = provenance};
    fb_progress progress = fb_progress_start("systematics", info->n_rows, common->quiet);
    fb_pipeline pipeline = fb_pipeline_default();
    pipeline.stages.nuisances = *nuisances;
    pipeline.stages.select = select;
    pipeline.stages.noise = noise;
    pipeline.collect = write_block;
    pipeline.context = to;
    pipeline.progress = fb_progress_show;
    pipeline.progress_context = &progress;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_create(path, &settings, &to->sink, error));
    status = fb_pipeline_run(&pipeline, source, error);
    fb_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_sink_commit(to->sink, error));
cleanup:
    return status;
}

fb_status fb_cmd_systematics(int argc, char **argv, fb_error *error)
{
    fb_common common = {.seed = FB_NOISE_OFFICIAL_SEED};
    fb_nuisances nuisances = fb_nuisance_nominal();
    const char *generator = "official";
    bool no_selection = false;
    const fb_option options[] = {
        FB_NUISANCE_OPTIONS(nuisances),
        {"generator", 0, "NAME", FB_OPTION_TEXT, &generator, 0, 0, "soft-MET noise: official (numpy's) or streams"},
        {"no-selection", 0, NULL, FB_OPTION_FLAG, &no_selection, 0, 0, "keep all events and jets"}};
    fb_command_line line = {
        .name = "systematics",
        .arguments = "IN OUT",
        .summary = "Distorts events with the six systematics of the challenge, selects them, adds the derived columns.",
        .details =
            "Rows keep their order. Weights and processes are carried along; the three scales act on the weights.\n"
            "--seed is that of the soft-MET noise; the official program always uses the default.",
        .example = "fair-baseline systematics events.h5 biased.h5 --tes 1.02 --soft-met 2",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common,
        .min_positional = 2,
        .max_positional = 2};
    fb_source *source = NULL;
    fb_noise noise;
    destination to = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(fb_output_check_distinct(line.positional[0], line.positional[1], error));
    FB_TRY(fb_event_file_open(line.positional[0], &source, error));
    if (fb_source_describe(source)->stage == FB_EVENTS_OBSERVED) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already", line.positional[0]);
        goto cleanup;
    }
    FB_TRY(prepare_noise(&noise, generator, common.seed, &nuisances, source, error));
    FB_TRY(run(source, line.positional[1], &nuisances, !no_selection, &noise, &common, &to, error));
    if (common.json) {
        FB_TRY(fb_command_line_print(&line, fb_process_counts_json(&to.tally), error));
    } else {
        fb_process_counts_print(stdout, &to.tally, line.positional[1]);
    }
cleanup:
    fb_sink_free(to.sink);
    fb_source_free(source);
    return status;
}
