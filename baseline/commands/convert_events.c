#include "baseline/commands/convert_events.h"

#include <stdio.h>

#include "baseline/analysis/process_counts.h"
#include "baseline/support/json_output.h"
#include "baseline/support/progress.h"
#include "holdout/events/checksum.h"
#include "holdout/formats/event_file.h"
#include "models/common/interrupt.h"
#include "models/common/log.h"

static fb_status copy_pieces(fb_source *source, fb_sink *sink, fb_hash *checksum, fb_process_counts *counts,
                             fb_progress *progress, fb_error *error)
{
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        FB_TRY(fb_sink_write(sink, piece, NULL, error));
        FB_TRY(fb_checksum_update(checksum, piece, error));
        fb_process_counts_add(counts, piece);
        fb_progress_show(progress, counts->n_rows);
    } while (piece->n > 0);
cleanup:
    fb_events_free(piece);
    return status;
}

static fb_status print_copied(const char *path, const fb_process_counts *counts, const fb_hash *checksum, bool json,
                              fb_error *error)
{
    char text[FB_CHECKSUM_TEXT_SIZE];
    fb_checksum_text(checksum, text);
    if (json) {
        json_t *root = fb_process_counts_json(counts);
        json_object_set_new(root, "checksum", json_string(text));
        return fb_json_output_print(root, error);
    }
    fb_process_counts_print(stdout, counts, path);
    printf("  checksum %s\n", text);
    return FB_OK;
}

void fb_convert_events_add_gzip(fb_option_table *table, int *gzip)
{
    fb_option_add_integer(table, "gzip", "N", gzip, 0, 9, "compress HDF5 columns, for files to ship");
}

fb_status fb_convert_events(fb_source *source, const char *path, const char *what, const char *provenance, int gzip,
                            const fb_metadata *metadata, const fb_common *common, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    const fb_sink_settings settings = {.weights = info->has_weights,
                                       .processes = info->has_processes,
                                       .stage = info->stage,
                                       .origin = info->origin,
                                       .provenance = provenance,
                                       .gzip = gzip};
    fb_sink *sink = NULL;
    fb_hash *checksum = NULL;
    fb_process_counts counts = {0};
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_create(path, &settings, &sink, error));
    FB_TRY(fb_hash_create(&checksum, error));
    fb_progress progress = fb_progress_start(what, info->n_rows, common->quiet);
    status = copy_pieces(source, sink, checksum, &counts, &progress, error);
    fb_progress_end(&progress);
    FB_TRY(status);
    if (metadata != NULL) {
        FB_TRY(fb_metadata_check(metadata, info->name, &counts, error));
    }
    FB_TRY(fb_sink_commit(sink, error));
    FB_TRY(print_copied(path, &counts, checksum, common->json, error));
cleanup:
    fb_hash_free(checksum);
    fb_sink_free(sink);
    return status;
}
