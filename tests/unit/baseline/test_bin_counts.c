/* Counts of several analyses at once: what is shared and what is not. */
#include <stdio.h>
#include <string.h>

#include "baseline/analysis/bin_counts.h"
#include "baseline/analysis/train.h"
#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/stages.h"
#include "tests/support/support.h"

enum { N_ROWS = 30000 };

static fb_events *table;
static fb_source *source;

/* A small net conditioned on tes, with some bins. */
static fb_analysis *trained(void)
{
    fb_analysis *analysis = NULL;
    fb_train_settings settings = fb_train_settings_default();
    fb_error error = {0};
    table = fb_simulated_events(N_ROWS, 5);
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    settings.model = "dense";
    settings.set = (fb_text_list){3, {"hidden=12x8", "epochs=4", "batch=300"}};
    settings.augmentation = (fb_augmentation){.n_copies = 2, .widening = 8.0};
    FB_ASSERT_OK(fb_conditioning_add(&settings.templates.conditioning, "tes", &error));
    settings.templates.n_bins = 6;
    settings.templates.share = 0.2;
    for (int k = 0; k < FB_N_SHAPE; k++) {
        settings.templates.degree[k] = 1;
    }
    FB_ASSERT_OK(fb_analysis_create(&settings, &analysis, &error));
    FB_ASSERT_OK(fb_train(analysis, source, &(fb_train_observer){0}, &error));
    return analysis;
}

/* Counts of both analyses for one block of events. */
static void count(const fb_analysis *const *analyses, double counts[2][FB_MAX_BINS], uint64_t *n)
{
    fb_bin_counts *counting = NULL;
    fb_block *block = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_bin_counts_create(2, analyses, 2, NULL, &counting, &error));
    FB_ASSERT_OK(fb_block_create(FB_BLOCK_ROWS, &block, &error));
    fb_block_load(block, table, 0, FB_BLOCK_ROWS);
    fb_select(block);
    fb_derive(block);
    FB_ASSERT_OK(fb_bin_counts_add(counting, 1, block, &error));
    *n = fb_bin_counts_events(counting, 1);
    ck_assert_uint_eq(fb_bin_counts_events(counting, 0), 0);
    fb_bin_counts_get(counting, 1, 0, counts[0]);
    fb_bin_counts_get(counting, 1, 1, counts[1]);
    fb_block_free(block);
    fb_bin_counts_free(counting);
}

static double total(const double *counts, int n)
{
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        sum += counts[k];
    }
    return sum;
}

/* The same classifier conditioned on another value gives other scores, and a bin that was dropped counts nothing. */
START_TEST(analyses_do_not_mix)
{
    static double counts[2][FB_MAX_BINS];
    fb_analysis *analysis = trained(), *other = NULL;
    const fb_analysis *both[2] = {analysis, NULL};
    fb_error error = {0};
    uint64_t n = 0;
    FB_ASSERT_OK(fb_analysis_file_save(analysis, "counting.h5", &error));
    FB_ASSERT_OK(fb_analysis_file_load("counting.h5", &other, &error));
    both[1] = other;
    const int n_bins = analysis->template_set->binning.n_bins;
    count(both, counts, &n);
    ck_assert_uint_gt(n, 0);
    ck_assert_mem_eq(counts[0], counts[1], (size_t)n_bins * sizeof(double));
    FB_ASSERT_NEAR(total(counts[0], n_bins), (double)n, 0.0);
    FB_ASSERT_OK(fb_conditioning_add(&other->settings.templates.conditioning, "tes=1.05", &error));
    count(both, counts, &n);
    ck_assert(memcmp(counts[0], counts[1], (size_t)n_bins * sizeof(double)) != 0);
    FB_ASSERT_OK(fb_conditioning_add(&other->settings.templates.conditioning, "tes=1", &error));
    FB_ASSERT_OK(fb_binning_drop(2, &other->template_set->binning, &error));
    count(both, counts, &n);
    ck_assert_mem_eq(counts[0] + 2, counts[1], (size_t)(n_bins - 2) * sizeof(double));
    remove("counting.h5");
    fb_analysis_free(analysis);
    fb_analysis_free(other);
    fb_source_free(source);
    fb_events_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("counting");
    TCase *tests = tcase_create("counting");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, analyses_do_not_mix);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
