/* The rows to train on when there are too many: how many, which, and with which weights. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/train_sample.h"
#include "models/hardened.h"
#include "tests/support/support.h"

enum { N_ROWS = 40000 };

/* Every so many rows one is heavy. */
enum { HEAVY_EVERY = 100 };
static const float HEAVY = 1000.0f;

/* Standard deviations; the seeds are fixed, so a pass stays a pass. */
static const double MOST = 4.0;

static fb_events *table;
static fb_source *source;
static fb_split split;
static fb_augmentation augmentation;

static void prepare(bool with_heavy_rows)
{
    fb_error error = {0};
    table = fb_simulated_events(N_ROWS, 5);
    for (size_t i = 0; i < table->n && with_heavy_rows; i += HEAVY_EVERY) {
        table->weight[i] *= HEAVY;
    }
    augmentation = (fb_augmentation){0};
    split = fb_split_by(FB_SPLIT_HASH, NULL);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
}

static void make_events(void)
{
    prepare(false);
}

static void make_unequal_events(void)
{
    prepare(true);
}

static void free_events(void)
{
    fb_source_free(source);
    fb_events_free(table);
}

static fb_train_sample collect(uint64_t most_rows, uint64_t seed)
{
    fb_error error = {0};
    fb_train_sample sample = {0};
    FB_ASSERT_OK(fb_train_sample_collect(source, &split, FB_TRAIN, most_rows, &augmentation, seed, &sample, &error));
    return sample;
}

/* Rows, sums of weights and of their squares of both classes. */
typedef struct facts {
    double n[2], sum[2], sum2[2];
} facts;

static facts look_at(const fb_train_sample *sample)
{
    facts f = {0};
    for (size_t i = 0; i < sample->n; i++) {
        int label = (int)sample->label[i];
        f.n[label]++;
        f.sum[label] += sample->weight[i];
        f.sum2[label] += (double)sample->weight[i] * sample->weight[i];
    }
    return f;
}

START_TEST(few_rows_are_all_taken)
{
    fb_train_sample all = collect(UINT64_C(1) << 40, 1);
    fb_train_sample enough = collect(N_ROWS, 2);
    ck_assert_uint_gt(all.n, N_ROWS / 5);
    ck_assert_uint_eq(all.n, enough.n);
    ck_assert_mem_eq(all.matrix, enough.matrix, all.n * FB_N_FEATURES * sizeof(float));
    ck_assert_mem_eq(all.weight, enough.weight, all.n * sizeof(float));
    fb_train_sample_clear(&all);
    fb_train_sample_clear(&enough);
}
END_TEST

START_TEST(many_rows_are_thinned_out)
{
    enum { WANTED = 2000 };
    fb_train_sample all = collect(N_ROWS, 1);
    fb_train_sample some = collect(WANTED, 1);
    facts whole = look_at(&all), part = look_at(&some);
    for (int label = 0; label < 2; label++) {
        /* The final selection takes a tenth. */
        FB_ASSERT_NEAR(part.n[label], 0.93 * WANTED / 2, 0.04 * WANTED / 2 + MOST * sqrt(WANTED / 2));
        /* What is left stands for what was taken out. */
        FB_ASSERT_NEAR(part.sum[label], whole.sum[label], MOST * sqrt(part.sum2[label]));
        ck_assert(part.sum2[label] > 2.0 * whole.sum2[label]);
    }
    fb_train_sample_clear(&all);
    fb_train_sample_clear(&some);
}
END_TEST

/* Also when nearly all rows are kept: those that are stand for the others. */
START_TEST(sums_of_weights_are_kept)
{
    fb_train_sample all = collect(N_ROWS, 1);
    for (uint64_t most = 2000; most <= 9000; most += 1000) {
        fb_train_sample some = collect(most, most);
        facts whole = look_at(&all), part = look_at(&some);
        for (int label = 0; label < 2; label++) {
            FB_ASSERT_NEAR(part.sum[label], whole.sum[label],
                           MOST * sqrt(part.sum2[label]) * sqrt(1.0 - part.n[label] / whole.n[label]) +
                               1e-6 * whole.sum[label]);
        }
        fb_train_sample_clear(&some);
    }
    fb_train_sample_clear(&all);
}
END_TEST

