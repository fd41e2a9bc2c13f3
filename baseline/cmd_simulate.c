#include <stdio.h>

#include "baseline/cli.h"
#include "baseline/commands.h"
#include "baseline/print.h"
#include "baseline/progress.h"
#include "baseline/tally.h"
#include "holdout/checksum.h"
#include "holdout/simulate.h"
#include "holdout/sink.h"
#include "models/ground/interrupt.h"

static fb_status parse_mixture(const char *text, double mixture[FB_N_PROCESS], fb_error *error)
{
    char rest = '\0';
    if (sscanf(text, "%lf,%lf,%lf,%lf%c", &mixture[0], &mixture[1], &mixture[2], &mixture[3], &rest) != FB_N_PROCESS) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "--mixture: '%s' is not four numbers > 0 for htautau,ztautau,ttbar,diboson, separated by commas",
                       text);
    }
    return FB_OK;
}

static fb_status write_events(const fb_simulation *simulation, fb_sink *sink, fb_checksum *checksum, fb_tally *tally,
                              fb_progress *progress, fb_error *error)
{
    fb_source *source = NULL;
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_source_simulate(simulation, &source, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        FB_TRY(fb_sink_write(sink, piece, NULL, error));
        FB_TRY(fb_checksum_update(checksum, piece, error));
        fb_tally_add(tally, piece);
        fb_progress_show(progress, tally->n_rows);
    } while (piece->n > 0);
cleanup:
    fb_events_free(piece);
    fb_source_free(source);
    return status;
}

static fb_status simulate_to(const char *path, const fb_simulation *simulation, int gzip, const fb_common *common,
                             fb_error *error)
{
    fb_source *source = NULL;
    fb_sink *sink = NULL;
    fb_checksum *checksum = NULL;
    fb_tally tally = {.has_weights = true};
    char text[FB_CHECKSUM_TEXT_SIZE];
    char origin[FB_ORIGIN_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_source_simulate(simulation, &source, error));
    snprintf(origin, sizeof origin, "%s", fb_source_describe(source)->origin);
    fb_sink_settings settings = {.weights = true,
                                 .processes = true,
                                 .stage = FB_STAGE_RAW,
                                 .origin = origin,
                                 .provenance = origin,
                                 .gzip = gzip};
    FB_TRY(fb_sink_create(path, &settings, &sink, error));
    FB_TRY(fb_checksum_create(&checksum, error));
    fb_progress progress = fb_progress_start("simulate", simulation->n_events, common->quiet);
    status = write_events(simulation, sink, checksum, &tally, &progress, error);
    fb_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_sink_commit(sink, error));
    fb_checksum_text(checksum, text);
    if (common->json) {
        json_t *root = fb_tally_json(&tally);
        json_object_set_new(root, "checksum", json_string(text));
        FB_TRY(fb_print_json(root, error));
    } else {
        fb_tally_print(&tally, path);
        printf("  checksum %s\n", text);
    }
cleanup:
    fb_checksum_free(checksum);
    fb_sink_free(sink);
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_simulate(int argc, char **argv, fb_error *error)
{
    fb_simulation simulation = fb_simulation_default();
    fb_common common = {.seed = simulation.seed};
    const char *output = NULL, *mixture = NULL;
    uint64_t gzip = 0;
    char mixture_default[128];
    simulation.n_events = 1000000;
    snprintf(mixture_default, sizeof mixture_default, "%g,%g,%g,%g", simulation.mixture[0], simulation.mixture[1],
             simulation.mixture[2], simulation.mixture[3]);
    mixture = mixture_default;
    const fb_option options[] = {
        {"output", 'o', "FILE", FB_OPTION_TEXT, &output, 0, 0, "file to write (.h5, .hdf5, .csv)"},
        {"events", 0, "N", FB_OPTION_COUNT, &simulation.n_events, 1, 1e12, "number of events"},
        {"mixture", 0, "H,Z,T,V", FB_OPTION_TEXT, &mixture, 0, 0, "shares of htautau, ztautau, ttbar, diboson"},
        {"gzip", 0, "N", FB_OPTION_COUNT, &gzip, 0, 9, "compress HDF5 columns, for files to ship"}};
    fb_command_line line = {
        .name = "simulate",
        .arguments = "-o FILE",
        .summary = "Simulates events of the four processes, weighted to the yields expected at 10 fb^-1.",
        .details =
            "Event number i depends on the seed and the mixture only: a longer simulation starts with the same events.",
        .example = "fair-baseline simulate -o events.h5 --events 1000000 --seed 1",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common};
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    if (output == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "simulate: -o FILE is missing");
    }
    FB_TRY(parse_mixture(mixture, simulation.mixture, error));
    simulation.seed = common.seed;
    FB_TRY(simulate_to(output, &simulation, (int)gzip, &common, error));
cleanup:
    return status;
}
