#include "baseline/commands/commands.h"
#include "baseline/commands/convert_events.h"
#include "baseline/config/command_line.h"
#include "holdout/formats/event_file.h"
#include "models/common/output.h"

fb_status fb_cmd_convert(int argc, char **argv, fb_error *error)
{
    fb_common common = {0};
    uint64_t gzip = 0;
    const char *facts = NULL;
    fb_metadata metadata = {0};
    const fb_option options[] = {
        {"gzip", 0, "N", FB_OPTION_COUNT, &gzip, 0, 9, "compress HDF5 columns, for files to ship"},
        {"metadata", 0, "FILE", FB_OPTION_TEXT, &facts, 0, 0, FB_METADATA_HELP}};
    fb_command_line line = {
        .name = "convert",
        .arguments = "IN OUT",
        .summary =
            "Copies events between file formats; the extension (.h5, .hdf5, .csv; to read, .parquet) names the format.",
        .details =
            "Columns that the program derives itself (DER_...) are left out.\n"
            "An HDF5 file with one (N, 30) matrix of any name in its root is read too: the 28 features in official\n"
            "order, weight, class id (0 htautau, 1 ztautau, 2 ttbar, 3 diboson).",
        .example = "fair-baseline convert FAIR_Universe_HiggsML_data.parquet events.h5",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .common = &common,
        .min_positional = 2,
        .max_positional = 2};
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(fb_output_check_distinct(line.positional[0], line.positional[1], error));
    if (facts != NULL) {
        FB_TRY(fb_metadata_read(facts, &metadata, error));
    }
    FB_TRY(fb_event_file_open(line.positional[0], &source, error));
    FB_TRY(fb_convert_events(source, line.positional[1], "convert", fb_source_describe(source)->provenance, (int)gzip,
                             &metadata, &common, error));
cleanup:
    fb_source_free(source);
    return status;
}
