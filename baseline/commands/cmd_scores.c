#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/analysis.h"
#include "baseline/commands/commands.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/templates/scorer.h"
#include "models/common/h5.h"
#include "models/common/memory.h"
#include "models/hardened.h"

/* --- the columns of the file -------------------------------------------------------------------------------------- */

enum { MOST_COLUMNS = FB_N_PROCESS + FB_N_SHAPE + 3 };

typedef struct columns {
    fb_h5_column *row, *bin, *process; /* process: NULL for data */
    fb_h5_column *value[MOST_COLUMNS]; /* float32 */
    int n_values;
    bool is_hardened, has_weights;
} columns;

static fb_status add_value(columns *c, fb_h5 *file, const char *name, const char *description, fb_error *error)
{
    char path[96];
    fb_status status = FB_OK;
    snprintf(path, sizeof path, "/scores/%s", name);
    FB_TRY(fb_h5_column_create(file, path, 0, NULL, 0, &c->value[c->n_values], error));
    c->n_values++;
    FB_TRY(fb_h5_set_text(file, path, "description", description, error));
cleanup:
    return status;
}

/* In the order in which fill_row gives their values. */
static fb_status add_hardened(columns *c, fb_h5 *file, fb_error *error)
{
    char name[64];
    fb_status status = FB_OK;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        snprintf(name, sizeof name, "fraction_%s", fb_process_name(process));
        FB_TRY(add_value(c, file, name, "of this process among the events expected here", error));
    }
    for (int which = 0; which < FB_N_SHAPE; which++) {
        snprintf(name, sizeof name, "derivative_%s", fb_nuisance_describe((fb_nuisance)which)->name);
        FB_TRY(add_value(c, file, name, "of ln density by this parameter in units of its prior width", error));
    }
    FB_TRY(add_value(c, file, "sum", "linear form of these, before it is made a score", error));
cleanup:
    return status;
}

static fb_status columns_create(const fb_analysis *analysis, const fb_source_info *info, fb_h5 *file, columns *c,
                                fb_error *error)
{
    const char *names[FB_N_PROCESS];
    fb_status status = FB_OK;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        names[process] = fb_process_name(process);
    }
    c->is_hardened = fb_hardened_is(analysis->classifier);
    c->has_weights = info->has_weights;
    FB_TRY(fb_h5_group(file, "/scores", error));
    FB_TRY(fb_h5_column_create_integers(file, "/scores/row", 0, &c->row, error));
    FB_TRY(fb_h5_column_create_integers(file, "/scores/bin", 0, &c->bin, error));
    if (info->has_processes) {
        FB_TRY(fb_h5_column_create(file, "/scores/detailed_labels", 0, names, FB_N_PROCESS, &c->process, error));
    }
    FB_TRY(add_value(c, file, "score", "of the classifier, 0 to 1", error));
    if (info->has_weights) {
        FB_TRY(add_value(c, file, "weights", "expected events at 10 fb^-1", error));
    }
    if (c->is_hardened) {
        FB_TRY(add_hardened(c, file, error));
    }
cleanup:
    return status;
}

static void columns_free(columns *c)
{
    fb_h5_column_free(c->row);
    fb_h5_column_free(c->bin);
    fb_h5_column_free(c->process);
    for (int k = 0; k < MOST_COLUMNS; k++) {
        fb_h5_column_free(c->value[k]);
    }
    *c = (columns){.row = NULL};
}

/* --- blocks of events --------------------------------------------------------------------------------------------- */

typedef struct destination {
    const fb_analysis *analysis;
    fb_scorer scorer;
    fb_scorer_workspace *workspace;      /* [FB_PIPELINE_SLOTS] */
    float *component[FB_PIPELINE_SLOTS]; /* [FB_BLOCK_ROWS][n_components] of a hardened score */
    uint16_t *bin_of_cell;
    columns columns;
    float *value;   /* [MOST_COLUMNS][FB_BLOCK_ROWS] */
    int64_t *whole; /* [2][FB_BLOCK_ROWS] row, bin */
    uint64_t n_rows;
} destination;

