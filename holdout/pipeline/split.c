#include "holdout/pipeline/split.h"

#include <math.h>
#include <string.h>

#include "models/common/interrupt.h"
#include "models/common/text.h"

const char *const fb_split_part_names[FB_N_PARTS + 1] = {"train", "validation", "holdout", "pool", NULL};

const char *const fb_split_rule_names[] = {[FB_SPLIT_HASH] = "hash", [FB_SPLIT_OFFICIAL] = "official", NULL};

fb_split_settings fb_split_default(void)
{
    return (fb_split_settings){.rule = FB_SPLIT_HASH, .seed = 1, .share = {0.3, 0.1, 0.3, 0.3}};
}

static double sum_of(const double share[FB_N_PARTS])
{
    double sum = 0.0;
    for (int part = 0; part < FB_N_PARTS; part++) {
        sum += share[part];
    }
    return sum;
}

fb_split fb_split_of(const fb_split_settings *settings)
{
    fb_split split = {.settings = *settings};
    const double sum = sum_of(settings->share);
    for (int part = 0; part < FB_N_PARTS; part++) {
        split.fraction[part] = settings->share[part] / sum;
        for (int process = 0; process < FB_N_PROCESS; process++) {
            split.factor[part][process] = 1.0;
        }
    }
    return split;
}

fb_status fb_split_parse_shares(const char *text, double share[FB_N_PARTS], fb_error *error)
{
    double value[FB_N_PARTS] = {0.0};
    bool good = fb_text_to_doubles(text, FB_N_PARTS, value) && isfinite(sum_of(value));
    for (int part = 0; part < FB_N_PARTS; part++) {
        const bool is_needed = part == FB_TRAIN || part == FB_HOLDOUT;
        good = good && (is_needed ? value[part] > 0.0 : value[part] >= 0.0);
    }
    if (!good) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "expected four numbers >= 0 for train,validation,holdout,pool; train and holdout > 0");
    }
    memcpy(share, value, sizeof value);
    return FB_OK;
}

fb_part fb_split_part(const fb_split *split, uint64_t row)
{
    fb_random random = fb_random_at(split->settings.seed, FB_STREAM_SPLIT, row);
    double u = fb_random_uniform(&random);
    if (split->settings.rule == FB_SPLIT_OFFICIAL) {
        if (row < split->n_pool_rows) {
            return FB_POOL;
        }
        u *= 1.0 - split->fraction[FB_POOL];
    }
    for (int part = 0; part < FB_POOL; part++) {
        u -= split->fraction[part];
        if (u < 0.0) {
            return (fb_part)part;
        }
    }
    /* Rounding can leave the very last numbers over: under the official rule they are not the pool's. */
    return split->settings.rule == FB_SPLIT_OFFICIAL ? FB_HOLDOUT : FB_POOL;
}

uint64_t fb_split_official_rows(uint64_t n_rows)
{
    /* The official program's share, whatever the fractions say; 3/10 of an integer, without rounding. */
    return n_rows * 3 / 10;
}

fb_weight_sums fb_split_sums(const fb_split *split, fb_part part, int process)
{
    return (fb_weight_sums){.n = (double)split->n_rows[part][process],
                            .sum = split->yield[part][process],
                            .square = split->square[part][process]};
}

static void add_rows(fb_split *split, const fb_events *block, uint64_t n_first)
{
    for (size_t i = 0; i < block->n; i++) {
        const uint64_t row = block->first_row + i;
        const fb_part part = fb_split_part(split, row);
        const int process = block->process[i];
        const double weight = block->weight[i];
        fb_weight_sums *side = row < n_first ? &split->first[process] : &split->rest[process];
        split->yield[part][process] += weight;
        split->square[part][process] += weight * weight;
        split->n_rows[part][process]++;
        side->n += 1.0;
        side->sum += weight;
        side->square += weight * weight;
    }
}

static void forget(fb_split *split)
{
    memset(split->yield, 0, sizeof split->yield);
    memset(split->square, 0, sizeof split->square);
    memset(split->n_rows, 0, sizeof split->n_rows);
    memset(split->first, 0, sizeof split->first);
    memset(split->rest, 0, sizeof split->rest);
}

static void set_factors(fb_split *split, double *whole)
{
    for (int process = 0; process < FB_N_PROCESS; process++) {
        double sum = 0.0;
        for (int part = 0; part < FB_N_PARTS; part++) {
            sum += split->yield[part][process];
        }
        for (int part = 0; part < FB_N_PARTS; part++) {
            double yield = split->yield[part][process];
            split->factor[part][process] = yield > 0.0 ? sum / yield : 1.0;
        }
        if (whole != NULL) {
            whole[process] = sum;
        }
    }
}

fb_status fb_split_measure(fb_split *split, fb_source *source, double *whole, fb_error *error)
{
    const fb_source_info *info = fb_source_describe(source);
    fb_events *block = NULL;
    uint64_t n_rows = 0;
    fb_status status = FB_OK;
    if (!info->has_weights || !info->has_processes) {
        return fb_fail(error, FB_ERROR_DATA, "%s: has no column %s, which is needed here", info->name,
                       info->has_weights ? "detailed_labels" : "weights");
    }
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    FB_TRY(fb_source_count(source, &n_rows, error));
    const uint64_t n_said = split->settings.metadata.n_rows;
    const uint64_t n_first = fb_split_official_rows(n_said > 0 ? n_said : n_rows);
    split->n_pool_rows = split->settings.rule == FB_SPLIT_OFFICIAL ? n_first : 0;
    forget(split);
    FB_TRY(fb_source_rewind_for(source, true, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, block, error));
        add_rows(split, block, n_first);
    } while (block->n > 0);
    if (n_rows == 0) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: holds no events", info->name);
        goto cleanup;
    }
    set_factors(split, whole);
cleanup:
    fb_events_free(block);
    const fb_status rewound = fb_source_rewind_for(source, false, status == FB_OK ? error : NULL);
    status = status == FB_OK ? rewound : status;
    return status;
}

void fb_split_keep(const fb_split *split, fb_part part, fb_block *block)
{
    fb_events *events = block->events;
    size_t kept = 0;
    for (size_t i = 0; i < events->n; i++) {
        if (fb_split_part(split, events->first_row + block->origin[i]) == part) {
            fb_block_move_row(block, kept, i);
            events->weight[kept] = (float)(events->weight[kept] * split->factor[part][events->process[kept]]);
            kept++;
        }
    }
    events->n = kept;
}
