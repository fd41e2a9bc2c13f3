#include "holdout/templates/binning.h"

#include <math.h>
#include <string.h>

#include "models/common/text.h"

const char *const fb_binning_kind_names[] = {
    [FB_BINNING_QUANTILE] = "quantile", [FB_BINNING_UNIFORM] = "uniform", [FB_BINNING_EDGES] = NULL};

static fb_status check_count(int n_bins, fb_error *error)
{
    return n_bins >= 1 && n_bins <= FB_MAX_BINS
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "%d bins; allowed are 1 to %d", n_bins, FB_MAX_BINS);
}

fb_status fb_binning_uniform(int n_bins, fb_binning *binning, fb_error *error)
{
    fb_status status = check_count(n_bins, error);
    if (status == FB_OK) {
        binning->n_bins = n_bins;
        for (int i = 0; i <= n_bins; i++) {
            binning->edge[i] = (int)((int64_t)FB_SCORE_CELLS * i / n_bins);
        }
    }
    return status;
}

static double background_in(const fb_score_histogram *histogram, int cell)
{
    return histogram->sum[FB_ZTAUTAU][cell] + histogram->sum[FB_TTBAR][cell] + histogram->sum[FB_DIBOSON][cell];
}

/* What the quantiles are equal parts of: signal and background in the shares that are asked for, each taken as one
 * whole. In units of the signal, so that the signal alone is counted as it is. */
typedef struct mixture {
    double of_signal, of_background; /* factors of the weights */
    double total;
} mixture;

static double mixture_in(const mixture *m, const fb_score_histogram *histogram, int cell)
{
    return m->of_signal * histogram->sum[FB_HTAUTAU][cell] + m->of_background * background_in(histogram, cell);
}

static fb_status make_mixture(double signal_share, const fb_score_histogram *histogram, mixture *out, fb_error *error)
{
    double signal = 0.0, background = 0.0;
    for (int cell = 0; cell < FB_SCORE_CELLS; cell++) {
        signal += histogram->sum[FB_HTAUTAU][cell];
        background += background_in(histogram, cell);
    }
    if (!(signal > 0.0) || !(background > 0.0)) {
        return fb_fail(error, FB_ERROR_DATA, "no %s was left to choose bins by",
                       signal > 0.0 ? "background" : "signal");
    }
    *out = (mixture){signal_share, (1.0 - signal_share) * (signal / background), signal};
    return FB_OK;
}

/* Merges the lowest bin with the next if it has no background. Returns how many inner edges are left. */
static int merge_lowest(const fb_score_histogram *histogram, const int *edge, int n)
{
    double left = 0.0;
    for (int cell = 0; cell < edge[n]; cell++) {
        left += background_in(histogram, cell);
    }
    return n - (n > 0 && !(left > 0.0));
}

fb_status fb_binning_quantiles(int n_bins, double signal_share, const fb_score_histogram *histogram,
                               fb_binning *binning, fb_error *error)
{
    mixture m = {0};
    fb_status status = FB_OK;
    FB_TRY(check_count(n_bins, error));
    if (!(signal_share >= 0.0 && signal_share <= 1.0)) {
        return fb_fail(error, FB_ERROR_USAGE, "a share of the signal of %g; allowed are 0 to 1", signal_share);
    }
    FB_TRY(make_mixture(signal_share, histogram, &m, error));
    /* From the signal-like end down, so that what has to be merged there is merged into the purest bin. */
    int edge[FB_MAX_BINS + 1] = {FB_SCORE_CELLS};
    int n = 0;
    double above = 0.0, in_bin = 0.0;
    int part = 1; /* the next edge is where this many parts are above */
    for (int cell = FB_SCORE_CELLS - 1; cell > 0 && part < n_bins; cell--) {
        above += mixture_in(&m, histogram, cell);
        in_bin += background_in(histogram, cell);
        /* A little less than the part, so that an exact quantile is not missed by rounding. */
        if (in_bin > 0.0 && above >= m.total * part / n_bins * (1.0 - 1e-12)) {
            edge[++n] = cell;
            in_bin = 0.0;
            while (part < n_bins && above >= m.total * part / n_bins * (1.0 - 1e-12)) {
                part++; /* one cell, or a bin that waited for background, can hold several parts */
            }
        }
    }
    n = merge_lowest(histogram, edge, n);
    binning->n_bins = n + 1;
    for (int i = 0; i <= n; i++) {
        binning->edge[n + 1 - i] = edge[i];
    }
    binning->edge[0] = 0;
cleanup:
    return status;
}

fb_status fb_binning_add_edge(double edge, fb_binning *binning, fb_error *error)
{
    char text[FB_NUMBER_SIZE], before[FB_NUMBER_SIZE];
    const int n = binning->n_bins;
    /* Also what is not finite; the comparison comes before the rounding, which no number outside survives. */
    const int cell = edge > 0.0 && edge < 1.0 ? (int)lround(edge * FB_SCORE_CELLS) : 0;
    if (cell <= 0 || cell >= FB_SCORE_CELLS) {
        return fb_fail(error, FB_ERROR_USAGE, "%s is not between 0 and 1, which are edges anyway",
                       fb_text_of_double(edge, text));
    }
    if (cell <= binning->edge[n - 1]) {
        return fb_fail(error, FB_ERROR_USAGE, "%s after %s: edges rise, by 1/%d at least",
                       fb_text_of_double(edge, text), fb_text_of_double(fb_binning_edge(binning, n - 1), before),
                       FB_SCORE_CELLS);
    }
    if (n == FB_MAX_BINS) {
        return fb_fail(error, FB_ERROR_USAGE, "%s is one edge too many; %d bins are allowed",
                       fb_text_of_double(edge, text), FB_MAX_BINS);
    }
    binning->edge[n] = cell;
    binning->edge[n + 1] = FB_SCORE_CELLS;
    binning->n_bins++;
    return FB_OK;
}

fb_status fb_binning_drop(int n_dropped, fb_binning *binning, fb_error *error)
{
    if (n_dropped < 0 || n_dropped >= binning->n_bins) {
        return fb_fail(error, FB_ERROR_USAGE, "%d of %d bins cannot be dropped: at least one is needed", n_dropped,
                       binning->n_bins);
    }
    binning->n_bins -= n_dropped;
    memmove(binning->edge, binning->edge + n_dropped, ((size_t)binning->n_bins + 1) * sizeof *binning->edge);
    return FB_OK;
}

void fb_binning_map(const fb_binning *binning, uint16_t *bin_of_cell)
{
    for (int cell = 0; cell < binning->edge[0]; cell++) {
        bin_of_cell[cell] = (uint16_t)binning->n_bins;
    }
    for (int bin = 0; bin < binning->n_bins; bin++) {
        for (int cell = binning->edge[bin]; cell < binning->edge[bin + 1]; cell++) {
            bin_of_cell[cell] = (uint16_t)bin;
        }
    }
}

void fb_binning_rebin(const fb_binning *binning, const double *cells, double *out)
{
    for (int i = 0; i < binning->n_bins; i++) {
        out[i] = 0.0;
        for (int cell = binning->edge[i]; cell < binning->edge[i + 1]; cell++) {
            out[i] += cells[cell];
        }
    }
}

double fb_binning_edge(const fb_binning *binning, int i)
{
    return (double)binning->edge[i] / FB_SCORE_CELLS;
}
