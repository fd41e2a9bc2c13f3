#include "models/common/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"

fb_heads fb_sample_one_head(void)
{
    return (fb_heads){.n = 1, .head = {{.n_classes = 2}}};
}

int fb_sample_n_outputs(const fb_heads *heads, int n)
{
    int sum = 0;
    for (int h = 0; h < n; h++) {
        sum += heads->head[h].n_classes == 2 ? 1 : heads->head[h].n_classes;
    }
    return sum;
}

/* --- balance ------------------------------------------------------------------------------------------------------ */

typedef struct class_sums {
    double of[FB_MAX_HEADS][FB_MAX_CLASSES];
} class_sums;

static int head_of(const fb_sample *sample, size_t row)
{
    return sample->head != NULL ? sample->head[row] : 0;
}

static fb_status sum_classes(const fb_sample *sample, const fb_heads *heads, const char *name, class_sums *sums,
                             fb_error *error)
{
    *sums = (class_sums){0};
    for (size_t i = 0; i < sample->n; i++) {
        const int head = head_of(sample, i);
        const float weight = sample->weight[i], label = sample->label[i];
        if (!(weight >= 0.0f) || isinf(weight) || head >= heads->n || !(label >= 0.0f) ||
            label >= (float)heads->head[head].n_classes || label != floorf(label)) {
            return fb_fail(error, FB_ERROR_DATA, "%s sample: row %zu has label %g and weight %g", name, i,
                           (double)label, (double)weight);
        }
        sums->of[head][(int)label] += weight;
    }
    return FB_OK;
}

static fb_status check_sums(const fb_sample *sample, const fb_heads *heads, const char *name, const class_sums *sums,
                            fb_error *error)
{
    for (int head = 0; head < heads->n; head++) {
        for (int k = 0; k < heads->head[head].n_classes; k++) {
            if (sums->of[head][k] > 0.0) {
                continue;
            }
            return heads->n == 1 && heads->head[0].n_classes == 2
                       ? fb_fail(error, FB_ERROR_DATA, "%s sample: no %s among its %zu rows", name,
                                 k > 0 ? "signal" : "background", sample->n)
                       : fb_fail(error, FB_ERROR_DATA, "%s sample: no weight in class %d of head %d among its %zu rows",
                                 name, k, head, sample->n);
        }
    }
    return FB_OK;
}

/* What the weights of each class are divided by: the sum of the class, or its part of that of the head. */
static void sums_to_divisors(const fb_heads *heads, class_sums *sums)
{
    for (int head = 0; head < heads->n; head++) {
        const int n_classes = heads->head[head].n_classes;
        double whole = 0.0;
        for (int k = 0; k < n_classes; k++) {
            whole += sums->of[head][k];
        }
        for (int k = 0; k < n_classes && heads->head[head].unbalanced; k++) {
            sums->of[head][k] = whole / n_classes;
        }
    }
}

fb_status fb_sample_balance(const fb_sample *sample, const char *name, float **out, fb_error *error)
{
    const fb_heads heads = sample->heads != NULL ? *sample->heads : fb_sample_one_head();
    class_sums divisor;
    float *weight = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(sum_classes(sample, &heads, name, &divisor, error));
    FB_TRY(check_sums(sample, &heads, name, &divisor, error));
    sums_to_divisors(&heads, &divisor);
    FB_TRY(fb_memory_allocate(sample->n, sizeof *weight, &weight, error));
    for (size_t i = 0; i < sample->n; i++) {
        const int head = head_of(sample, i);
        const double share = 1.0 / (heads.n * heads.head[head].n_classes);
        weight[i] = (float)(sample->weight[i] * share * (double)sample->n / divisor.of[head][(int)sample->label[i]]);
    }
    *out = weight;
cleanup:
    return status;
}

/* --- fewer rows --------------------------------------------------------------------------------------------------- */

fb_status fb_sample_downsample(const fb_sample *from, size_t n, float **memory, fb_sample *out, fb_error *error)
{
    FB_C_LOCALE;
    const size_t d = (size_t)from->n_features;
    n = n < from->n ? n : from->n;
    fb_status status = fb_memory_allocate(n, (d + 2) * sizeof(float) + 1, memory, error);
    if (status != FB_OK) {
        return status;
    }
    float *matrix = *memory, *label = matrix + n * d, *weight = label + n;
    uint8_t *head = (uint8_t *)(weight + n);
    for (size_t k = 0; k < n; k++) {
        const size_t row = from->n * k / n;
        memcpy(matrix + k * d, from->matrix + row * d, d * sizeof *matrix);
        label[k] = from->label[row];
        weight[k] = from->weight[row];
        head[k] = (uint8_t)head_of(from, row);
    }
    *out = (fb_sample){.n = n,
                       .n_features = from->n_features,
                       .matrix = matrix,
                       .label = label,
                       .weight = weight,
                       .heads = from->heads,
                       .head = from->head != NULL ? head : NULL};
    return FB_OK;
}
