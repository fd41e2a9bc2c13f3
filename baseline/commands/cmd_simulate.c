#include <stdio.h>

#include "baseline/commands/commands.h"
#include "baseline/commands/convert_events.h"
#include "baseline/config/command_line.h"
#include "holdout/simulation/simulation.h"

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
        .needs_output = true,
        .common = &common};
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(parse_mixture(mixture, simulation.mixture, error));
    simulation.seed = common.seed;
    FB_TRY(fb_simulation_source(&simulation, &source, error));
    FB_TRY(fb_convert_events(source, output, "simulate", fb_source_describe(source)->origin, (int)gzip, NULL, &common,
                             error));
cleanup:
    fb_source_free(source);
    return status;
}
