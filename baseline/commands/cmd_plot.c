#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/data_counts.h"
#include "baseline/analysis/fit_options.h"
#include "baseline/commands/commands.h"
#include "baseline/reports/picture.h"
#include "baseline/support/json_output.h"
#include "models/common/text.h"

enum { MOST_BINS = 60, USUAL_BINS = 6 };

/* What can be chosen, of all pictures. */
typedef struct choices {
    const char *output, *title, *bins;
    fb_nuisance parameter; /* a shape */
    bool is_fitted, is_density;
    int n_points;
    double mu_low, mu_high;
    fb_fit_choice fit;
} choices;

/* What a picture is made from: an analysis, or one and what was observed in its bins, or many results. */
typedef struct input {
    fb_analysis *analysis;
    fb_data_counts data;
    fb_results *results;
} input;

typedef fb_status draw(const choices *c, const input *in, fb_picture *out, fb_error *error);

/* --- one function for each kind of picture ------------------------------------------------------------------------ */

/* Evenly from the first to the last. */
static int usual_bins(int n_bins, int bin[MOST_BINS])
{
    const int n = n_bins < USUAL_BINS ? n_bins : USUAL_BINS;
    for (int k = 0; k < n; k++) {
        bin[k] = n > 1 ? (k * (n_bins - 1) + (n - 1) / 2) / (n - 1) : 0;
    }
    return n;
}

/* "0,5,24" */
static fb_status parse_bins(const char *text, int n_bins, int bin[MOST_BINS], int *n, fb_error *error)
{
    char *copy = strdup(text), *rest = copy, *word = NULL;
    fb_status status = copy != NULL ? FB_OK : fb_fail(error, FB_ERROR_MEMORY, "--bins: out of memory");
    for (*n = 0; status == FB_OK && (word = strsep(&rest, ",")) != NULL;) {
        uint64_t value = 0;
        if (*n == MOST_BINS) {
            status = fb_fail(error, FB_ERROR_USAGE, "--bins: more than %d bins", MOST_BINS);
        } else if (!fb_text_to_u64(word, &value) || value >= (uint64_t)n_bins) {
            status = fb_fail(error, FB_ERROR_USAGE, "--bins: '%s' in '%s' is not a bin; the analysis has bins 0 to %d",
                             word, text, n_bins - 1);
        } else {
            bin[(*n)++] = (int)value;
        }
    }
    free(copy);
    return status;
}

static fb_status draw_templates(const choices *c, const input *in, fb_picture *out, fb_error *error)
{
    const int n_bins = in->analysis->template_set->binning.n_bins;
    int bin[MOST_BINS], n = 0;
    fb_status status = FB_OK;
    if (c->bins != NULL) {
        FB_TRY(parse_bins(c->bins, n_bins, bin, &n, error));
    } else {
        n = usual_bins(n_bins, bin);
    }
    FB_TRY(fb_picture_templates(in->analysis, c->parameter, n, bin, c->title, out, error));
cleanup:
    return status;
}

static fb_status draw_scores(const choices *c, const input *in, fb_picture *out, fb_error *error)
{
    const fb_templates *templates = in->analysis->template_set->templates;
    const fb_fit_settings settings = fb_fit_options_settings(&c->fit);
    fb_fit_result result;
    fb_status status = FB_OK;
    if (c->is_fitted) {
        FB_TRY(fb_fit(templates, &settings, templates->n_bins, in->data.count, &result, error));
    }
    FB_TRY(fb_picture_scores(in->analysis, in->data.count, c->is_fitted ? &result : NULL, c->is_density, c->title, out,
                             error));
cleanup:
    return status;
}

static fb_status draw_nll(const choices *c, const input *in, fb_picture *out, fb_error *error)
{
    const fb_nll_range range = {c->n_points, c->mu_low, c->mu_high};
    const fb_fit_settings settings = fb_fit_options_settings(&c->fit);
    return fb_picture_nll(in->analysis->template_set->templates, &settings, in->data.count, &range, c->title, out,
                          error);
}

static fb_status draw_coverage(const choices *c, const input *in, fb_picture *out, fb_error *error)
{
    return fb_picture_coverage(in->results, c->title, out, error);
}

/* --- the commands ------------------------------------------------------------------------------------------------- */

enum { TEMPLATES, SCORES, NLL, COVERAGE, N_KINDS };

