/* What a look at a file of events finds: every check on a table where there is nothing to find and on one where there
 * is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/block.h"
#include "holdout/pipeline/stages.h"
#include "holdout/validation/event_validation.h"
#include "models/common/memory.h"
#include "models/common/random.h"
#include "tests/support/support.h"
#include "tests/support/validation.h"

enum { N_ROWS = 20000 };

static fb_events *table;

static void make_table(void)
{
    table = fb_simulated_events(N_ROWS, 11);
}

static void free_table(void)
{
    fb_events_free(table);
}

/* The worst finding of a family, of one check if that is not NULL. */
static const fb_finding *worst(const fb_event_validation *validation, const char *family, const char *check)
{
    const fb_finding *found = NULL;
    for (int k = 0; k < validation->n_findings; k++) {
        const fb_finding *f = &validation->finding[k];
        if (strcmp(f->family, family) == 0 && (check == NULL || strcmp(f->check, check) == 0) &&
            (found == NULL || f->severity > found->severity)) {
            found = f;
        }
    }
    ck_assert_msg(found != NULL, "no check %s of %s", check, family);
    return found;
}

static void assert_nothing_found(const fb_event_validation *validation)
{
    for (int k = 0; k < validation->n_findings; k++) {
        const fb_finding *f = &validation->finding[k];
        ck_assert_msg(f->severity == FB_SEVERITY_OK, "%s %s: %s", f->family, f->check, f->text);
    }
}

/* The first row with so many jets. */
static size_t row_with(float n_jets)
{
    for (size_t i = 0; i < table->n; i++) {
        if (table->column[FB_N_JETS][i] == n_jets) {
            return i;
        }
    }
    ck_abort_msg("no row with %g jets", (double)n_jets);
}

START_TEST(good_events_pass)
{
    static const fb_event_stage stages[] = {FB_EVENTS_RAW, FB_EVENTS_UNKNOWN};
    for (int k = 0; k < 2; k++) {
        fb_event_validation *validation = fb_validation_of(table, stages[k], 1000);
        ck_assert_int_eq(validation->stage, FB_EVENTS_RAW);
        ck_assert_uint_eq(validation->rules.n_rows, N_ROWS);
        assert_nothing_found(validation);
        for (int f = 0; f < FB_EVENT_VALIDATION_FAMILIES; f++) {
            worst(validation, fb_event_validation_families[f], NULL);
        }
        fb_event_validation_free(validation);
    }
}
END_TEST

