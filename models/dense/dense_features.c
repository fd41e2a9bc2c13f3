#include "models/dense/dense_features_internal.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "models/common/memory.h"
#include "models/dense/dense_features_math.inc"

fb_status fb_dense_features_make(int n_columns, int n_groups, fb_dense_features *features, fb_error *error)
{
    const size_t n = (size_t)n_columns, inputs = n + (size_t)n_groups;
    *features = (fb_dense_features){.n_columns = n_columns, .n_groups = n_groups};
    fb_status status = fb_memory_allocate(2 * n + 2 * inputs, sizeof(float), &features->memory, error);
    if (status == FB_OK) {
        status = fb_memory_allocate((size_t)n_groups, sizeof *features->group, &features->group, error);
    }
    if (status == FB_OK) {
        features->marker = features->memory;
        features->compression = features->marker + n;
        features->mean = features->compression + n;
        features->scale = features->mean + inputs;
    }
    return status;
}

void fb_dense_features_clear(fb_dense_features *features)
{
    free(features->memory);
    free(features->group);
    *features = (fb_dense_features){0};
}

/* --- applying ----------------------------------------------------------------------------------------------------- */

void fb_dense_features_apply(const fb_dense_features *features, const float *matrix, const uint32_t *row, int n,
                             int stride, float *out)
{
    static fb_dense_features_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_features_kernel);
    kernels[fb_instruction_set_best()](features, matrix, row, n, stride, out);
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

/* The rules are learned from so many rows, evenly spaced: more would not move a mean by a hundredth of a width. */
enum { MOST_ROWS = 200000 };

/* Those rows, column by column. */
typedef struct columns {
    size_t n;
    int n_columns;
    float *value;  /* [n_columns][n] */
    float *weight; /* [n] */
} columns;

static fb_status take_columns(const fb_sample *s, columns *c, fb_error *error)
{
    const size_t step = (s->n + MOST_ROWS - 1) / MOST_ROWS, d = (size_t)s->n_features;
    fb_status status = FB_OK;
    c->n = (s->n + step - 1) / step;
    c->n_columns = s->n_features;
    FB_TRY(fb_memory_allocate(c->n * d, sizeof(float), &c->value, error));
    FB_TRY(fb_memory_allocate(c->n, sizeof(float), &c->weight, error));
    for (size_t i = 0; i < c->n; i++) {
        c->weight[i] = s->weight[i * step];
        for (size_t j = 0; j < d; j++) {
            c->value[j * c->n + i] = s->matrix[i * step * d + j];
        }
    }
cleanup:
    return status;
}

/* Weighted moments of what is defined in a column. */
typedef struct column_moments {
    double mean, width, skewness;
    double mean_size; /* of |x| before it is compressed */
} column_moments;

/* Two passes, so that the width keeps its digits where the mean is large. */
static column_moments find_moments(const columns *c, const float *x, float marker, float compression)
{
    double weight = 0.0, sizes = 0.0, sum = 0.0, squares = 0.0, cubes = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        const double w = x[i] == marker ? 0.0 : (double)c->weight[i];
        weight += w;
        sizes += w * (double)fabsf(x[i]);
        sum += w * (double)fb_dense_compress(x[i], compression);
    }
    if (!(weight > 0.0)) {
        return (column_moments){0};
    }
    column_moments f = {.mean = sum / weight, .mean_size = sizes / weight};
    for (size_t i = 0; i < c->n; i++) {
        const double w = x[i] == marker ? 0.0 : (double)c->weight[i];
        const double off = (double)fb_dense_compress(x[i], compression) - f.mean;
        squares += w * off * off;
        cubes += w * off * off * off;
    }
    f.width = sqrt(squares / weight);
    f.skewness = f.width > 0.0 ? cubes / weight / (f.width * f.width * f.width) : 0.0;
    return f;
}

/* -25 means undefined where it occurs and no other value is within 1 of it. */
static float find_marker(const columns *c, const float *x)
{
    bool occurs = false;
    for (size_t i = 0; i < c->n; i++) {
        if (x[i] == FB_DENSE_UNDEFINED) {
            occurs = true;
        } else if (fabsf(x[i] - FB_DENSE_UNDEFINED) < 1.0f) {
            return NAN;
        }
    }
    return occurs ? FB_DENSE_UNDEFINED : NAN;
}

