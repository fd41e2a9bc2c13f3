#include "holdout/templates/hardening.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/pipeline/pack.h"
#include "models/common/gsl.h"
#include "models/common/memory.h"

enum { N_PARAMETERS = FB_HARDENING_PARAMETERS, MOST_SUMS = FB_HARDENING_MOST_SUMS };

/* --- points ------------------------------------------------------------------------------------------------------- */

static double median(const fb_prior *prior)
{
    return prior->shape == FB_PRIOR_LOG_NORMAL ? exp(prior->centre) : prior->centre;
}

fb_nuisances fb_hardening_central(fb_prior_set priors)
{
    fb_nuisances central = fb_nuisance_nominal();
    for (int which = 0; which < FB_N_NUISANCE; which++) {
        const fb_prior prior = fb_nuisance_prior(priors, (fb_nuisance)which);
        central.value[which] = median(&prior);
    }
    return central;
}

double fb_hardening_points(fb_prior_set priors, fb_nuisance which, double point[2])
{
    const fb_prior prior = fb_nuisance_prior(priors, which);
    if (prior.shape == FB_PRIOR_LOG_NORMAL) {
        point[0] = 0.5 * median(&prior);
        point[1] = 2.0 * median(&prior);
        return 2.0 * M_LN2 / prior.width;
    }
    point[0] = fmax(prior.centre - 2.0 * prior.width, prior.low);
    point[1] = fmin(prior.centre + 2.0 * prior.width, prior.high);
    return (point[1] - point[0]) / prior.width;
}

/* --- the form ----------------------------------------------------------------------------------------------------- */

/* C^-1 J, column by column, of C and J in units in which C has the diagonal 1. A component that says what others say
 * already leaves C singular but for rounding: a little is added to the diagonal. */
static int solve_columns(const fb_hardening *h, const double *unit, gsl_matrix *c, gsl_matrix *j, gsl_matrix *x)
{
    static const double RIDGE = 1e-10;
    for (int k = 0; k < h->n_sums; k++) {
        for (int l = 0; l < h->n_sums; l++) {
            gsl_matrix_set(c, (size_t)k, (size_t)l, h->covariance[k][l] / (unit[k] * unit[l]) + (k == l ? RIDGE : 0.0));
        }
        for (int a = 0; a < N_PARAMETERS; a++) {
            gsl_matrix_set(j, (size_t)k, (size_t)a, h->slope[k][a] / unit[k]);
        }
    }
    int code = gsl_linalg_cholesky_decomp1(c);
    for (size_t a = 0; a < N_PARAMETERS && code == 0; a++) {
        gsl_vector_view from = gsl_matrix_column(j, a), to = gsl_matrix_column(x, a);
        gsl_vector_memcpy(&to.vector, &from.vector);
        code = gsl_linalg_cholesky_svx(c, &to.vector);
    }
    return code;
}

/* The row of mu of (J^T C^-1 J + P)^-1. */
static int solve_mu(int n_sums, const gsl_matrix *j, const gsl_matrix *x, gsl_matrix *m, gsl_vector *row)
{
    for (size_t a = 0; a < N_PARAMETERS; a++) {
        for (size_t b = 0; b < N_PARAMETERS; b++) {
            double sum = a == b && a > 0 ? 1.0 : 0.0;
            for (size_t k = 0; k < (size_t)n_sums; k++) {
                sum += gsl_matrix_get(j, k, a) * gsl_matrix_get(x, k, b);
            }
            gsl_matrix_set(m, a, b, sum);
        }
    }
    gsl_vector_set_basis(row, 0);
    const int code = gsl_linalg_cholesky_decomp1(m);
    return code == 0 ? gsl_linalg_cholesky_svx(m, row) : code;
}

