#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baseline/commands/commands.h"
#include "baseline/support/json_output.h"
#include "baseline/support/progress.h"
#include "holdout/events/checksum.h"
#include "holdout/formats/event_file.h"
#include "models/common/output.h"

/* Derived columns are copied as data have them; those of simulation are of other events as soon as it is distorted. */
static bool copies_derived(const fb_source_info *info)
{
    return info->has_derived && !info->has_processes;
}

/* NULL: they are not copied. */
static float *const *derived_of(const fb_events *events)
{
    return events->derived[0] != NULL ? events->derived : NULL;
}

static fb_status write_piece(void *sink, const fb_events *piece, fb_error *error)
{
    return fb_sink_write(sink, piece, derived_of(piece), error);
}

/* Where the rows of a part go. */
typedef struct part_copy {
    const fb_event_part *part;
    fb_sink *sink;
    fb_process_counts *counts;
    fb_hash *checksum;
} part_copy;

static fb_status write_block(void *context, int slot, fb_block *block, fb_error *error)
{
    part_copy *copy = context;
    fb_status status = FB_OK;
    (void)slot;
    FB_TRY(fb_event_part_write(copy->part, copy->sink, block, derived_of(block->events), error));
    FB_TRY(fb_checksum_update(copy->checksum, block->events, error));
    fb_process_counts_add(copy->counts, block->events);
cleanup:
    return status;
}

/* As fb_process_counts_read, with the rows of a part alone, or with the numbers of the rows. */
static fb_status copy_part(const fb_command_line *line, fb_source *source, const fb_event_part *part, fb_sink *sink,
                           fb_process_counts *counts, char checksum[FB_CHECKSUM_TEXT_SIZE], fb_error *error)
{
    part_copy copy = {.part = part, .sink = sink, .counts = counts};
    fb_pipeline pipeline = fb_pipeline_default();
    fb_progress progress;
    fb_status status = FB_OK;
    fb_progress_start(&progress, line->name, fb_source_describe(source)->n_rows, line->common.quiet);
    FB_TRY(fb_hash_create(&copy.checksum, error));
    fb_event_part_choose(part, &pipeline);
    pipeline.keeps_derived = copies_derived(fb_source_describe(source));
    pipeline.stages.distort = false;
    pipeline.stages.select = false;
    pipeline.collect = write_block;
    pipeline.context = &copy;
    pipeline.progress = fb_progress_show;
    pipeline.progress_context = &progress;
    FB_TRY(fb_pipeline_run(&pipeline, source, error));
    fb_checksum_text(copy.checksum, checksum);
cleanup:
    fb_progress_end(&progress);
    fb_hash_free(copy.checksum);
    return status;
}

static fb_status copy_events(const fb_command_line *line, fb_source *source, const fb_event_part *part, fb_sink *sink,
                             fb_process_counts *counts, char checksum[FB_CHECKSUM_TEXT_SIZE], fb_error *error)
{
    return fb_event_part_is_chosen(part) || part->row_numbers
               ? copy_part(line, source, part, sink, counts, checksum, error)
               : fb_process_counts_read(source, line->name, line->common.quiet,
                                        copies_derived(fb_source_describe(source)), write_piece, sink, counts, checksum,
                                        error);
}

fb_convert_options fb_cmd_convert_default(void)
{
    return (fb_convert_options){.part = fb_event_part_default()};
}

void fb_cmd_convert_add_options(fb_option_table *table, fb_convert_options *options)
{
    fb_option_add_integer(table, "gzip", "N", &options->gzip, 0, 9, "compress HDF5 columns, for files to ship");
    fb_option_add_text(table, "write-metadata", "FILE", &options->write_metadata, FB_METADATA_WRITE_HELP)->is_file =
        true;
}

/* Begins the JSON beside the events `path`, so that a name that cannot be written is noticed before the work. */
static fb_status start_metadata(const fb_source_info *info, const char *path, const char *metadata, fb_output **out,
                                fb_error *error)
{
    char *temporary = NULL;
    fb_status status = FB_OK;
    if (!info->has_weights) {
        return fb_fail(error, FB_ERROR_DATA, "%s: has no column weights, whose sum --write-metadata writes",
                       info->name);
    }
    FB_TRY(fb_output_create(metadata, out, error));
    FB_TRY(fb_output_temporary_name(path, &temporary, error));
    /* However the two names are spelt, one file has one temporary file. */
    if (access(temporary, F_OK) == 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "--write-metadata: '%s' is the file of the events", metadata);
    }