typedef struct kind {
    char full_name[24]; /* takes the place of argv[0], so that messages point to the right --help */
    const char *arguments, *summary, *details, *example;
    int n_inputs;
    bool fits; /* has the options of a fit, and heeds the section 'fit' of a configuration */
    draw *draw;
} kind;

static kind kinds[N_KINDS] = {
    [TEMPLATES] = {.full_name = "plot templates",
                   .arguments = "ANALYSIS",
                   .summary = "Draws how signal and background of some bins move with a nuisance parameter.",
                   .details = "Points: the holdout events scored at other values of the parameter; curves: the "
                              "polynomials that the\nfit uses; open circles: the nominal yields with their "
                              "statistical errors.",
                   .example = "fair-baseline plot templates analysis.h5 -o tes.svg --parameter tes --bins 0,12,24",
                   .n_inputs = 1,
                   .draw = draw_templates},
    [SCORES] = {.full_name = "plot scores",
                .arguments = "ANALYSIS EVENTS",
                .summary = "Draws the stacked expectation of the processes, the data, and their ratio.",
                .details = "EVENTS as for 'fit'. Error bars: central 68.27 % intervals of Poisson means.",
                .example = "fair-baseline plot scores analysis.h5 pseudo.h5 -o scores.svg --fit",
                .n_inputs = 2,
                .fits = true,
                .draw = draw_scores},
    [NLL] = {.full_name = "plot nll",
             .arguments = "ANALYSIS EVENTS",
             .summary = "Draws t(mu), the profile of -2 ln L, above its minimum, and the interval of mu.",
             .details = "EVENTS as for 'fit'. A second curve holds the nuisance parameters where the fit put them: "
                        "what is\nleft is statistics, of data and simulation. Exit code 4 when the fit does not "
                        "converge.",
             .example = "fair-baseline plot nll analysis.h5 pseudo.h5 -o nll.svg",
             .n_inputs = 2,
             .fits = true,
             .draw = draw_nll},
    [COVERAGE] = {.full_name = "plot coverage",
                  .arguments = "DIR",
                  .summary = "Draws the intervals of many pseudo-experiments, set by set, and which of them hold the "
                             "true mu.",
                  .details = "DIR has result_<set>.json and test_settings.json, as 'evaluate' and the official "
                             "programs write them.",
                  .example = "fair-baseline plot coverage results -o coverage.svg",
                  .n_inputs = 1,
                  .draw = draw_coverage}};

static fb_status parse_shape(const char *text, void *value, fb_error *error)
{
    const int which = fb_nuisance_find(text);
    if (which < 0 || which >= FB_N_SHAPE) {
        return fb_fail(error, FB_ERROR_USAGE, "expected tes, jes or soft_met");
    }
    *(fb_nuisance *)value = (fb_nuisance)which;
    return FB_OK;
}

static bool write_shape(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    snprintf(text, FB_OPTION_TEXT_SIZE, "%s", fb_nuisance_describe(*(const fb_nuisance *)value)->name);
    return k == 0;
}

static const fb_option_type shape = {.parse = parse_shape, .write = write_shape};

/* What every picture has, then what one kind has alone. */
static void add_options(int which, choices *c, fb_option_table *table)
{
    fb_option_add_output_file(table, "FILE.svg", &c->output, "where the picture goes; its numbers to FILE.json");
    fb_option_add_text(table, "title", "TEXT", &c->title, "instead of the usual one");
    switch (which) {
    case TEMPLATES:
        fb_option_add_parsed(table, "parameter", "NAME", &c->parameter, &shape, "tes, jes or soft_met");
        fb_option_add_text(table, "bins", "LIST", &c->bins,
                           "which bins, with commas; six from first to last if not given");
        break;
    case SCORES:
        fb_option_add_flag(table, "fit", &c->is_fitted, "expect what the fit finds, not mu = 1 and nominal");
        fb_option_add_flag(table, "density", &c->is_density, "events per unit of the score, not per bin");
        break;
    case NLL:
        fb_option_add_integer(table, "points", "N", &c->n_points, 2, 2000, "values of mu");
        fb_option_add_number(table, "mu-low", "X", &c->mu_low, -1000, 1000,
                             "the lowest; 3 sigma below the best if not given");
        fb_option_add_number(table, "mu-high", "X", &c->mu_high, -1000, 1000, "the highest");
        break;
    default:
        break;
    }
    const int first = table->n;
    if (kinds[which].fits) {
        fb_fit_options_add(table, &c->fit);
    }
    for (int k = first; which == SCORES && k < table->n; k++) {
        table->option[k].needs = "fit";
    }
}

