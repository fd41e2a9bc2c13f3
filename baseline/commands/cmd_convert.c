#include <stdio.h>

#include "baseline/commands/commands.h"
#include "baseline/support/json_output.h"
#include "holdout/formats/event_file.h"
#include "models/common/output.h"

static fb_status write_piece(void *sink, const fb_events *piece, fb_error *error)
{
    return fb_sink_write(sink, piece, NULL, error);
}

fb_status fb_cmd_convert_events(const fb_command_line *line, fb_source *source, const char *path,
                                const char *provenance, int gzip, const fb_metadata *metadata, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    const fb_sink_settings settings = {.weights = info->has_weights,
                                       .processes = info->has_processes,
                                       .stage = info->stage,
                                       .origin = info->origin,
                                       .provenance = provenance,
                                       .gzip = gzip};
    fb_sink *sink = NULL;
    fb_process_counts counts = {0};
    char checksum[FB_CHECKSUM_TEXT_SIZE];
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_create(path, &settings, &sink, error));
    FB_TRY(fb_process_counts_read(source, line->name, line->common.quiet, write_piece, sink, &counts, checksum, error));
    FB_TRY(fb_metadata_check(metadata, info->name, &counts, error));
    FB_TRY(fb_sink_commit(sink, error));
    if (line->common.json) {
        json_t *root = fb_process_counts_json(&counts);
        json_object_set_new(root, "checksum", json_string(checksum));
        FB_TRY(fb_json_output_print(root, error));
    } else {
        fb_process_counts_print(stdout, &counts, path);
        printf("  checksum %s\n", checksum);
    }
cleanup:
    fb_sink_free(sink);
    return status;
}

typedef struct choices {
    int gzip;
    const char *metadata;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const choices *c = context;
    fb_metadata metadata;
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_output_check_distinct(line->positional[0], line->positional[1], error));
    FB_TRY(fb_metadata_read(c->metadata, &metadata, error));
    FB_TRY(fb_event_file_open(line->positional[0], &source, error));
    FB_TRY(fb_cmd_convert_events(line, source, line->positional[1], fb_source_describe(source)->provenance, c->gzip,
                                 &metadata, error));
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
    fb_option_add_integer(&line.options, "gzip", "N", &c.gzip, 0, 9, "compress HDF5 columns, for files to ship");
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_METADATA_HELP);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
