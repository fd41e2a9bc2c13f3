/* What a plug-in learns from is what a literal loop over the rows finds, and nothing else can be asked for. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/external/plugin_data.h"
#include "holdout/events/sink.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/stages.h"
#include "tests/support/support.h"

enum { N = 30000, SEED = 77 };
static const char *const path = "plugin_data_test.h5";

typedef struct table {
    size_t n;
    float feature[N][FB_N_FEATURES];
    float weight[N];
    unsigned char process[N];
} table;

static fb_events *events;
static fb_split split;
static table *found, *expected;

static void setup(void)
{
    const fb_sink_settings settings = {
        .weights = true, .processes = true, .stage = FB_EVENTS_RAW, .origin = "", .provenance = "test"};
    fb_error error = {0};
    fb_sink *sink = NULL;
    fb_source *source = NULL;
    events = fb_simulated_events(N, 5);
    FB_ASSERT_OK(fb_event_file_create(path, &settings, &sink, &error));
    FB_ASSERT_OK(fb_sink_write(sink, events, NULL, &error));
    FB_ASSERT_OK(fb_sink_commit(sink, &error));
    fb_sink_free(sink);
    split = fb_split_by(FB_SPLIT_HASH, NULL);
    FB_ASSERT_OK(fb_source_from_events(events, "events", &source, &error));
    FB_ASSERT_OK(fb_split_measure(&split, source, NULL, &error));
    fb_source_free(source);
    found = calloc(1, sizeof *found);
    expected = calloc(1, sizeof *expected);
    ck_assert(found != NULL && expected != NULL);
}

static void teardown(void)
{
    remove(path);
    fb_events_free(events);
    free(found);
    free(expected);
}

/* One row after the other, each in a block of its own. */
static void literally(fb_part part, const fb_nuisances *nuisances)
{
    fb_error error = {0};
    fb_block *block = NULL;
    fb_noise noise;
    fb_noise_init_streams(&noise, SEED);
    FB_ASSERT_OK(fb_block_create(1, &block, &error));
    expected->n = 0;
    for (size_t i = 0; i < N; i++) {
        if (fb_split_part(&split, i) != part) {
            continue;
        }
        fb_block_load(block, events, i, 1);
        block->events->weight[0] = (float)(block->events->weight[0] * split.factor[part][block->events->process[0]]);
        fb_block_fill_noise(block, &noise);
        fb_distort(block, nuisances);
        fb_reweight(block, nuisances);
        fb_select(block);
        fb_derive(block);
        if (block->events->n == 1) {
            fb_pack(block, NULL, expected->feature[expected->n]);
            expected->weight[expected->n] = block->events->weight[0];
            expected->process[expected->n++] = block->events->process[0];
        }
    }
    fb_block_free(block);
}

static int take(void *context, const fb_plugin_rows *rows, char *reason)
{
    table *t = context;
    (void)reason;
    ck_assert_uint_le(rows->n, 4096);
    memcpy(t->feature[t->n], rows->features, rows->n * sizeof *t->feature);
    memcpy(t->weight + t->n, rows->weight, rows->n * sizeof *t->weight);
    memcpy(t->process + t->n, rows->process, rows->n);
    t->n += rows->n;
    return 0;
}

static void compare(void)
{
    ck_assert_uint_gt(found->n, 1000);
    ck_assert_uint_eq(found->n, expected->n);
    ck_assert_int_eq(memcmp(found->feature, expected->feature, found->n * sizeof *found->feature), 0);
    ck_assert_int_eq(memcmp(found->weight, expected->weight, found->n * sizeof *found->weight), 0);
    ck_assert_int_eq(memcmp(found->process, expected->process, found->n), 0);
}

START_TEST(all_parts_are_those_of_a_literal_loop)
{
    const fb_nuisances nominal = fb_nuisance_nominal();
    fb_nuisances other = {.value = {1.02, 0.97, 1.5, 1.1, 0.7, 0.995}};
    const fb_plugin_nuisances theirs = {
        .tes = 1.02, .jes = 0.97, .soft_met = 1.5, .ttbar_scale = 1.1, .diboson_scale = 0.7, .bkg_scale = 0.995};
    char reason[FB_PLUGIN_REASON_SIZE] = "";
    fb_error error = {0};
    fb_plugin_data *data = NULL;
    const fb_split fresh = fb_split_of(&split.settings);
    FB_ASSERT_OK(fb_plugin_data_create(path, &fresh, &data, &error));
    for (int part = FB_TRAIN; part <= FB_HOLDOUT; part++) {
        for (int threads = 1; threads <= 2; threads++) {
            omp_set_num_threads(threads);
            literally((fb_part)part, &nominal);
            found->n = 0;
            ck_assert_int_eq(data->read(data, (fb_plugin_part)part, take, found, reason), 0);
            compare();
            literally((fb_part)part, &other);
            found->n = 0;
            ck_assert_int_eq(data->systematics(data, (fb_plugin_part)part, &theirs, SEED, take, found, reason), 0);
            compare();
        }
    }
    fb_plugin_data_free(data);
}
END_TEST