/* Before any work: the picture is an output that the options name, and its numbers are another. */
static fb_status check_numbers(const fb_command_line *line, const char *output, fb_error *error)
{
    char *numbers = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_picture_numbers_path(output, &numbers, error));
    FB_TRY(fb_command_line_check_output(line, numbers, error));
cleanup:
    free(numbers);
    return status;
}

static fb_status read_input(const kind *chosen, const char *const *path, input *in, fb_error *error)
{
    fb_status status = FB_OK;
    if (chosen == &kinds[COVERAGE]) {
        return fb_result_reader_read(path[0], &in->results, error);
    }
    FB_TRY(fb_analysis_file_load(path[0], &in->analysis, error));
    FB_TRY(chosen->n_inputs == 2 ? fb_data_counts_read(in->analysis, path[1], &in->data, error) : FB_OK);
cleanup:
    return status;
}

/* Writes the picture, with the settings that made it among its numbers, and says so. */
static fb_status finish(const fb_command_line *line, const char *output, fb_picture *picture, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_record(line, picture->numbers, error));
    FB_TRY(fb_picture_write(picture, output, error));
    if (line->common.json) {
        FB_TRY(fb_json_output_print(json_incref(picture->numbers), error));
    } else if (!line->common.quiet) {
        printf("%s, and its numbers in %.*s.json\n", output, (int)strlen(output) - 4, output);
    }
cleanup:
    return status;
}

static fb_status plot(int which, int argc, char **argv, fb_error *error)
{
    const kind *chosen = &kinds[which];
    choices c = {.parameter = FB_TES, .n_points = 61, .mu_low = NAN, .mu_high = NAN, .fit = fb_fit_options_default()};
    fb_command_line line = {.arguments = chosen->arguments,
                            .summary = chosen->summary,
                            .details = chosen->details,
                            .example = chosen->example,
                            .base = chosen->fits ? "fit" : NULL,
                            .min_positional = chosen->n_inputs,
                            .max_positional = chosen->n_inputs};
    input in = {0};
    fb_picture picture = {0};
    fb_status status = FB_OK;
    add_options(which, &c, &line.options);
    fb_fit_options_add_section(&line.base_options, &c.fit);
    FB_TRY(fb_command_line_parse(&line, argc, argv, error));
    if (line.done) {
        return FB_OK;
    }
    FB_TRY(check_numbers(&line, c.output, error));
    FB_TRY(read_input(chosen, line.positional, &in, error));
    FB_TRY(chosen->draw(&c, &in, &picture, error));
    FB_TRY(finish(&line, c.output, &picture, error));
cleanup:
    fb_picture_clear(&picture);
    fb_result_reader_free(in.results);
    fb_analysis_free(in.analysis);
    return status;
}

fb_status fb_cmd_plot(int argc, char **argv, fb_error *error)
{
    fb_command_line line = {
        .arguments = "templates|scores|nll|coverage INPUT...",
        .summary = "Draws a picture, FILE.svg, and writes the numbers in it to FILE.json.",
        .details = "plot templates ANALYSIS -o FILE.svg       how the bins move with a nuisance parameter\n"
                   "plot scores ANALYSIS EVENTS -o FILE.svg   stacked expectation, data, ratio\n"
                   "plot nll ANALYSIS EVENTS -o FILE.svg      profile of t in mu with the interval\n"
                   "plot coverage DIR -o FILE.svg             intervals of many experiments and the truth\n\n"
                   "'fair-baseline plot templates --help' and so on explain the options of each.",
        .example = "fair-baseline plot scores analysis.h5 pseudo.h5 -o scores.svg --fit",
        .min_positional = 1,
        .max_positional = 3};
    for (int k = 0; argc > 1 && k < N_KINDS; k++) {
        if (strcmp(argv[1], strchr(kinds[k].full_name, ' ') + 1) == 0) {
            argv[1] = kinds[k].full_name;
            return plot(k, argc - 1, argv + 1, error);
        }
    }
    if (argc > 1 && argv[1][0] != '-') { /* before its options, which are those of a picture */
        return fb_fail(error, FB_ERROR_USAGE,
                       "unknown picture '%s'; the first word after 'plot' is templates, scores, nll or coverage",
                       argv[1]);
    }
    fb_status status = fb_command_line_parse(&line, argc, argv, error);
    if (status != FB_OK || line.done) {
        return status;
    }
    return fb_fail(error, FB_ERROR_USAGE, "plot: the first word is templates, scores, nll or coverage");
}
