/* Bins of the score. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/templates/binning.h"
#include "tests/support/support.h"

/* Sums of up to FB_SCORE_CELLS numbers in another order. */
static const double ROUNDING = 1e-9;

static fb_score_histogram *histogram;

static void make_histogram(void)
{
    histogram = calloc(1, sizeof *histogram);
    ck_assert_ptr_nonnull(histogram);
}

static void free_histogram(void)
{
    free(histogram);
}

/* Signal that rises with the score, background that falls, both in every cell. */
static void fill_smooth(void)
{
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        double x = (cell + 0.5) / FB_SCORE_CELLS;
        histogram->sum[FB_HTAUTAU][cell] = x * x;
        histogram->sum[FB_ZTAUTAU][cell] = 50.0 * (1.0 - x);
        histogram->sum[FB_TTBAR][cell] = 2.0;
        histogram->sum[FB_DIBOSON][cell] = 0.1;
    }
}

static void assert_edges_rise(const fb_binning *binning)
{
    ck_assert_int_eq(binning->edge[0], 0);
    ck_assert_int_eq(binning->edge[binning->n_bins], FB_SCORE_CELLS);
    for (int i = 0; i < binning->n_bins; i++) {
        ck_assert_int_lt(binning->edge[i], binning->edge[i + 1]);
    }
}

static int cell_of(float score)
{
    uint16_t cell = 0;
    fb_score_histogram_cells(1, &score, &cell);
    return cell;
}

START_TEST(scores_have_cells)
{
    ck_assert_int_eq(cell_of(0.0f), 0);
    ck_assert_int_eq(cell_of(1.0f), FB_SCORE_CELLS - 1);
    ck_assert_int_eq(cell_of(nextafterf(1.0f, 0.0f)), FB_SCORE_CELLS - 1);
    ck_assert_int_eq(cell_of(0.5f), FB_SCORE_CELLS / 2);
    ck_assert_int_eq(cell_of(nextafterf(0.5f, 0.0f)), FB_SCORE_CELLS / 2 - 1);
}
END_TEST

START_TEST(uniform_bins)
{
    fb_error error = {0};
    fb_binning binning;
    FB_ASSERT_OK(fb_binning_uniform(4, &binning, &error));
    assert_edges_rise(&binning);
    for (int i = 0; i <= 4; i++) {
        ck_assert_double_eq(fb_binning_edge(&binning, i), i / 4.0);
    }
    /* A number that does not divide the cells: widths differ by one cell at most. */
    FB_ASSERT_OK(fb_binning_uniform(1000, &binning, &error));
    assert_edges_rise(&binning);
    for (int i = 0; i < 1000; i++) {
        int width = binning.edge[i + 1] - binning.edge[i];
        ck_assert(width == 65 || width == 66);
    }
    FB_ASSERT_OK(fb_binning_uniform(1, &binning, &error));
    assert_edges_rise(&binning);
}
END_TEST

START_TEST(quantile_bins_hold_equal_signal)
{
    static const int counts[] = {1, 2, 25, 100};
    fb_error error = {0};
    fb_binning binning;
    double signal[FB_MAX_BINS], total = 0.0;
    fill_smooth();
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        total += histogram->sum[FB_HTAUTAU][cell];
    }
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        FB_ASSERT_OK(fb_binning_quantiles(counts[k], 1.0, histogram, &binning, &error));
        ck_assert_int_eq(binning.n_bins, counts[k]);
        assert_edges_rise(&binning);
        fb_binning_rebin(&binning, histogram->sum[FB_HTAUTAU], signal);
        for (int i = 0; i < binning.n_bins; i++) {
            /* Two edges, each missed by one cell, which holds 1 at most. */
            FB_ASSERT_NEAR(signal[i], total / counts[k], 2.0);
        }
    }
}
END_TEST