START_TEST(a_seed_takes_its_rows)
{
    fb_train_sample one = collect(3000, 1), again = collect(3000, 1), other = collect(3000, 2);
    ck_assert_uint_eq(one.n, again.n);
    ck_assert_mem_eq(one.matrix, again.matrix, one.n * FB_N_FEATURES * sizeof(float));
    ck_assert(one.n != other.n || memcmp(one.matrix, other.matrix, one.n * FB_N_FEATURES * sizeof(float)) != 0);
    fb_train_sample_clear(&one);
    fb_train_sample_clear(&again);
    fb_train_sample_clear(&other);
}
END_TEST

/* What one class does not need goes to the other; a process without weight needs nothing. */
START_TEST(rooms_are_shared)
{
    static fb_weight_stats stats;
    const uint64_t n[FB_N_PROCESS] = {100, 60000, 30000, 10000};
    double rate[FB_N_PROCESS];
    memset(&stats, 0, sizeof stats);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        fb_weight_stats_process *p = &stats.process[process];
        split.factor[FB_TRAIN][process] = 3.0;
        p->n = n[process];
        p->n_zero = process == FB_DIBOSON ? n[process] : 0;
        p->sum = process == FB_DIBOSON ? 0.0 : 10.0 * (process + 1);
        p->cell[500 + process] = (fb_weight_stats_cell){n[process], p->sum};
    }
    fb_train_sample_rates(&split, FB_TRAIN, &stats, 1100, rate);
    ck_assert(isinf(rate[FB_HTAUTAU]) && isinf(rate[FB_DIBOSON]));
    FB_ASSERT_NEAR(rate[FB_ZTAUTAU] * 3.0 * 20.0, 1000.0 * 2.0 / 3.0, 1e-5);
    FB_ASSERT_NEAR(rate[FB_TTBAR] * 3.0 * 30.0, 1000.0 * 1.0 / 3.0, 1e-5);
}
END_TEST

/* One row with half of the weight takes one place, not half of them. */
START_TEST(a_heavy_row_is_one_row)
{
    static fb_weight_stats stats;
    double rate[FB_N_PROCESS];
    memset(&stats, 0, sizeof stats);
    fb_weight_stats_process *p = &stats.process[FB_HTAUTAU];
    p->n = 100001;
    p->sum = 200000.0;
    p->cell[500] = (fb_weight_stats_cell){100000, 100000.0};
    p->cell[900] = (fb_weight_stats_cell){1, 100000.0};
    split.factor[FB_TRAIN][FB_HTAUTAU] = 1.0;
    fb_train_sample_rates(&split, FB_TRAIN, &stats, 10000, rate);
    FB_ASSERT_NEAR(rate[FB_HTAUTAU] * 100000.0 + 1.0, 10000.0, 0.01);
}
END_TEST

/* All heavy rows stay as they are, and the light ones stand for more: without that, thinning would lose most of the
 * effective events. */
START_TEST(heavy_rows_stay)
{
    fb_train_sample all = collect(N_ROWS, 1);
    fb_train_sample some = collect(2000, 1);
    facts whole = look_at(&all), part = look_at(&some);
    for (int label = 0; label < 2; label++) {
        double before = whole.sum[label] * whole.sum[label] / whole.sum2[label];
        double after = part.sum[label] * part.sum[label] / part.sum2[label];
        ck_assert_msg(after > 0.9 * before, "%g effective events of %g", after, before);
        FB_ASSERT_NEAR(part.sum[label], whole.sum[label], 0.02 * whole.sum[label]);
    }
    fb_train_sample_clear(&all);
    fb_train_sample_clear(&some);
}
END_TEST