static fb_status score_block(void *context, int slot, fb_block *block, fb_error *error)
{
    const destination *to = context;
    fb_status status = FB_OK;
    FB_TRY(fb_scorer_run(&to->scorer, block, &to->workspace[slot], error));
    if (to->columns.is_hardened) {
        FB_TRY(fb_hardened_components(to->analysis->classifier, block->events->n, FB_N_FEATURES,
                                      to->workspace[slot].matrix, to->component[slot], error));
    }
cleanup:
    return status;
}

/* The values of a hardened score from its components (models/hardened.h), column after column. */
static void fill_hardened(const destination *to, const float *component, size_t i, float *value)
{
    const fb_classifier *classifier = to->analysis->classifier;
    const fb_hardened_constants *known = fb_hardened_known(classifier);
    const float *next = component;
    float rest = 1.0f, *of_rest = NULL;
    for (int process = 0; process < FB_N_PROCESS; process++, value += FB_BLOCK_ROWS) {
        if (known->width[process] > 0.0) {
            value[i] = *next++ / (float)known->width[process];
            rest -= value[i];
        } else {
            of_rest = value;
        }
    }
    if (of_rest != NULL) {
        of_rest[i] = rest > 0.0f ? rest : 0.0f;
    }
    for (int which = 0; which < FB_N_SHAPE; which++, value += FB_BLOCK_ROWS) {
        value[i] = *next++;
    }
    value[i] = fb_hardened_sum(fb_hardened_folded(classifier), fb_hardened_n_components(classifier), component);
}

static fb_status write_block(void *context, int slot, fb_block *block, fb_error *error)
{
    destination *to = context;
    columns *c = &to->columns;
    const size_t n = block->events->n;
    const int n_bins = to->analysis->template_set->binning.n_bins;
    const float *score = to->workspace[slot].score;
    uint16_t cell[FB_BLOCK_ROWS];
    fb_status status = FB_OK;
    fb_score_histogram_cells(n, score, cell);
    for (size_t i = 0; i < n; i++) {
        float *value = to->value + (c->has_weights ? 2 : 1) * FB_BLOCK_ROWS;
        to->whole[i] = (int64_t)(block->events->first_row + block->origin[i]);
        to->whole[FB_BLOCK_ROWS + i] = to->bin_of_cell[cell[i]] < n_bins ? to->bin_of_cell[cell[i]] : -1;
        if (c->is_hardened) {
            fill_hardened(to, to->component[slot] + i * (size_t)fb_hardened_n_components(to->analysis->classifier), i,
                          value);
        }
    }
    memcpy(to->value, score, n * sizeof *score);
    if (c->has_weights) {
        memcpy(to->value + FB_BLOCK_ROWS, block->events->weight, n * sizeof *score);
    }
    FB_TRY(fb_h5_column_append(c->row, n, to->whole, error));
    FB_TRY(fb_h5_column_append(c->bin, n, to->whole + FB_BLOCK_ROWS, error));
    if (c->process != NULL) {
        FB_TRY(fb_h5_column_append(c->process, n, block->events->process, error));
    }
    for (int k = 0; k < c->n_values; k++) {
        FB_TRY(fb_h5_column_append(c->value[k], n, to->value + (size_t)k * FB_BLOCK_ROWS, error));
    }
    to->n_rows += n;
cleanup:
    return status;
}

static fb_status destination_create(destination *to, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_scorer_workspaces_create(FB_PIPELINE_SLOTS, &to->workspace, error));
    FB_TRY(fb_memory_allocate(FB_SCORE_CELLS, sizeof *to->bin_of_cell, &to->bin_of_cell, error));
    FB_TRY(fb_memory_allocate((size_t)MOST_COLUMNS * FB_BLOCK_ROWS, sizeof *to->value, &to->value, error));
    FB_TRY(fb_memory_allocate((size_t)2 * FB_BLOCK_ROWS, sizeof *to->whole, &to->whole, error));
    fb_binning_map(&to->analysis->template_set->binning, to->bin_of_cell);
    for (int slot = 0; slot < FB_PIPELINE_SLOTS && fb_hardened_is(to->analysis->classifier); slot++) {
        FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * FB_HARDENED_MOST_COMPONENTS, sizeof(float),
                                  &to->component[slot], error));
    }