static int stop_after_two(void *context, const fb_plugin_rows *rows, char *reason)
{
    int *calls = context;
    (void)rows;
    strcpy(reason, "enough");
    return ++*calls == 2 ? 42 : 0;
}

START_TEST(what_is_not_allowed_is_refused)
{
    const fb_plugin_nuisances nominal = FB_PLUGIN_NOMINAL;
    fb_plugin_nuisances bad;
    char reason[FB_PLUGIN_REASON_SIZE] = "";
    fb_error error = {0};
    fb_plugin_data *data = NULL, *nowhere = NULL;
    int calls = 0;
    FB_ASSERT_OK(fb_plugin_data_create(path, &split, &data, &error));
    /* The pool is not given out. */
    ck_assert_int_eq(data->read(data, (fb_plugin_part)FB_POOL, take, found, reason), -1);
    ck_assert_str_eq(reason, "part 3 of the events is not 0 (train), 1 (validation) or 2 (holdout)");
    ck_assert_int_eq(data->read(data, (fb_plugin_part)-1, take, found, reason), -1);
    bad = nominal;
    bad.soft_met = NAN;
    ck_assert_int_eq(data->systematics(data, FB_PLUGIN_TRAIN, &bad, 1, take, found, reason), -1);
    ck_assert_str_eq(reason, "soft_met nan is not from 0 to 5");
    bad = nominal;
    bad.bkg_scale = 1.02;
    ck_assert_int_eq(data->systematics(data, FB_PLUGIN_TRAIN, &bad, 1, take, found, reason), -1);
    ck_assert_str_eq(reason, "bkg_scale 1.02 is not from 0.99 to 1.01");
    ck_assert_uint_eq(found->n, 0);
    /* A visitor that has seen enough; after that everything can be read again. */
    ck_assert_int_eq(data->read(data, FB_PLUGIN_TRAIN, stop_after_two, &calls, reason), 42);
    ck_assert_int_eq(calls, 2);
    ck_assert_str_eq(reason, "enough");
    const fb_nuisances ours = fb_nuisance_nominal();
    literally(FB_TRAIN, &ours);
    ck_assert_int_eq(data->read(data, FB_PLUGIN_TRAIN, take, found, reason), 0);
    compare();
    fb_plugin_data_free(data);
    FB_ASSERT_OK(fb_plugin_data_create("nowhere.h5", &split, &nowhere, &error));
    ck_assert_int_eq(nowhere->read(nowhere, FB_PLUGIN_TRAIN, take, found, reason), -1);
    ck_assert_ptr_nonnull(strstr(reason, "nowhere.h5"));
    ck_assert_int_eq(nowhere->read(nowhere, FB_PLUGIN_TRAIN, take, found, reason), -1);
    fb_plugin_data_free(nowhere);
    fb_plugin_data_free(NULL);
}
END_TEST

/* What plugin.h says about ranges in its comments. */
START_TEST(the_ranges_are_those_of_the_table)
{
    static const double low[] = {0.9, 0.9, 0.0, 0.8, 0.0, 0.99}, high[] = {1.1, 1.1, 5.0, 1.2, 2.0, 1.01};
    const fb_plugin_nuisances nominal = FB_PLUGIN_NOMINAL;
    const double values[] = {nominal.tes,         nominal.jes,           nominal.soft_met,
                             nominal.ttbar_scale, nominal.diboson_scale, nominal.bkg_scale};
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_prior prior = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        ck_assert_double_eq(prior.low, low[k]);
        ck_assert_double_eq(prior.high, high[k]);
        ck_assert_double_eq(fb_nuisance_describe((fb_nuisance)k)->nominal, values[k]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_plugin_data");
    TCase *tests = tcase_create("plugin_data");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_parts_are_those_of_a_literal_loop);
    tcase_add_test(tests, what_is_not_allowed_is_refused);
    tcase_add_test(tests, the_ranges_are_those_of_the_table);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