/* The copies are the same rows, distorted, and share their weight. */
START_TEST(copies_are_distorted)
{
    fb_train_sample one = collect(N_ROWS, 1);
    augmentation = (fb_augmentation){.n_copies = 2, .widening = 1.0};
    fb_train_sample three = collect(N_ROWS, 1), again = collect(N_ROWS, 1);
    augmentation.widening = 0.0;
    fb_train_sample same = collect(N_ROWS, 1);
    facts plain = look_at(&one), with = look_at(&three);
    for (int label = 0; label < 2; label++) {
        FB_ASSERT_NEAR(with.n[label], 3.0 * plain.n[label], 0.02 * with.n[label]); /* another tau passes the cut */
        FB_ASSERT_NEAR(with.sum[label], plain.sum[label], 0.02 * plain.sum[label]);
    }
    ck_assert_uint_eq(three.n, again.n);
    ck_assert_mem_eq(three.matrix, again.matrix, three.n * FB_N_FEATURES * sizeof(float));
    ck_assert_mem_eq(one.matrix, three.matrix, one.n * FB_N_FEATURES * sizeof(float));
    ck_assert_uint_eq(same.n, 3 * one.n);
    ck_assert_mem_eq(same.matrix + one.n * FB_N_FEATURES, one.matrix, one.n * FB_N_FEATURES * sizeof(float));
    double moved = 0.0;
    for (size_t i = 0; i < 1000; i++) {
        moved += fabs((double)three.matrix[(one.n + i) * FB_N_FEATURES + FB_MET] -
                      (double)one.matrix[i * FB_N_FEATURES + FB_MET]);
    }
    ck_assert(moved > 10.0);
    fb_train_sample_clear(&one);
    fb_train_sample_clear(&three);
    fb_train_sample_clear(&again);
    fb_train_sample_clear(&same);
}
END_TEST

/* The tau energy scale that a row of a copy was distorted with, from its nominal row: the leptons are the same. */
static double scale_of(const float *copy, const fb_train_sample *nominal, size_t *at)
{
    const size_t lepton = FB_LEP_PT, tau = FB_HAD_PT;
    for (; *at < nominal->n; (*at)++) {
        const float *row = nominal->matrix + *at * FB_N_FEATURES;
        if (memcmp(row + lepton, copy + lepton, 3 * sizeof *row) == 0) {
            return (double)copy[tau] / (double)row[tau];
        }
    }
    return NAN;
}

/* Conditioned on what the very block was distorted with; nominal rows on the nominal values. */
START_TEST(rows_are_conditioned_on_the_truth)
{
    fb_train_sample nominal = collect(N_ROWS, 1);
    augmentation = (fb_augmentation){.n_copies = 1, .widening = 3.0, .conditioned = 1U << FB_TES | 1U << FB_SOFT_MET};
    fb_train_sample sample = collect(N_ROWS, 1);
    const size_t n_inputs = FB_N_FEATURES + 2;
    size_t at = 0, compared = 0;
    ck_assert_int_eq(fb_train_sample_view(&sample).n_features, n_inputs);
    for (size_t i = 0; i < sample.n; i++) {
        const float *row = sample.matrix + i * n_inputs;
        if (i < nominal.n) {
            ck_assert_mem_eq(row, nominal.matrix + i * FB_N_FEATURES, FB_N_FEATURES * sizeof *row);
            ck_assert(row[FB_N_FEATURES] == 0.0f && row[FB_N_FEATURES + 1] == 0.0f);
            continue;
        }
        ck_assert(row[FB_N_FEATURES] != 0.0f && row[FB_N_FEATURES + 1] > 0.0f);
        size_t before = at;
        double scale = scale_of(row, &nominal, &at);
        if (isnan(scale)) {
            at = before; /* a row that only the distorted tau lets through */
            continue;
        }
        FB_ASSERT_NEAR(1.0 + 0.01 * (double)row[FB_N_FEATURES], scale, 5e-5); /* momenta are rounded to 0.001 */
        compared++;
    }
    ck_assert_uint_gt(compared, nominal.n * 8 / 10);
    fb_train_sample_clear(&nominal);
    fb_train_sample_clear(&sample);
}
END_TEST