fb_status fb_hardening_solve(fb_hardening *h, fb_error *error)
{
    const size_t n = (size_t)h->n_sums;
    double unit[MOST_SUMS];
    fb_gsl_quiet();
    gsl_matrix *c = gsl_matrix_alloc(n, n), *j = gsl_matrix_alloc(n, N_PARAMETERS),
               *x = gsl_matrix_alloc(n, N_PARAMETERS), *m = gsl_matrix_alloc(N_PARAMETERS, N_PARAMETERS);
    gsl_vector *row = gsl_vector_alloc(N_PARAMETERS);
    fb_status status = FB_OK;
    if (c == NULL || j == NULL || x == NULL || m == NULL || row == NULL) {
        FB_TRY(fb_fail(error, FB_ERROR_MEMORY, "out of memory"));
    }
    for (size_t k = 0; k < n; k++) {
        unit[k] = h->covariance[k][k] > 0.0 ? sqrt(h->covariance[k][k]) : 1.0;
    }
    const int code = solve_columns(h, unit, c, j, x) || solve_mu(h->n_sums, j, x, m, row);
    double mu_slope = 0.0;
    for (size_t k = 0; k < n && code == 0; k++) {
        h->form[k] = 0.0;
        for (size_t a = 0; a < N_PARAMETERS; a++) {
            h->form[k] += gsl_vector_get(row, a) * gsl_matrix_get(x, k, a) / unit[k];
        }
        mu_slope += h->form[k] * h->slope[k][0];
    }
    h->sigma = code == 0 ? sqrt(gsl_vector_get(row, 0)) : NAN;
    if (code != 0 || !(h->form[0] > 0.0) || !isfinite(h->sigma) || !(mu_slope > 0.0)) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA,
                       "the score cannot be hardened: the sums of its components on the holdout "
                       "do not determine mu; more events may help"));
    }
cleanup:
    gsl_matrix_free(c);
    gsl_matrix_free(j);
    gsl_matrix_free(x);
    gsl_matrix_free(m);
    gsl_vector_free(row);
    return status;
}

/* --- the sums ----------------------------------------------------------------------------------------------------- */

/* Of one pass over the holdout. */
typedef struct sums {
    double of[FB_N_PROCESS][MOST_SUMS]; /* sum of w z_k */
    double pair[MOST_SUMS][MOST_SUMS];  /* sum of w z_k z_l */
} sums;

/* Rows that are kept for the knots. */
typedef struct kept_rows {
    size_t n, capacity, component_capacity;
    struct kept_row {
        float sum;    /* folded */
        float weight; /* later: share of the mixture */
    } * row;
    float *component; /* [n][n_components] */
    uint64_t every[FB_N_PROCESS], n_seen[FB_N_PROCESS];
} kept_rows;

typedef struct measurement {
    const fb_classifier *classifier;
    int n_components;
    float *matrix[FB_PIPELINE_SLOTS];    /* [FB_BLOCK_ROWS][FB_N_FEATURES] */
    float *component[FB_PIPELINE_SLOTS]; /* [FB_BLOCK_ROWS][n_components] */
    sums sums;
    bool has_pairs; /* is the pass at theta_0, which also keeps rows */
    kept_rows kept;
    fb_pipeline pipeline;
    fb_source *source;
    void (*pass)(void *context, int done, int total);
    void *context;
    int n_done;
} measurement;

enum { N_PASSES = 1 + 2 * FB_N_SHAPE, KEPT_OF_A_PROCESS = 100000 };

static fb_status find_components(void *context, int slot, fb_block *block, fb_error *error)
{
    const measurement *m = context;
    fb_pack(block, NULL, m->matrix[slot]);
    return fb_hardened_components(m->classifier, block->events->n, FB_N_FEATURES, m->matrix[slot], m->component[slot],
                                  error);
}

/* An evenly spread selection of the rows, as many of each process as are needed. */
static fb_status keep_row(kept_rows *kept, int process, int n_components, const float *component, float weight,
                          fb_error *error)
{
    fb_status status = FB_OK;
    const uint64_t every = kept->every[process];
    if (kept->n_seen[process]++ % every != 0) {
        return FB_OK;
    }
    FB_TRY(fb_memory_grow(&kept->row, &kept->capacity, kept->n + 1, sizeof *kept->row, error));
    FB_TRY(fb_memory_grow(&kept->component, &kept->component_capacity, (kept->n + 1) * (size_t)n_components,
                          sizeof(float), error));
    kept->row[kept->n] = (struct kept_row){.weight = weight * (float)every};
    memcpy(kept->component + kept->n * (size_t)n_components, component, (size_t)n_components * sizeof *component);
    kept->n++;
cleanup:
    return status;
}