/* One value in one row: the number of jets of that row (-1: any), what is put there, and what has to be found. */
static const struct {
    float n_jets;
    int column;
    float value;
    const char *family;
    int check;
    fb_severity severity;
} spoilt[] = {
    {-1, FB_LEP_PT, -0.5f, "ranges", FB_LEP_PT, FB_SEVERITY_ERROR},
    {-1, FB_LEP_PT, 15000.0f, "ranges", FB_LEP_PT, FB_SEVERITY_ERROR},
    {-1, FB_LEP_PT, 7000.0f, "ranges", FB_LEP_PT, FB_SEVERITY_WARNING},
    {-1, FB_LEP_PT, 19.999f, "ranges", FB_LEP_PT, FB_SEVERITY_WARNING},
    {-1, FB_LEP_ETA, 2.6f, "ranges", FB_LEP_ETA, FB_SEVERITY_WARNING},
    {-1, FB_LEP_ETA, -10.5f, "ranges", FB_LEP_ETA, FB_SEVERITY_ERROR},
    {-1, FB_LEP_PHI, 3.144f, "ranges", FB_LEP_PHI, FB_SEVERITY_ERROR},
    {-1, FB_HAD_PT, 22.0f, "ranges", FB_HAD_PT, FB_SEVERITY_WARNING},
    {-1, FB_HAD_ETA, 2.9f, "ranges", FB_HAD_ETA, FB_SEVERITY_WARNING},
    {-1, FB_HAD_PHI, -3.2f, "ranges", FB_HAD_PHI, FB_SEVERITY_ERROR},
    {-1, FB_MET, -1.0f, "ranges", FB_MET, FB_SEVERITY_ERROR},
    {-1, FB_MET, 9000.0f, "ranges", FB_MET, FB_SEVERITY_WARNING},
    {-1, FB_MET_PHI, 6.0f, "ranges", FB_MET_PHI, FB_SEVERITY_ERROR},
    {2, FB_JET2_PT, 20.0f, "ranges", FB_JET2_PT, FB_SEVERITY_WARNING},
    {2, FB_JET2_ETA, 5.1f, "ranges", FB_JET2_ETA, FB_SEVERITY_WARNING},
    {2, FB_JET1_PHI, 4.0f, "ranges", FB_JET1_PHI, FB_SEVERITY_ERROR},
    {0, FB_JET_ALL_PT, -1.0f, "ranges", FB_JET_ALL_PT, FB_SEVERITY_ERROR},
    {3, FB_N_JETS, 30.0f, "ranges", FB_N_JETS, FB_SEVERITY_WARNING},
    {-1, FB_LEP_ETA, -25.0f, "undefined", FB_LEP_ETA, FB_SEVERITY_ERROR},
    {-1, FB_MET, -25.0f, "undefined", FB_MET, FB_SEVERITY_ERROR},
    {0, FB_JET_ALL_PT, -25.0f, "undefined", FB_JET_ALL_PT, FB_SEVERITY_ERROR},
    {1, FB_JET1_ETA, -25.0f, "undefined", FB_JET1_ETA, FB_SEVERITY_ERROR},
    {0, FB_JET1_PHI, 1.0f, "undefined", FB_JET1_ETA, FB_SEVERITY_ERROR},
    {2, FB_JET2_PHI, -25.0f, "undefined", FB_JET2_ETA, FB_SEVERITY_ERROR},
    {1, FB_N_JETS, 0.0f, "undefined", FB_JET1_PT, FB_SEVERITY_ERROR},
    {0, FB_N_JETS, 1.0f, "undefined", FB_JET1_PT, FB_SEVERITY_ERROR},
    {2, FB_N_JETS, 1.0f, "undefined", FB_JET2_PT, FB_SEVERITY_ERROR},
    {1, FB_N_JETS, 2.0f, "undefined", FB_JET2_PT, FB_SEVERITY_ERROR},
    {0, FB_JET_ALL_PT, 30.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_ERROR},
    {1, FB_JET_ALL_PT, 0.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_ERROR},
    {2, FB_JET2_PT, 6000.0f, "jets", FB_JET1_PT, FB_SEVERITY_WARNING},
    {1, FB_JET_ALL_PT, 6000.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_WARNING},
    {2, FB_JET_ALL_PT, 6000.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_WARNING},
    {2, FB_JET_ALL_PT, 25.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_WARNING},
    {4, FB_JET_ALL_PT, 6000.0f, "jets", FB_JET_ALL_PT, FB_SEVERITY_WARNING},
};

START_TEST(one_bad_value_is_found)
{
    for (size_t k = 0; k < sizeof spoilt / sizeof spoilt[0]; k++) {
        const size_t row = spoilt[k].n_jets < 0.0f ? 4711 : row_with(spoilt[k].n_jets);
        float *place = &table->column[spoilt[k].column][row];
        const float kept = *place;
        *place = spoilt[k].value;
        fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, N_ROWS);
        *place = kept;
        const char *check = fb_column_name(spoilt[k].check);
        const fb_finding *f = worst(validation, spoilt[k].family, check);
        ck_assert_msg(f->severity == spoilt[k].severity, "%s = %g: %s", fb_column_name(spoilt[k].column),
                      (double)spoilt[k].value, fb_value_rules_severity_name(f->severity));
        ck_assert_uint_eq(f->n_rows, 1);
        ck_assert(f->has_example);
        ck_assert_uint_eq(f->first_row, row);
        if (spoilt[k].check == spoilt[k].column) {
            ck_assert_float_eq((float)f->value, spoilt[k].value);
        }
        fb_event_validation_free(validation);
    }
}
END_TEST

/* What the sum may be, to a hundredth of a GeV: with one or two jets it is known, with more the others are not harder
 * than the second. */
