#include "baseline/analysis/bin_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/analysis.h"
#include "models/common/text.h"

/* The value of each option here is an fb_template_settings. */

/* --- the number of bins ------------------------------------------------------------------------------------------- */

static fb_status parse_bins(const char *text, void *value, fb_error *error)
{
    fb_template_settings *settings = value;
    uint64_t n = 0;
    if (!fb_option_read_whole(text, &n) || n < 1 || n > FB_MAX_BINS) {
        return fb_fail(error, FB_ERROR_USAGE, "is not a whole number from 1 to %d", FB_MAX_BINS);
    }
    settings->n_bins = (int)n;
    if (settings->binning == FB_BINNING_EDGES) {
        settings->binning = FB_BINNING_QUANTILE;
    }
    return FB_OK;
}

/* Nothing if there are edges, which say it all. */
static bool write_bins(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const fb_template_settings *settings = value;
    snprintf(text, FB_OPTION_TEXT_SIZE, "%d", settings->n_bins);
    return k == 0 && settings->binning != FB_BINNING_EDGES;
}

static const fb_option_type bins = {.parse = parse_bins, .write = write_bins, .is_number = true};

/* --- edges: a list, which begins with the inner edges ------------------------------------------------------------- */

static void clear_edges(void *value)
{
    fb_template_settings *settings = value;
    settings->given.n_bins = 0;
    if (settings->binning == FB_BINNING_EDGES) {
        settings->binning = FB_BINNING_QUANTILE;
    }
}

static fb_status add_edge(fb_template_settings *settings, double edge, fb_error *error)
{
    fb_status status = FB_OK;
    if (settings->binning != FB_BINNING_EDGES) {
        FB_TRY(fb_binning_uniform(1, &settings->given, error));
        settings->binning = FB_BINNING_EDGES;
    }
    FB_TRY(fb_binning_add_edge(edge, &settings->given, error));
cleanup:
    return status;
}

/* One edge or several, with commas between. */
static fb_status parse_edges(const char *text, void *value, fb_error *error)
{
    char *copy = strdup(text), *rest = copy, *word = NULL;
    fb_status status = copy != NULL ? FB_OK : fb_fail(error, FB_ERROR_MEMORY, "out of memory");
    while (status == FB_OK && (word = strsep(&rest, ",")) != NULL) {
        double edge = 0.0;
        status = fb_text_to_double(word, &edge) ? add_edge(value, edge, error)
                                                : fb_fail(error, FB_ERROR_USAGE, "'%.40s' is not a number", word);
    }
    free(copy);
    return status;
}

static bool write_edges(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    const fb_template_settings *settings = value;
    if (settings->binning != FB_BINNING_EDGES || k + 1 >= settings->given.n_bins) {
        return false;
    }
    fb_text_of_double(fb_binning_edge(&settings->given, k + 1), text);
    return true;
}

static const fb_option_type edges = {
    .parse = parse_edges, .write = write_edges, .is_list = true, .is_number = true, .clear = clear_edges};

/* --- the edges of another analysis ------------------------------------------------------------------------------- */

/* Where that one leaves out bins its first edge is above 0, and what is below it is left out here, too. */
static fb_status take_edges(const fb_binning *from, fb_template_settings *settings, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_binning_uniform(1, &settings->given, error));
    settings->binning = FB_BINNING_EDGES;
    settings->n_dropped = from->edge[0] > 0;
    for (int i = 1 - settings->n_dropped; i < from->n_bins; i++) {
        FB_TRY(fb_binning_add_edge(fb_binning_edge(from, i), &settings->given, error));
    }
cleanup:
    return status;
}

static fb_status parse_edges_of(const char *text, void *value, fb_error *error)
{
    fb_analysis *analysis = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_analysis_file_load(text, &analysis, error));
    FB_TRY(take_edges(&analysis->template_set->binning, value, error));
cleanup:
    fb_analysis_free(analysis);
    return status;
}

/* They are written as edges: the file need not stay. */
static bool write_nothing(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    (void)value;
    (void)k;
    (void)text;
    return false;
}

static const fb_option_type edges_of = {.parse = parse_edges_of, .write = write_nothing};

void fb_bin_options_add(fb_option_table *table, fb_template_settings *settings)
{
    fb_option_add_parsed(table, "bins", "N", settings, &bins, "bins of the score")->excludes = "edges";
    fb_option_add_integer(table, "drop-bins", "N", &settings->n_dropped, 0, FB_MAX_BINS - 1,
                          "leave out the N lowest bins");
    fb_option_add_choice(table, "binning", "KIND", &settings->binning, fb_binning_kind_names,
                         "quantile (equal parts of the events) or uniform (equal widths)")
        ->excludes = "edges";
    fb_option_add_number(table, "quantile-signal", "F", &settings->quantile_signal, 0.0, 1.0,
                         "quantiles of F signal + (1 - F) background: 1 of the signal alone, 0 of the background")
        ->needs = "binning=quantile";
    fb_option_add_parsed(table, "edges", "X,...", settings, &edges,
                         "rising edges of the bins between 0 and 1, which are edges anyway; rounded to 1/65536");
    fb_option_add_parsed(table, "edges-of", "ANALYSIS", settings, &edges_of, "the bins of another analysis")->excludes =
        "edges bins binning drop-bins";
}