cleanup:
    free(temporary);
    return status;
}

static fb_status print_copied(const fb_command_line *line, const char *path, const fb_process_counts *counts,
                              const fb_event_part *part, const char *checksum, fb_error *error)
{
    if (!line->common.json) {
        fb_process_counts_print(stdout, counts, path);
        fb_event_part_print(part);
        printf("  checksum %s\n", checksum);
        return FB_OK;
    }
    json_t *root = fb_process_counts_json(counts);
    fb_event_part_json(part, root);
    json_object_set_new(root, "checksum", json_string(checksum));
    return fb_command_line_print(line, root, error);
}

fb_status fb_cmd_convert_events(const fb_command_line *line, fb_source *source, const char *path,
                                const char *provenance, const fb_convert_options *options, const fb_metadata *metadata,
                                fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    const fb_sink_settings settings = {.weights = info->has_weights,
                                       .processes = info->has_processes,
                                       .derived = copies_derived(info),
                                       .stage = info->stage,
                                       /* Other rows than those of this origin. */
                                       .origin = fb_event_part_is_chosen(&options->part) ? "" : info->origin,
                                       .rows = options->part.row_numbers,
                                       .provenance = provenance,
                                       .gzip = options->gzip};
    fb_sink *sink = NULL;
    fb_output *beside = NULL;
    fb_process_counts counts = {0};
    char checksum[FB_CHECKSUM_TEXT_SIZE];
    fb_status status = FB_OK;
    if (options->write_metadata != NULL) {
        FB_TRY(start_metadata(info, path, options->write_metadata, &beside, error));
    }
    FB_TRY(fb_event_file_create(path, &settings, &sink, error));
    FB_TRY(copy_events(line, source, &options->part, sink, &counts, checksum, error));
    FB_TRY(fb_metadata_check(metadata, info->name, &counts, error));
    /* Both are complete before either gets its name. */
    if (beside != NULL) {
        FB_TRY(fb_json_output_to(beside, fb_metadata_json(&counts), error));
    }
    FB_TRY(fb_sink_commit(sink, error));
    if (beside != NULL) {
        FB_TRY(fb_output_commit(beside, error));
    }
    FB_TRY(print_copied(line, path, &counts, &options->part, checksum, error));
cleanup:
    fb_output_free(beside);
    fb_sink_free(sink);
    return status;
}

typedef struct choices {
    fb_convert_options options;
    const char *metadata;
} choices;

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    char provenance[FB_ORIGIN_SIZE];
    fb_metadata metadata = {0};
    fb_source *source = NULL;
    fb_status status = FB_OK;
    c->options.part.metadata = c->metadata;
    /* The metadata are about all rows: with a part they are compared when it is measured. */
    if (!fb_event_part_is_chosen(&c->options.part)) {
        FB_TRY(fb_metadata_read(c->metadata, &metadata, error));
    }
    FB_TRY(fb_event_file_open(line->positional[0], &source, error));
    FB_TRY(fb_event_part_measure(&c->options.part, source, error));
    snprintf(provenance, sizeof provenance, "%s", fb_source_describe(source)->provenance);
    fb_event_part_describe(&c->options.part, provenance);
    FB_TRY(fb_cmd_convert_events(line, source, line->positional[1], provenance, &c->options, &metadata, error));
cleanup:
    fb_source_free(source);
    return status;
}

fb_status fb_cmd_convert(int argc, char **argv, fb_error *error)
{
    choices c = {.options = fb_cmd_convert_default()};
    fb_command_line line = {
        .arguments = "IN OUT",
        .summary = "Copies events between file formats; the extension (.h5, .hdf5, .csv, .parquet) names the format.",
        .details =
            "The 12 columns DER_... of data are copied, those of simulation are left out.\n"
            "An HDF5 file with one (N, 30) matrix of any name in its root is read too: the 28 features in official\n"
            "order, weight, class id (0 htautau, 1 ztautau, 2 ttbar, 3 diboson); or (N, 28), the features of "
            "data.\n" FB_EVENT_PART_DETAILS,
        .example = "fair-baseline convert FAIR_Universe_HiggsML_data.parquet events.h5",
        .output_positional = 2,
        .min_positional = 2};
    fb_cmd_convert_add_options(&line.options, &c.options);
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_METADATA_HELP);
    fb_event_part_add_options(&line.options, &c.options.part);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