START_TEST(the_sum_of_the_jets_has_limits)
{
    for (int n_jets = 1; n_jets <= 4; n_jets++) {
        const size_t row = row_with((float)n_jets);
        const float pt1 = table->column[FB_JET1_PT][row];
        const float pt2 = n_jets > 1 ? table->column[FB_JET2_PT][row] : 0.0f;
        const float least = pt1 + pt2, most = pt1 + (float)(n_jets - 1) * pt2;
        const float sum[] = {least - 0.02f, least - 0.002f, most + 0.002f, most + 0.02f};
        for (int k = 0; k < 4; k++) {
            const float kept = table->column[FB_JET_ALL_PT][row];
            table->column[FB_JET_ALL_PT][row] = sum[k];
            fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
            /* 3 jets may be more, as in the events of 2014. */
            const bool is_bad = k == 0 || (k == 3 && n_jets != 3);
            ck_assert_int_eq(worst(validation, "jets", "PRI_jet_all_pt")->severity,
                             is_bad ? FB_SEVERITY_WARNING : FB_SEVERITY_OK);
            fb_event_validation_free(validation);
            table->column[FB_JET_ALL_PT][row] = kept;
        }
    }
}
END_TEST

START_TEST(many_jets_out_of_order_are_an_error)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        float pt = table->column[FB_JET1_PT][i];
        table->column[FB_JET1_PT][i] = table->column[FB_JET2_PT][i];
        table->column[FB_JET2_PT][i] = pt;
    }
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    ck_assert_int_eq(worst(validation, "jets", "PRI_jet_leading_pt")->severity, FB_SEVERITY_ERROR);
    fb_event_validation_free(validation);
}
END_TEST

/* Distorts and selects the table in place. */
static void observe(const fb_nuisances *nuisances)
{
    fb_error error = {0};
    fb_block *block = NULL;
    FB_ASSERT_OK(fb_block_create(N_ROWS, &block, &error));
    fb_block_load(block, table, 0, N_ROWS);
    fb_distort(block, nuisances);
    fb_select(block);
    table->n = 0;
    fb_events_append(table, block->events, 0, block->events->n);
    fb_block_free(block);
}

START_TEST(the_selection_may_leave_jets_undefined)
{
    fb_nuisances nuisances = fb_nuisance_nominal();
    nuisances.value[FB_TES] = 0.93;
    nuisances.value[FB_JES] = 1.07;
    observe(&nuisances);
    static const fb_event_stage stages[] = {FB_EVENTS_OBSERVED, FB_EVENTS_UNKNOWN};
    for (int k = 0; k < 2; k++) {
        fb_event_validation *validation = fb_validation_of(table, stages[k], 1000);
        ck_assert_int_eq(validation->stage, FB_EVENTS_OBSERVED);
        assert_nothing_found(validation);
        fb_event_validation_free(validation);
    }
    /* As raw events they would be broken: three jets and no second one. */
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 1000);
    ck_assert_int_eq(worst(validation, "undefined", "PRI_jet_subleading_pt")->severity, FB_SEVERITY_ERROR);
    fb_event_validation_free(validation);
    /* And soft jets and taus are unusual here. */
    table->column[FB_HAD_PT][7] = 25.9f;
    validation = fb_validation_of(table, FB_EVENTS_OBSERVED, 1000);
    const fb_finding *f = worst(validation, "ranges", "PRI_had_pt");
    ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
    ck_assert_uint_eq(f->first_row, 7);
    fb_event_validation_free(validation);
}
END_TEST

static void copy_row(size_t to, size_t from)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        table->column[k][to] = table->column[k][from];
    }
}

START_TEST(duplicates_are_counted)
{
    copy_row(500, 100);
    copy_row(900, 100);
    copy_row(19999, 3);
    table->column[FB_LEP_PHI][3] = 0.0f;
    table->column[FB_LEP_PHI][19999] = -0.0f;
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 700);
    const fb_finding *f = worst(validation, "duplicates", NULL);
    ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
    ck_assert_uint_eq(f->n_rows, 3);
    ck_assert_uint_eq(f->first_row, 500);
    ck_assert_ptr_nonnull(strstr(f->text, "row 500 equals row 100"));
    fb_event_validation_free(validation);
    /* Drawn events are copies of one another: that is no warning. */
    table->has_weights = table->has_processes = false;
    validation = fb_validation_of(table, FB_EVENTS_OBSERVED, 700);
    ck_assert_int_eq(worst(validation, "duplicates", NULL)->severity, FB_SEVERITY_NOTE);
    fb_event_validation_free(validation);
}
END_TEST

