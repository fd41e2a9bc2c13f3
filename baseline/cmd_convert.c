#include "baseline/cli.h"
#include "baseline/commands.h"
#include "baseline/print.h"
#include "baseline/progress.h"
#include "baseline/tally.h"
#include "holdout/checksum.h"
#include "holdout/sink.h"
#include "models/ground/interrupt.h"

static fb_status copy(fb_source *source, fb_sink *sink, fb_checksum *checksum, fb_tally *tally, fb_progress *progress,
                      fb_error *error)
{
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    for (;;) {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        if (piece->n == 0) {
            break;
        }
        FB_TRY(fb_sink_write(sink, piece, NULL, error));
        FB_TRY(fb_checksum_update(checksum, piece, error));
        fb_tally_add(tally, piece);
        fb_progress_show(progress, tally->n_rows);
    }
cleanup:
    fb_events_free(piece);
    return status;
}

fb_status fb_cmd_convert(int argc, char **argv, fb_error *error)
{
    fb_common common = {0};
    uint64_t gzip = 0;
    const fb_option options[] = {
        {"gzip", 0, "N", FB_OPTION_COUNT, &gzip, 0, 9, "compress HDF5 columns, for files to ship"}};
    fb_command_line line = {
        .name = "convert",
        .arguments = "IN OUT",
        .summary = "Copies events between file formats; the extension (.h5, .hdf5, .csv) names the format.",
        .details = "Columns that the program derives itself (DER_...) are left out.",
        .example = "fair-baseline convert FAIR_Universe_HiggsML_data_1000.csv events.h5",
        .options = options,
        .n_options = 1,
        .common = &common,
        .min_positional = 2,
        .max_positional = 2};
    fb_source *source = NULL;
    fb_sink *sink = NULL;
    fb_checksum *checksum = NULL;
    fb_tally tally = {0};
    fb_status status = FB_OK;
    char text[FB_CHECKSUM_TEXT_SIZE];
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(fb_source_open(line.positional[0], &source, error));
    const fb_source_info *info = fb_source_describe(source);
    fb_sink_settings settings = {.weights = info->has_weights,
                                 .processes = info->has_processes,
                                 .stage = info->stage,
                                 .origin = info->origin,
                                 .provenance = info->provenance,
                                 .gzip = (int)gzip};
    FB_TRY(fb_sink_create(line.positional[1], &settings, &sink, error));
    FB_TRY(fb_checksum_create(&checksum, error));
    fb_progress progress = fb_progress_start("convert", info->n_rows, common.quiet);
    status = copy(source, sink, checksum, &tally, &progress, error);
    fb_progress_end(&progress);
    FB_TRY(status);
    FB_TRY(fb_sink_commit(sink, error));
    fb_checksum_text(checksum, text);
    if (common.json) {
        json_t *root = fb_tally_json(&tally);
        json_object_set_new(root, "checksum", json_string(text));
        FB_TRY(fb_print_json(root, error));
    } else {
        fb_tally_print(&tally, line.positional[1]);
        printf("  checksum %s\n", text);
    }
cleanup:
    fb_checksum_free(checksum);
    fb_sink_free(sink);
    fb_source_free(source);
    return status;
}