/* Each bin holds an equal part of f S / total S + (1 - f) B / total B. */
START_TEST(quantile_bins_of_signal_and_background)
{
    static const double shares[] = {0.0, 0.3, 0.5, 1.0};
    enum { N = 40 };
    fb_error error = {0};
    fb_binning binning;
    double sum[FB_N_PROCESS][N], total[FB_N_PROCESS] = {0.0};
    fill_smooth();
    for (int p = 0; p < FB_N_PROCESS; p++) {
        for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
            total[p] += histogram->sum[p][cell];
        }
    }
    const double background = total[FB_ZTAUTAU] + total[FB_TTBAR] + total[FB_DIBOSON];
    for (size_t k = 0; k < sizeof shares / sizeof shares[0]; k++) {
        FB_ASSERT_OK(fb_binning_quantiles(N, shares[k], histogram, &binning, &error));
        ck_assert_int_eq(binning.n_bins, N);
        assert_edges_rise(&binning);
        for (int p = 0; p < FB_N_PROCESS; p++) {
            fb_binning_rebin(&binning, histogram->sum[p], sum[p]);
        }
        for (int i = 0; i < N; i++) {
            const double b = sum[FB_ZTAUTAU][i] + sum[FB_TTBAR][i] + sum[FB_DIBOSON][i];
            const double part = shares[k] * sum[FB_HTAUTAU][i] / total[FB_HTAUTAU] + (1.0 - shares[k]) * b / background;
            /* Two edges, each missed by one cell, which holds 1 / 20 000 at most. */
            FB_ASSERT_NEAR(part, 1.0 / N, 1e-4);
        }
    }
    /* With the share of the background its bins become finer at low scores. */
    FB_ASSERT_OK(fb_binning_quantiles(N, 1.0, histogram, &binning, &error));
    const int first = binning.edge[1];
    FB_ASSERT_OK(fb_binning_quantiles(N, 0.5, histogram, &binning, &error));
    ck_assert_int_lt(binning.edge[1], first / 4);
}
END_TEST

/* The purest tenth has no background: the bins in it become one with the first that has some. */
START_TEST(bins_without_background_are_merged)
{
    fb_error error = {0};
    fb_binning binning;
    double background[FB_MAX_BINS] = {0.0};
    const int pure = FB_SCORE_CELLS * 9 / 10;
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        histogram->sum[FB_HTAUTAU][cell] = 1.0;
        histogram->sum[FB_ZTAUTAU][cell] = cell < pure ? 1.0 : 0.0;
    }
    FB_ASSERT_OK(fb_binning_quantiles(100, 1.0, histogram, &binning, &error));
    assert_edges_rise(&binning);
    /* Ten shares in the purest bin, one in each of the others. */
    ck_assert_int_eq(binning.n_bins, 91);
    ck_assert_int_eq(binning.edge[90], pure - 1);
    fb_binning_rebin(&binning, histogram->sum[FB_ZTAUTAU], background);
    for (int i = 0; i < binning.n_bins; i++) {
        ck_assert_double_gt(background[i], 0.0);
    }
    /* And the same at the other end. */
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        histogram->sum[FB_ZTAUTAU][cell] = cell >= FB_SCORE_CELLS / 10 ? 1.0 : 0.0;
    }
    FB_ASSERT_OK(fb_binning_quantiles(100, 1.0, histogram, &binning, &error));
    assert_edges_rise(&binning);
    fb_binning_rebin(&binning, histogram->sum[FB_ZTAUTAU], background);
    for (int i = 0; i < binning.n_bins; i++) {
        ck_assert_double_gt(background[i], 0.0);
    }
}
END_TEST

/* All signal in one cell: a single quantile can be cut there, and no bin is empty of cells. */
START_TEST(a_lump_of_signal)
{
    fb_error error = {0};
    fb_binning binning;
    memset(histogram, 0, sizeof *histogram);
    histogram->sum[FB_HTAUTAU][40000] = 7.0;
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        histogram->sum[FB_TTBAR][cell] = 1.0;
    }
    FB_ASSERT_OK(fb_binning_quantiles(25, 1.0, histogram, &binning, &error));
    assert_edges_rise(&binning);
    ck_assert_int_eq(binning.n_bins, 2);
    ck_assert_int_eq(binning.edge[1], 40000);
}
END_TEST

