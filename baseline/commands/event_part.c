#include "baseline/commands/event_part.h"

#include <stdio.h>
#include <string.h>

#include "baseline/analysis/analysis.h"
#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/split_warnings.h"
#include "baseline/analysis/train_options.h"
#include "models/common/text.h"

fb_event_part fb_event_part_default(void)
{
    return (fb_event_part){.part = FB_N_PARTS, .settings = fb_split_default()};
}

void fb_event_part_add_options(fb_option_table *table, fb_event_part *part)
{
    fb_option_add_flag(table, "row-numbers", &part->row_numbers, "write the number of each row in IN as column 'row'");
    table->group = "split";
    fb_option_add_choice(table, "part", "NAME", &part->part, fb_split_part_names,
                         "write the rows of one part: train, validation, holdout or pool");
    fb_train_options_add_split(table, &part->settings);
    fb_option_find(table, "split")->needs = "part";
    fb_option_find(table, "split-rule")->needs = "part";
    /* Without a word on the rule: a method hands on the rule and the seed that it got, whatever the rule is. */
    fb_option_find(table, "split-seed")->needs = "part";
}

bool fb_event_part_is_chosen(const fb_event_part *part)
{
    return part->part != FB_N_PARTS;
}

fb_status fb_event_part_measure(fb_event_part *part, fb_source *source, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    fb_metadata said;
    uint64_t n_rows = 0;
    fb_status status = FB_OK;
    if (!fb_event_part_is_chosen(part)) {
        return FB_OK;
    }
    if (info->stage == FB_EVENTS_OBSERVED) {
        return fb_fail(error, FB_ERROR_DATA, "%s: its events are distorted and selected already", info->name);
    }
    FB_TRY(fb_split_metadata_read(part->metadata, info->name, &part->settings, &said, error));
    part->split = fb_split_of(&part->settings);
    FB_TRY(fb_split_measure(&part->split, source, NULL, error));
    FB_TRY(fb_split_metadata_compare(&said, info->name, &part->split, error));
    for (int p = 0; p < FB_N_PROCESS; p++) {
        n_rows += part->split.n_rows[part->part][p];
    }
    if (n_rows == 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: has no rows in the %s part of this split", info->name,
                         fb_split_part_names[part->part]);
    } else if (part->part == FB_POOL) {
        fb_split_warnings_pool(&part->split);
    }
cleanup:
    return status;
}

void fb_event_part_choose(const fb_event_part *part, fb_pipeline *pipeline)
{
    if (fb_event_part_is_chosen(part)) {
        pipeline->split = &part->split;
        pipeline->part = (fb_part)part->part;
    }
}

fb_status fb_event_part_write(const fb_event_part *part, fb_sink *sink, const fb_block *block, float *const *derived,
                              fb_error *error)
{
    int64_t row[FB_BLOCK_ROWS];
    if (!part->row_numbers) {
        return fb_sink_write(sink, block->events, derived, error);
    }
    for (size_t i = 0; i < block->events->n; i++) {
        row[i] = (int64_t)(block->events->first_row + block->origin[i]);
    }
    return fb_sink_write_rows(sink, block->events, derived, row, error);
}

void fb_event_part_describe(const fb_event_part *part, char provenance[FB_ORIGIN_SIZE])
{
    char split[FB_SPLIT_TEXT_SIZE];
    if (fb_event_part_is_chosen(part)) {
        fb_analysis_split_text(&part->split, split, sizeof split);
        fb_text_append(provenance, FB_ORIGIN_SIZE, " | ", "part=%s %s", fb_split_part_names[part->part], split);
    }
}

void fb_event_part_print(const fb_event_part *part)
{
    char number[FB_NUMBER_SIZE];
    if (!fb_event_part_is_chosen(part)) {
        return;
    }
    printf("  %s part, weights times", fb_split_part_names[part->part]);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        printf("%s %s %s", p > 0 ? "," : "", fb_process_name(p),
               fb_text_of_double(part->split.factor[part->part][p], number));
    }
    printf("\n");
}

void fb_event_part_json(const fb_event_part *part, json_t *root)
{
    if (!fb_event_part_is_chosen(part)) {
        return;
    }
    json_t *factors = json_object();
    for (int p = 0; p < FB_N_PROCESS; p++) {
        json_object_set_new(factors, fb_process_name(p), json_real(part->split.factor[part->part][p]));
    }
    json_object_set_new(root, "part", json_string(fb_split_part_names[part->part]));
    json_object_set_new(root, "weight_factors", factors);
}