static fb_status add_block(void *context, int slot, fb_block *block, fb_error *error)
{
    measurement *m = context;
    const fb_events *events = block->events;
    const int n = m->n_components;
    fb_status status = FB_OK;
    for (size_t i = 0; i < events->n; i++) {
        const float *component = m->component[slot] + i * (size_t)n;
        const double weight = (double)events->weight[i];
        const int process = events->process[i];
        double z[MOST_SUMS];
        for (int k = 0; k <= n; k++) {
            z[k] = k < n ? (double)component[k] : 1.0;
            m->sums.of[process][k] += weight * z[k];
        }
        if (m->has_pairs) {
            for (int k = 0; k <= n; k++) {
                for (int l = 0; l <= k; l++) {
                    m->sums.pair[k][l] += weight * z[k] * z[l];
                }
            }
            FB_TRY(keep_row(&m->kept, process, n, component, events->weight[i], error));
        }
    }
cleanup:
    return status;
}

/* The sums at a point. */
static fb_status run_pass(measurement *m, const fb_nuisances *point, fb_error *error)
{
    fb_status status = FB_OK;
    m->sums = (sums){0};
    m->pipeline.stages.nuisances = *point;
    FB_TRY(fb_source_rewind(m->source, error));
    FB_TRY(fb_pipeline_run(&m->pipeline, m->source, error));
    m->n_done++;
    if (m->pass != NULL) {
        m->pass(m->context, m->n_done, N_PASSES);
    }
cleanup:
    return status;
}

static double sum_of(const sums *s, int k, bool with_signal)
{
    double sum = 0.0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        sum += with_signal || fb_process_label(process) == 0 ? s->of[process][k] : 0.0;
    }
    return sum;
}

/* J of mu and the normalisations, whose derivatives are sums themselves, and C; at theta_0. */
static void take_central(const measurement *m, fb_prior_set priors, fb_hardening *out)
{
    for (int k = 0; k < out->n_sums; k++) {
        const double *of[FB_N_PROCESS];
        for (int process = 0; process < FB_N_PROCESS; process++) {
            of[process] = &m->sums.of[process][k];
        }
        out->slope[k][0] = *of[FB_HTAUTAU];
        out->slope[k][1 + FB_TTBAR_SCALE] = fb_nuisance_prior(priors, FB_TTBAR_SCALE).width * *of[FB_TTBAR];
        out->slope[k][1 + FB_DIBOSON_SCALE] = fb_nuisance_prior(priors, FB_DIBOSON_SCALE).width * *of[FB_DIBOSON];
        out->slope[k][1 + FB_BKG_SCALE] = fb_nuisance_prior(priors, FB_BKG_SCALE).width * sum_of(&m->sums, k, false);
        for (int l = 0; l <= k; l++) {
            out->covariance[k][l] = out->covariance[l][k] = m->sums.pair[k][l];
        }
    }
}

static fb_status measure(measurement *m, fb_prior_set priors, fb_hardening *out, fb_error *error)
{
    const fb_nuisances central = fb_hardening_central(priors);
    fb_status status = FB_OK;
    out->n_sums = m->n_components + 1;
    m->has_pairs = true;
    FB_TRY(run_pass(m, &central, error));
    m->has_pairs = false;
    take_central(m, priors, out);
    for (int which = 0; which < FB_N_SHAPE; which++) {
        double point[2];
        const double distance = fb_hardening_points(priors, (fb_nuisance)which, point);
        for (int side = 0; side < 2; side++) {
            fb_nuisances moved = central;
            moved.value[which] = point[side];
            FB_TRY(run_pass(m, &moved, error));
            for (int k = 0; k < out->n_sums; k++) {
                out->slope[k][1 + which] += (side ? 1.0 : -1.0) * sum_of(&m->sums, k, true) / distance;
            }
        }
    }
cleanup:
    return status;
}

/* --- the knots ---------------------------------------------------------------------------------------------------- */

static int by_sum(const void *a, const void *b)
{
    const float x = ((const struct kept_row *)a)->sum, y = ((const struct kept_row *)b)->sum;
    return (x > y) - (x < y);
}

/* Bins of equal widths in the score are the best ones for a given number: what a bin loses is its events times the variance
 * of the sum within it, and the least is lost where bins are so dense in the sum as the cube root of the density of the
 * events (P. F. Panter and W. Dite, Proc. IRE 39 (1951) 44). Of rows in their order, some at a time, with the weight W
 * over the width D of the sum, that is W^(1/3) D^(2/3). */