START_TEST(yields_are_compared)
{
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    /* Twice the weight: the pull is half the square root of N_eff. */
    for (size_t i = 0; i < N_ROWS; i++) {
        table->weight[i] *= table->process[i] == FB_TTBAR ? 2.0f : 1.0f;
    }
    fb_event_validation *doubled = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    ck_assert_int_eq(worst(doubled, "yields", "ttbar")->severity, FB_SEVERITY_WARNING);
    ck_assert_int_eq(worst(doubled, "yields", "ztautau")->severity, FB_SEVERITY_OK);
    FB_ASSERT_NEAR(fb_event_validation_pull(doubled, FB_TTBAR),
                   0.5 * sqrt((double)validation->stats.process[FB_TTBAR].n), 1e-3);
    fb_event_validation_free(doubled);
    /* Both are needed: many standard deviations, and more than a hundredth. */
    fb_weight_stats_process *signal = &validation->stats.process[FB_HTAUTAU];
    signal->square = 0.01;
    static const double factor[] = {0.995, 1.005, 0.98, 1.02};
    for (int k = 0; k < 4; k++) {
        signal->sum = factor[k] * fb_process_expected[FB_HTAUTAU];
        fb_event_validation_judge(validation, true);
        ck_assert_int_eq(worst(validation, "yields", "htautau")->severity,
                         k < 2 ? FB_SEVERITY_OK : FB_SEVERITY_WARNING);
    }
    signal->square = 1e6;
    fb_event_validation_judge(validation, true);
    ck_assert_int_eq(worst(validation, "yields", "htautau")->severity, FB_SEVERITY_OK);
    /* An unfinished reading says nothing about sums. */
    fb_event_validation_judge(validation, false);
    for (int k = 0; k < validation->n_findings; k++) {
        ck_assert_str_ne(validation->finding[k].family, "yields");
    }
    fb_event_validation_free(validation);
}
END_TEST

START_TEST(weights_are_sorted_into_classes)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        table->weight[i] = table->process[i] == FB_TTBAR     ? (float)(1 + i % 16)
                           : table->process[i] == FB_DIBOSON ? (float)(1 + i % 17)
                                                             : 0.5f;
    }
    table->weight[40] = 0.0f;
    table->weight[80] = 0.0f;
    table->process[40] = table->process[80] = FB_ZTAUTAU;
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    ck_assert_int_eq(validation->stats.process[FB_HTAUTAU].n_classes, 1);
    ck_assert_int_eq(validation->stats.process[FB_ZTAUTAU].n_classes, 2);
    ck_assert_int_eq(validation->stats.process[FB_TTBAR].n_classes, 16);
    ck_assert_int_eq(validation->stats.process[FB_DIBOSON].n_classes, 17);
    FB_ASSERT_NEAR(fb_weight_stats_half(&validation->stats, FB_HTAUTAU), 0.5, 1e-12);
    const fb_finding *f = worst(validation, "weights", "ztautau");
    ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
    ck_assert_uint_eq(f->n_rows, 2);
    ck_assert_uint_eq(f->first_row, 40);
    ck_assert_int_eq(worst(validation, "weights", "ttbar")->severity, FB_SEVERITY_OK);
    fb_event_validation_free(validation);
}
END_TEST

/* A hundredth of the signal carries half of its weight, in the first 30 % of the rows or everywhere. */
START_TEST(unequal_weights_are_noticed)
{
    for (int spread = 0; spread < 2; spread++) {
        uint64_t n = 0, n_heavy = 0;
        for (size_t i = 0; i < N_ROWS; i++) {
            if (table->process[i] != FB_HTAUTAU) {
                continue;
            }
            n++;
            bool heavy = spread ? n % 100 == 0 : i < N_ROWS / 4 && n % 25 == 0;
            n_heavy += heavy;
            table->weight[i] = heavy ? 10.0f : 0.1f;
        }
        fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
        const fb_finding *f = worst(validation, "weights", "htautau");
        ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
        ck_assert_int_eq(worst(validation, "weights", "ztautau")->severity, FB_SEVERITY_OK);
        ck_assert_ptr_nonnull(strstr(f->text, spread ? "no split rule" : "--split-rule official"));
        /* In units of the heavy weight. */
        const double heavy = (double)n_heavy, light = (double)(n - n_heavy), sum = heavy + 0.01 * light;
        const fb_weight_sums sums = fb_weight_stats_sums(&validation->stats, FB_HTAUTAU);
        FB_ASSERT_NEAR(fb_weight_stats_effective(&sums) / (sum * sum / (heavy + 1e-4 * light)), 1.0, 1e-6);
        /* Half of the weight: heavy rows, and light ones if those are not enough. */
        const double half =
            0.5 * sum <= heavy ? 0.5 * sum / (double)n : (heavy + (0.5 * sum - heavy) / 0.01) / (double)n;
        FB_ASSERT_NEAR(fb_weight_stats_half(&validation->stats, FB_HTAUTAU), half, 1e-6);
        fb_event_validation_free(validation);
    }
}
END_TEST