/* Less skewness is not worth a logarithm; an exponential distribution has 2. */
#define SKEWED 0.5

static void learn_column(fb_dense_kind kind, const columns *c, int column, fb_dense_features *features)
{
    static const double fractions[] = {3.0, 1.0, 0.3, 0.1, 0.03};
    const float *x = c->value + (size_t)column * c->n;
    const float marker = kind == FB_DENSE_STANDARD ? NAN : find_marker(c, x);
    column_moments best = find_moments(c, x, marker, 0.0f);
    const double mean_size = best.mean_size;
    float compression = 0.0f;
    if (kind == FB_DENSE_AUTO && fabs(best.skewness) > SKEWED) {
        for (size_t k = 0; k < sizeof fractions / sizeof fractions[0]; k++) {
            const float candidate = (float)(1.0 / (fractions[k] * mean_size));
            const column_moments moments = find_moments(c, x, marker, candidate);
            if (fabs(moments.skewness) < fabs(best.skewness)) {
                best = moments;
                compression = candidate;
            }
        }
    }
    features->marker[column] = marker;
    features->compression[column] = compression;
    features->mean[column] = (float)best.mean;
    /* Rounding alone makes a width of 1e-7 of the mean: that column is constant. */
    features->scale[column] = best.width > 1e-6 * fabs(best.mean) ? (float)(1.0 / best.width) : 0.0f;
}

static bool undefined_together(const columns *c, int first, int second)
{
    const float *a = c->value + (size_t)first * c->n, *b = c->value + (size_t)second * c->n;
    for (size_t i = 0; i < c->n; i++) {
        if ((a[i] == FB_DENSE_UNDEFINED) != (b[i] == FB_DENSE_UNDEFINED)) {
            return false;
        }
    }
    return true;
}

/* The first columns of the groups that are undefined together; returns how many. */
static int find_groups(const columns *c, const float *marker, int32_t *group)
{
    int n = 0;
    for (int column = 0; column < c->n_columns; column++) {
        bool known = isnan(marker[column]);
        for (int k = 0; k < n && !known; k++) {
            known = undefined_together(c, group[k], column);
        }
        if (!known) {
            group[n++] = column;
        }
    }
    return n;
}

static void learn_group(const columns *c, int column, float *mean, float *scale)
{
    const float *x = c->value + (size_t)column * c->n;
    double weight = 0.0, undefined = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        weight += c->weight[i];
        undefined += x[i] == FB_DENSE_UNDEFINED ? c->weight[i] : 0.0f;
    }
    const double share = weight > 0.0 ? undefined / weight : 0.0, width = sqrt(share * (1.0 - share));
    *mean = (float)share;
    *scale = width > 0.0 ? (float)(1.0 / width) : 0.0f;
}

static fb_status check_values(const fb_sample *s, fb_error *error)
{
    const size_t d = (size_t)s->n_features;
    for (size_t i = 0; i < s->n * d; i++) {
        if (!isfinite(s->matrix[i])) {
            return fb_fail(error, FB_ERROR_DATA, "training sample: feature %zu of row %zu is %g", i % d, i / d,
                           (double)s->matrix[i]);
        }
    }
    return FB_OK;
}

fb_status fb_dense_features_learn(fb_dense_kind kind, const fb_sample *sample, fb_dense_features *features,
                                  fb_error *error)
{
    const int d = sample->n_features;
    columns c = {0};
    fb_status status = FB_OK;
    *features = (fb_dense_features){0};
    FB_TRY(check_values(sample, error));
    FB_TRY(take_columns(sample, &c, error));
    /* There may be as many groups as columns. */
    FB_TRY(fb_dense_features_make(d, d, features, error));
#pragma omp parallel for schedule(dynamic, 1)
    for (int column = 0; column < d; column++) {
        learn_column(kind, &c, column, features);
    }
    features->n_groups = find_groups(&c, features->marker, features->group);
    for (int k = 0; k < features->n_groups; k++) {
        learn_group(&c, features->group[k], &features->mean[d + k], &features->scale[d + k]);
    }
cleanup:
    free(c.value);
    free(c.weight);
    return status;
}