static void place_knots(kept_rows *kept, fb_hardened_fold *fold)
{
    enum { PIECES = 512, LAST = FB_HARDENED_MOST_KNOTS - 1 };
    double edge[PIECES + 1], above[PIECES + 1] = {0.0}; /* of the pieces: the sum, and what is below */
    qsort(kept->row, kept->n, sizeof *kept->row, by_sum);
    for (size_t piece = 0; piece < PIECES; piece++) {
        const size_t first = kept->n * piece / PIECES, end = kept->n * (piece + 1) / PIECES;
        double weight = 0.0;
        for (size_t i = first; i < end; i++) {
            weight += (double)kept->row[i].weight;
        }
        edge[piece] = (double)kept->row[first].sum;
        edge[piece + 1] = (double)kept->row[end < kept->n ? end : kept->n - 1].sum;
        above[piece + 1] = above[piece] + cbrt(weight * pow(edge[piece + 1] - edge[piece], 2.0));
    }
    fold->n_knots = 0;
    for (int k = 0, piece = 0; k <= LAST; k++) {
        const double wanted = above[PIECES] * k / LAST;
        while (piece < PIECES - 1 && above[piece + 1] < wanted) {
            piece++;
        }
        const double length = above[piece + 1] - above[piece];
        const double part = length > 0.0 ? fmin((wanted - above[piece]) / length, 1.0) : 0.0;
        const float knot = (float)(edge[piece] + part * (edge[piece + 1] - edge[piece]));
        if (fold->n_knots == 0 || knot > fold->knot[fold->n_knots - 1]) {
            fold->knot[fold->n_knots++] = knot;
        }
    }
}

static fb_status fold(measurement *m, const fb_hardening *hardening, fb_classifier *classifier, fb_error *error)
{
    fb_hardened_fold folded = {.n_knots = 0};
    for (int k = 0; k < m->n_components; k++) {
        folded.form[k] = hardening->form[k] / hardening->form[0];
    }
    for (size_t i = 0; i < m->kept.n; i++) {
        m->kept.row[i].sum = fb_hardened_sum(&folded, m->n_components, m->kept.component + i * (size_t)m->n_components);
    }
    place_knots(&m->kept, &folded);
    return fb_hardened_set_fold(classifier, &folded, error);
}

fb_status fb_hardening_run(fb_prior_set priors, uint64_t seed, fb_source *source, const fb_split *split,
                           fb_classifier *classifier, void (*pass)(void *context, int done, int total), void *context,
                           fb_hardening *out, fb_error *error)
{
    fb_noise noise;
    measurement m = {.classifier = classifier,
                     .n_components = fb_hardened_n_components(classifier),
                     .pipeline = fb_pipeline_default(),
                     .source = source,
                     .pass = pass,
                     .context = context};
    fb_status status = FB_OK;
    *out = (fb_hardening){0};
    /* As for the templates: not those of a pseudo-experiment with the same seed. */
    fb_noise_init_streams(&noise, fb_random_derive_seed(seed, FB_STREAM_SOFT_MET_TEMPLATES, UINT64_MAX));
    m.pipeline.split = split;
    m.pipeline.part = FB_HOLDOUT;
    m.pipeline.stages.noise = &noise;
    m.pipeline.visit = find_components;
    m.pipeline.collect = add_block;
    m.pipeline.context = &m;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        m.kept.every[process] = 1 + split->n_rows[FB_HOLDOUT][process] / KEPT_OF_A_PROCESS;
    }
    for (int slot = 0; slot < FB_PIPELINE_SLOTS; slot++) {
        FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * FB_N_FEATURES, sizeof(float), &m.matrix[slot], error));
        FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * (size_t)m.n_components, sizeof(float), &m.component[slot],
                                  error));
    }
    FB_TRY(measure(&m, priors, out, error));
    FB_TRY(fb_hardening_solve(out, error));
    FB_TRY(fold(&m, out, classifier, error));
cleanup:
    for (int slot = 0; slot < FB_PIPELINE_SLOTS; slot++) {
        free(m.matrix[slot]);
        free(m.component[slot]);
    }
    free(m.kept.row);
    free(m.kept.component);
    return status == FB_ERROR_DATA ? fb_fail_prefix(error, status, "%s: holdout", fb_source_describe(source)->name)
                                   : status;
}
