#include "baseline/commands/commands.h"
#include "baseline/commands/convert_events.h"
#include "baseline/config/command_line.h"
#include "holdout/formats/event_file.h"
#include "models/common/output.h"

typedef struct choices {
    int gzip;
    const char *metadata;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const choices *c = context;
    fb_metadata metadata = {0};
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_output_check_distinct(line->positional[0], line->positional[1], error));
    if (c->metadata != NULL) {
        FB_TRY(fb_metadata_read(c->metadata, &metadata, error));
    }
    FB_TRY(fb_event_file_open(line->positional[0], &source, error));
    FB_TRY(fb_convert_events(source, line->positional[1], "convert", fb_source_describe(source)->provenance, c->gzip,
                             &metadata, &line->common, error));
cleanup:
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_convert(int argc, char **argv, fb_error *error)
{
    choices c = {0};
    fb_command_line line = {
        .arguments = "IN OUT",
        .summary =
            "Copies events between file formats; the extension (.h5, .hdf5, .csv; to read, .parquet) names the format.",
        .details =
            "Columns that the program derives itself (DER_...) are left out.\n"
            "An HDF5 file with one (N, 30) matrix of any name in its root is read too: the 28 features in official\n"
            "order, weight, class id (0 htautau, 1 ztautau, 2 ttbar, 3 diboson).",
        .example = "fair-baseline convert FAIR_Universe_HiggsML_data.parquet events.h5",
        .min_positional = 2};
    fb_convert_events_add_gzip(&line.options, &c.gzip);
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_METADATA_HELP);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