/* Behind the plain rows come pairs: what a parameter does not move is the same in both of them, and tes moves the tau by
 * the ratio of its two values. */
START_TEST(moved_rows_come_in_pairs)
{
    fb_train_sample plain = collect(N_ROWS, 1);
    augmentation = (fb_augmentation){.derivatives = true};
    fb_train_sample sample = collect(N_ROWS * 3, 1);
    const fb_heads heads = fb_hardened_heads();
    fb_error error = {0};
    fb_sample view;
    float *label = NULL;
    size_t n_of[FB_HARDENED_HEADS] = {0}, n_paired = 0;
    ck_assert_uint_eq(sample.n_plain, plain.n);
    ck_assert_mem_eq(sample.matrix, plain.matrix, plain.n * FB_N_FEATURES * sizeof *plain.matrix);
    ck_assert_uint_eq(fb_train_sample_view(&sample).n, plain.n);
    FB_ASSERT_OK(fb_train_sample_view_heads(&sample, &heads, &label, &view, &error));
    ck_assert_uint_eq(view.n, sample.n);
    for (size_t i = 0; i < sample.n; i++) {
        n_of[sample.head[i]]++;
        ck_assert(i == 0 || sample.head[i] >= sample.head[i - 1]);
        ck_assert(label[i] == (i < plain.n ? (float)sample.process[i] : sample.label[i]));
    }
    for (int head = 1; head < FB_HARDENED_HEADS; head++) {
        ck_assert_uint_gt(n_of[head], plain.n * 19 / 10);
    }
    const int tau = FB_HAD_PT, eta = FB_HAD_ETA, lepton = FB_LEP_PT;
    for (size_t i = sample.n_plain; i < sample.n_plain + n_of[1] - 1; i += 2) {
        const float *down = sample.matrix + i * FB_N_FEATURES, *up = down + FB_N_FEATURES;
        if (sample.label[i] == 0.0f && sample.label[i + 1] == 1.0f && down[eta] == up[eta] &&
            down[lepton] == up[lepton]) {
            n_paired++;
            ck_assert(sample.weight[i] == sample.weight[i + 1]);
            FB_ASSERT_NEAR((double)up[tau] / (double)down[tau], 1.02 / 0.98, 1e-4);
        }
    }
    ck_assert_uint_gt(n_paired, n_of[1] / 2 * 9 / 10);
    free(label);
    fb_train_sample_clear(&plain);
    fb_train_sample_clear(&sample);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("train_sample");
    TCase *tests = tcase_create("equal weights");
    tcase_add_checked_fixture(tests, make_events, free_events);
    tcase_add_test(tests, few_rows_are_all_taken);
    tcase_add_test(tests, many_rows_are_thinned_out);
    tcase_add_test(tests, sums_of_weights_are_kept);
    tcase_add_test(tests, a_seed_takes_its_rows);
    tcase_add_test(tests, rooms_are_shared);
    tcase_add_test(tests, a_heavy_row_is_one_row);
    tcase_add_test(tests, copies_are_distorted);
    tcase_add_test(tests, rows_are_conditioned_on_the_truth);
    tcase_add_test(tests, moved_rows_come_in_pairs);
    suite_add_tcase(suite, tests);
    TCase *unequal = tcase_create("unequal weights");
    tcase_add_checked_fixture(unequal, make_unequal_events, free_events);
    tcase_add_test(unequal, heavy_rows_stay);
    suite_add_tcase(suite, unequal);
    return fb_run_suite(suite);
}