START_TEST(blocks_and_missing_processes_are_named)
{
    /* Signal at the end only: the official pool, the first 30 %, would have none. */
    for (size_t i = 0; i < N_ROWS; i++) {
        table->process[i] = (uint8_t)(i < 3000 ? FB_ZTAUTAU : i < 5000 ? FB_TTBAR : i < 14000 ? i % 3 + 1 : FB_HTAUTAU);
    }
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    const fb_finding *f = worst(validation, "order", "runs");
    ck_assert_int_eq(f->severity, FB_SEVERITY_NOTE);
    ck_assert_uint_eq(f->first_row, 14000);
    ck_assert_uint_eq(f->n_rows, 6000);
    f = worst(validation, "order", "htautau");
    ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
    ck_assert_ptr_nonnull(strstr(f->text, "no such events in the first 30 %"));
    ck_assert_ptr_nonnull(strstr(f->text, "would leave the pool without"));
    ck_assert_int_eq(worst(validation, "order", "ztautau")->severity, FB_SEVERITY_OK);
    fb_event_validation_free(validation);
    /* And the other way round. */
    for (size_t i = 0; i < N_ROWS; i++) {
        table->process[i] = (uint8_t)(i < 4000 ? FB_DIBOSON : i % 3);
    }
    validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
    f = worst(validation, "order", "diboson");
    ck_assert_int_eq(f->severity, FB_SEVERITY_WARNING);
    ck_assert_ptr_nonnull(strstr(f->text, "would leave training and templates without"));
    fb_event_validation_free(validation);
}
END_TEST

/* A block in a mixed file is noticed even if there are more runs than in a shuffled one; without it nothing is. */
START_TEST(one_long_run_is_a_block)
{
    for (int block = 0; block < 2; block++) {
        for (size_t i = 0; i < N_ROWS; i++) {
            table->process[i] = (uint8_t)(block && i >= 7000 && i < 7030 ? FB_TTBAR : i % 4);
        }
        fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 4000);
        const fb_finding *f = worst(validation, "order", "runs");
        ck_assert_int_eq(f->severity, block ? FB_SEVERITY_NOTE : FB_SEVERITY_OK);
        if (block) {
            ck_assert_uint_eq(f->first_row, 7000);
            ck_assert_uint_eq(f->n_rows, 31); /* the next row is such a one, too */
            ck_assert_ptr_nonnull(strstr(f->text, "ttbar"));
        }
        fb_event_validation_free(validation);
    }
}
END_TEST

START_TEST(no_events_are_an_error)
{
    table->n = 0;
    fb_event_validation *validation = fb_validation_of(table, FB_EVENTS_RAW, 10);
    ck_assert_int_eq(fb_event_validation_count(validation, FB_SEVERITY_ERROR), 1);
    fb_event_validation_free(validation);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/validation");
    TCase *tests = tcase_create("validation");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_table, free_table);
    tcase_add_test(tests, good_events_pass);
    tcase_add_test(tests, one_bad_value_is_found);
    tcase_add_test(tests, the_sum_of_the_jets_has_limits);
    tcase_add_test(tests, many_jets_out_of_order_are_an_error);
    tcase_add_test(tests, the_selection_may_leave_jets_undefined);
    tcase_add_test(tests, duplicates_are_counted);
    tcase_add_test(tests, yields_are_compared);
    tcase_add_test(tests, weights_are_sorted_into_classes);
    tcase_add_test(tests, unequal_weights_are_noticed);
    tcase_add_test(tests, blocks_and_missing_processes_are_named);
    tcase_add_test(tests, one_long_run_is_a_block);
    tcase_add_test(tests, no_events_are_an_error);
    return fb_run_suite(suite);
}
