#include "baseline/commands/commands.h"
#include "holdout/simulation/simulation.h"
#include "models/common/text.h"

typedef struct choices {
    const char *output;
    fb_simulation simulation;
    fb_convert_options options;
} choices;

/* That they are positive is the simulation's business. */
static fb_status parse_mixture(const char *text, void *value, fb_error *error)
{
    return fb_text_to_doubles(text, FB_N_PROCESS, value)
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE,
                         "expected four numbers > 0 for htautau,ztautau,ttbar,diboson, separated by commas");
}

static bool write_mixture(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    fb_text_of_doubles(FB_N_PROCESS, value, text, FB_OPTION_TEXT_SIZE);
    return k == 0;
}

static const fb_option_type mixture = {.parse = parse_mixture, .write = write_mixture};

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    const fb_metadata nothing = {0};
    fb_source *source = NULL;
    fb_status status = FB_OK;
    c->simulation.seed = line->common.seed;
    FB_TRY(fb_simulation_source(&c->simulation, &source, error));
    FB_TRY(fb_cmd_convert_events(line, source, c->output, fb_source_describe(source)->origin, &c->options, &nothing,
                                 error));
cleanup:
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_simulate(int argc, char **argv, fb_error *error)
{
    choices c = {.simulation = fb_simulation_default(), .options = fb_cmd_convert_default()};
    fb_command_line line = {
        .arguments = "-o FILE",
        .summary = "Simulates events of the four processes, weighted to the yields expected at 10 fb^-1.",
        .details =
            "Event number i depends on the seed and the mixture only: a longer simulation starts with the same events.",
        .example = "fair-baseline simulate -o events.h5 --events 1000000 --seed 1",
        .common = {.seed = c.simulation.seed}};
    c.simulation.n_events = 1000000;
    fb_option_add_output_file(&line.options, "FILE", &c.output, "file to write (.h5, .hdf5, .csv, .parquet)");
    fb_option_add_count(&line.options, "events", "N", &c.simulation.n_events, 1, 1e12, "number of events");
    fb_option_add_parsed(&line.options, "mixture", "H,Z,T,V", c.simulation.mixture, &mixture,
                         "shares of htautau, ztautau, ttbar, diboson");
    fb_cmd_convert_add_options(&line.options, &c.options);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
