#include "baseline/analysis/split_warnings.h"

#include <math.h>

#include "models/common/log.h"
#include "models/common/text.h"

/* Missing from some part, but not from the file: what the official rule, which cuts by row number, has to do with it.
 */
static const char *because_of_the_rule(const fb_split *split, int process)
{
    const bool has_first = split->first[process].n > 0.0, has_rest = split->rest[process].n > 0.0;
    if (split->settings.rule != FB_SPLIT_OFFICIAL || has_first == has_rest) {
        return "";
    }
    return has_first ? "; all are in the first 30 % of the rows, the pool of --split-rule official: use hash"
                     : "; none is in the first 30 % of the rows, the pool of --split-rule official: use hash";
}

static void warn_of_missing(const fb_split *split, int process)
{
    const bool from_train = split->n_rows[FB_TRAIN][process] == 0;
    const bool from_holdout = split->n_rows[FB_HOLDOUT][process] == 0;
    if (from_holdout) {
        fb_log(FB_LOG_WARNING, "no %s among the %sholdout events: the templates know nothing of it%s",
               fb_process_name(process), from_train ? "train and " : "", because_of_the_rule(split, process));
    } else if (from_train) {
        fb_log(FB_LOG_WARNING, "no %s among the train events: the classifier knows nothing of it",
               fb_process_name(process));
    }
}

/* The rest is what the official rule trains on. */
static const char *advice(const fb_split *split, int process)
{
    return split->settings.rule == FB_SPLIT_HASH && split->rest[process].sum > 0.0 &&
                   !fb_weight_stats_are_uneven(&split->rest[process])
               ? ": --split-rule official keeps the heavy ones in the pool"
               : "";
}

static void warn_of_unequal_weights(const fb_split *split, int process)
{
    const fb_weight_sums train = fb_split_sums(split, FB_TRAIN, process);
    const fb_weight_sums holdout = fb_split_sums(split, FB_HOLDOUT, process);
    const bool bad_holdout = fb_weight_stats_are_uneven(&holdout);
    if (bad_holdout || fb_weight_stats_are_uneven(&train)) {
        const fb_weight_sums *bad = bad_holdout ? &holdout : &train;
        fb_log(FB_LOG_WARNING,
               "the weights of %s are very unequal: its %.0f rows for %s are worth %.0f of equal weight%s",
               fb_process_name(process), bad->n, bad_holdout ? "the templates" : "training",
               fb_weight_stats_effective(bad), advice(split, process));
    }
}

static void warn_of_none_in_pool(const fb_split *split, int process)
{
    if (split->n_rows[FB_POOL][process] == 0) {
        fb_log(FB_LOG_WARNING, "no %s in the pool, so there is none in the pseudo-experiments%s",
               fb_process_name(process), because_of_the_rule(split, process));
    }
}

/* What was chosen is taken as proportions, of all rows or of those that the official rule leaves, which may not be what
 * was meant. */
static void warn_of_scaling(const fb_split *split)
{
    static const double rounding = 1e-6; /* thirds are written with some six digits */
    char text[FB_N_PARTS * FB_NUMBER_SIZE];
    double sum = 0.0;
    for (int part = 0; part < FB_N_PARTS; part++) {
        sum += split->settings.share[part];
    }
    if (fabs(sum - 1.0) > rounding) {
        fb_text_of_doubles(FB_N_PARTS, split->settings.share, text, sizeof text);
        fb_log(FB_LOG_WARNING, "--split %s: adds up to %g, not to 1, and is divided by that", text, sum);
    }
    if (split->settings.rule == FB_SPLIT_OFFICIAL && fabs(split->fraction[FB_POOL] - 0.3) > rounding) {
        fb_log(FB_LOG_WARNING,
               "--split-rule official: the pool is the first 30 %% of the rows, whatever --split says (%g)",
               split->fraction[FB_POOL]);
    }
}

/* Whether the file has signal and background at all. */
static bool can_train(const fb_split *split)
{
    double n[2] = {0.0, 0.0};
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n[fb_process_label(process)] += split->first[process].n + split->rest[process].n;
    }
    return n[0] > 0.0 && n[1] > 0.0;
}

void fb_split_warnings_training(const fb_split *split)
{
    if (!can_train(split)) {
        return; /* no warning: training fails with an error */
    }
    warn_of_scaling(split);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        warn_of_missing(split, process);
        /* The hash does not depend on the order of the rows: only the official rule can leave a process out. */
        if (split->settings.rule == FB_SPLIT_OFFICIAL && split->rest[process].n > 0.0) {
            warn_of_none_in_pool(split, process);
        }
        warn_of_unequal_weights(split, process);
    }
}

void fb_split_warnings_pool(const fb_split *split)
{
    double rows = 0.0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        rows += fb_split_sums(split, FB_POOL, process).n;
    }
    if (rows == 0.0) {
        return; /* no warning: drawing fails with an error */
    }
    warn_of_scaling(split);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        warn_of_none_in_pool(split, process);
    }
}

/* A row of weight 6 that is drawn six times is not six events: such a pool fluctuates more than data do. The variance
 * of the sum of weights is the sum of their squares, that of the data their sum. */
void fb_split_warnings_heavy_pool(const fb_split *split)
{
    double yield = 0.0, variance = 0.0, rows = 0.0;
    for (int process = FB_ZTAUTAU; process < FB_N_PROCESS; process++) {
        const fb_weight_sums sums = fb_split_sums(split, FB_POOL, process);
        const double factor = split->factor[FB_POOL][process];
        yield += factor * sums.sum;
        variance += factor * factor * sums.square;
        rows += sums.n;
    }
    if (variance > 0.2 * yield) {
        fb_log(
            FB_LOG_WARNING,
            "the pool has %.0f background rows for %.0f expected events: its own fluctuations move mu as those of data "
            "do, times %.1f",
            rows, yield, sqrt(variance / yield));
    }
}