cleanup:
    return status;
}

static void destination_free(destination *to)
{
    fb_scorer_workspaces_free(FB_PIPELINE_SLOTS, to->workspace);
    free(to->bin_of_cell);
    free(to->value);
    free(to->whole);
    for (int slot = 0; slot < FB_PIPELINE_SLOTS; slot++) {
        free(to->component[slot]);
    }
    columns_free(&to->columns);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

typedef struct choices {
    const char *output;
    fb_nuisances nuisances;
} choices;

static fb_status run_pipeline(const fb_command_line *line, const choices *c, fb_source *source, destination *to,
                              fb_error *error)
{
    fb_progress progress;
    fb_noise noise;
    fb_pipeline pipeline = fb_pipeline_default();
    const fb_source_info *info = fb_source_describe(source);
    fb_noise_init_streams(&noise, line->common.seed);
    pipeline.stages.distort = info->stage != FB_EVENTS_OBSERVED;
    pipeline.stages.nuisances = c->nuisances;
    pipeline.stages.noise = &noise;
    pipeline.visit = score_block;
    pipeline.collect = write_block;
    pipeline.context = to;
    pipeline.progress = fb_progress_show;
    pipeline.progress_context = &progress;
    fb_progress_start(&progress, "scores", info->n_rows, line->common.quiet);
    const fb_status status = fb_pipeline_run(&pipeline, source, error);
    fb_progress_end(&progress);
    return status;
}

static fb_status print(const fb_command_line *line, const choices *c, const destination *to, fb_error *error)
{
    if (line->common.json) {
        return fb_command_line_print(line, json_pack("{s:s,s:I}", "scores", c->output, "rows", (json_int_t)to->n_rows),
                                     error);
    }
    printf("%s: scores of %" PRIu64 " events\n", c->output, to->n_rows);
    return FB_OK;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    choices *c = context;
    fb_analysis *analysis = NULL;
    fb_source *source = NULL;
    fb_h5 *file = NULL;
    destination to = {.n_rows = 0};
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(line->positional[0], &analysis, error));
    FB_TRY(fb_event_file_open(line->positional[1], &source, error));
    to.analysis = analysis;
    to.scorer = (fb_scorer){analysis->classifier, &analysis->settings.templates.conditioning};
    FB_TRY(destination_create(&to, error));
    FB_TRY(fb_h5_create(c->output, &file, error));
    FB_TRY(fb_h5_set_text(file, "/", "kind", "fair-baseline scores", error));
    FB_TRY(columns_create(analysis, fb_source_describe(source), file, &to.columns, error));
    FB_TRY(run_pipeline(line, c, source, &to, error));
    columns_free(&to.columns);
    FB_TRY(fb_h5_commit(file, error));
    FB_TRY(print(line, c, &to, error));
cleanup:
    destination_free(&to);
    fb_h5_free(file);
    fb_source_free(source);
    fb_analysis_free(analysis);
    return status;
}

fb_status fb_cmd_scores(int argc, char **argv, fb_error *error)
{
    choices c = {.nuisances = fb_nuisance_nominal()};
    fb_command_line line = {
        .arguments = "ANALYSIS EVENTS -o OUT.h5",
        .summary = "Writes the score and the bin of each event; of a hardened score all that it is made of, too.",
        .details =
            "Raw events are distorted, as the options say, and selected; rows have the numbers that they have in\n"
            "EVENTS, from 0. --seed is that of the soft-MET noise. Columns: baseline/FILES.md.",
        .example = "fair-baseline scores analysis.h5 events.h5 -o scores.h5",
        .common = {.seed = 1},
        .min_positional = 2};
    fb_option_add_output_file(&line.options, "FILE", &c.output, "file to write (HDF5)");
    fb_command_line_add_nuisances(&line.options, &c.nuisances);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