START_TEST(given_edges)
{
    fb_error error = {0};
    fb_binning binning;
    FB_ASSERT_OK(fb_binning_uniform(1, &binning, &error));
    FB_ASSERT_OK(fb_binning_add_edge(0.1, &binning, &error));
    FB_ASSERT_OK(fb_binning_add_edge(0.5, &binning, &error));
    assert_edges_rise(&binning);
    ck_assert_int_eq(binning.n_bins, 3);
    ck_assert_int_eq(binning.edge[1], 6554); // 6553.6
    ck_assert_int_eq(binning.edge[2], FB_SCORE_CELLS / 2);
    static const struct {
        double edge;
        const char *text;
    } wrong[] = {{0.5, "0.5 after 0.5: edges rise, by 1/65536 at least"},
                 {0.3, "0.3 after 0.5: edges rise, by 1/65536 at least"},
                 {0.5 + 0.4 / FB_SCORE_CELLS, "after 0.5: edges rise"}, // the same cell
                 {0.0, "0 is not between 0 and 1"},
                 {1.0, "1 is not between 0 and 1"},
                 {1.0 - 0.4 / FB_SCORE_CELLS, "is not between 0 and 1"},
                 {-3.0, "-3 is not between 0 and 1"},
                 {1e300, "1e+300 is not between 0 and 1"},
                 {NAN, "nan is not between 0 and 1"}};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        ck_assert_int_eq(fb_binning_add_edge(wrong[k].edge, &binning, &error), FB_ERROR_USAGE);
        ck_assert_msg(strstr(error.text, wrong[k].text) != NULL, "%s", error.text);
        ck_assert_int_eq(binning.n_bins, 3);
        assert_edges_rise(&binning);
    }
    /* As many as are allowed, and no more. */
    FB_ASSERT_OK(fb_binning_uniform(1, &binning, &error));
    for (int k = 1; k < FB_MAX_BINS; k++) {
        FB_ASSERT_OK(fb_binning_add_edge((double)k / 2000, &binning, &error));
    }
    assert_edges_rise(&binning);
    ck_assert_int_eq(binning.n_bins, FB_MAX_BINS);
    ck_assert_int_eq(fb_binning_add_edge(0.9, &binning, &error), FB_ERROR_USAGE);
    ck_assert_str_eq(error.text, "0.9 is one edge too many; 1024 bins are allowed");
}
END_TEST

START_TEST(rebin_sums_cells)
{
    fb_error error = {0};
    fb_binning binning;
    double out[7], sum = 0.0;
    memset(histogram, 0, sizeof *histogram);
    histogram->sum2[FB_ZTAUTAU][cell_of(0.0f)] = 3.0;
    histogram->sum2[FB_ZTAUTAU][cell_of(1.0f)] = 4.0;
    FB_ASSERT_OK(fb_binning_uniform(7, &binning, &error));
    fb_binning_rebin(&binning, histogram->sum2[FB_ZTAUTAU], out);
    ck_assert_double_eq(out[0], 3.0); // score 0 is in the first bin
    ck_assert_double_eq(out[6], 4.0); // score 1 in the last
    fill_smooth();
    fb_binning_rebin(&binning, histogram->sum[FB_HTAUTAU], out);
    for (int i = 0; i < 7; i++) {
        double direct = 0.0;
        for (int cell = binning.edge[i]; cell < binning.edge[i + 1]; cell++) {
            direct += histogram->sum[FB_HTAUTAU][cell];
        }
        FB_ASSERT_NEAR(out[i], direct, ROUNDING);
        sum += out[i];
    }
    FB_ASSERT_NEAR(sum, FB_SCORE_CELLS / 3.0, 1e-4); // sum of the squares of midpoints
}
END_TEST

START_TEST(bad_input_rejected)
{
    fb_error error = {0};
    fb_binning binning;
    ck_assert_int_eq(fb_binning_uniform(0, &binning, &error), FB_ERROR_USAGE);
    ck_assert_int_eq(fb_binning_uniform(FB_MAX_BINS + 1, &binning, &error), FB_ERROR_USAGE);
    ck_assert_str_eq(error.text, "1025 bins; allowed are 1 to 1024");
    ck_assert_int_eq(fb_binning_quantiles(5, -0.1, histogram, &binning, &error), FB_ERROR_USAGE);
    ck_assert_int_eq(fb_binning_quantiles(5, 1.1, histogram, &binning, &error), FB_ERROR_USAGE);
    ck_assert_str_eq(error.text, "a share of the signal of 1.1; allowed are 0 to 1");
    ck_assert_int_eq(fb_binning_quantiles(5, NAN, histogram, &binning, &error), FB_ERROR_USAGE);
    memset(histogram, 0, sizeof *histogram);
    histogram->sum[FB_ZTAUTAU][3] = 1.0;
    ck_assert_int_eq(fb_binning_quantiles(5, 1.0, histogram, &binning, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "no signal"));
    memset(histogram, 0, sizeof *histogram);
    histogram->sum[FB_HTAUTAU][3] = 1.0;
    ck_assert_int_eq(fb_binning_quantiles(5, 1.0, histogram, &binning, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "no background"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/binning");
    TCase *tests = tcase_create("binning");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, make_histogram, free_histogram);
    tcase_add_test(tests, scores_have_cells);
    tcase_add_test(tests, uniform_bins);
    tcase_add_test(tests, quantile_bins_hold_equal_signal);
    tcase_add_test(tests, quantile_bins_of_signal_and_background);
    tcase_add_test(tests, bins_without_background_are_merged);
    tcase_add_test(tests, a_lump_of_signal);
    tcase_add_test(tests, given_edges);
    tcase_add_test(tests, rebin_sums_cells);
    tcase_add_test(tests, bad_input_rejected);
    return fb_run_suite(suite);
}
