#include "models/dense/dense_trained_internal.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

/* The bytes: "fbdense1", the name of the kernel [32], then as 32-bit words: columns, groups, hidden layers, their
 * widths; the rules of the features (marker, compression, mean, scale, group); per layer W, row by row without padding,
 * and b. Floats are written as their bits. With more than the usual single output: "fbdense2", and behind the widths
 * the number of heads and the classes of each. */
static const char magic[8] = {'f', 'b', 'd', 'e', 'n', 's', 'e', '1'};
static const char magic_heads[8] = {'f', 'b', 'd', 'e', 'n', 's', 'e', '2'};

void fb_dense_trained_free(fb_dense_trained *trained)
{
    if (trained != NULL) {
        fb_dense_features_clear(&trained->features);
        free(trained->parameter);
    }
    free(trained);
}

/* --- one routine for writing and reading -------------------------------------------------------------------------- */

/* Where the next word goes to or comes from. */
typedef struct tape {
    uint8_t *to;         /* NULL while reading, or while only counting */
    const uint8_t *from; /* NULL while writing */
    size_t used, size;
    bool bad; /* ran out of bytes, or a number makes no sense */
} tape;

static void pass_word(tape *t, void *word)
{
    uint32_t bits = 0;
    if (t->from != NULL) {
        if (t->size - t->used < 4) {
            t->bad = true;
            return;
        }
        for (int k = 0; k < 4; k++) {
            bits |= (uint32_t)t->from[t->used + (size_t)k] << (8 * k);
        }
        memcpy(word, &bits, sizeof bits);
    } else if (t->to != NULL) {
        memcpy(&bits, word, sizeof bits);
        for (int k = 0; k < 4; k++) {
            t->to[t->used + (size_t)k] = (uint8_t)(bits >> (8 * k));
        }
    }
    t->used += 4;
}

static void pass_floats(tape *t, float *value, size_t n, bool may_be_nan)
{
    for (size_t k = 0; k < n && !t->bad; k++) {
        pass_word(t, &value[k]);
        t->bad = t->bad || isinf(value[k]) || (isnan(value[k]) && !may_be_nan);
    }
}

static void pass_features(tape *t, fb_dense_features *f)
{
    const size_t n = (size_t)f->n_columns, inputs = n + (size_t)f->n_groups;
    pass_floats(t, f->marker, n, true);
    pass_floats(t, f->compression, n, false);
    for (size_t k = 0; k < n && !t->bad; k++) {
        t->bad = f->compression[k] < 0.0f; /* logarithms of what may be negative */
    }
    pass_floats(t, f->mean, inputs, false);
    pass_floats(t, f->scale, inputs, false);
    for (int k = 0; k < f->n_groups && !t->bad; k++) {
        pass_word(t, &f->group[k]);
        t->bad = t->bad || f->group[k] < 0 || f->group[k] >= f->n_columns;
    }
}

static void pass_layers(tape *t, const fb_dense_shape *shape, float *parameter)
{
    for (int l = 0; l < shape->n_layers; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        const bool is_last = l == shape->n_layers - 1;
        const int n_rows = is_last ? layer->n_out : layer->n_in, n_columns = is_last ? layer->n_in : layer->n_out;
        const int stride = is_last ? layer->in_stride : layer->out_stride;
        for (int i = 0; i < n_rows; i++) {
            pass_floats(t, parameter + layer->weight + (size_t)i * (size_t)stride, (size_t)n_columns, false);
        }
        pass_floats(t, parameter + layer->bias, (size_t)layer->n_out, false);
    }
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static bool has_heads(const fb_dense_trained *trained)
{
    return fb_dense_net_n_outputs(&trained->shape) > 1;
}

static void pass_all(tape *t, const fb_dense_trained *trained)
{
    const fb_dense_shape *shape = &trained->shape;
    fb_dense_features features = trained->features;
    int32_t n_hidden = shape->n_layers - 1;
    t->used = sizeof magic + FB_DENSE_KERNEL_SIZE;
    pass_word(t, &features.n_columns);
    pass_word(t, &features.n_groups);
    pass_word(t, &n_hidden);
    for (int l = 0; l < n_hidden; l++) {
        int32_t width = shape->layer[l].n_out;
        pass_word(t, &width);
    }
    if (has_heads(trained)) {
        int32_t n = trained->heads.n;
        pass_word(t, &n);
        for (int h = 0; h < n; h++) {
            int32_t n_classes = trained->heads.head[h].n_classes;
            pass_word(t, &n_classes);
        }
    }
    pass_features(t, &features);
    pass_layers(t, shape, trained->parameter);
}

fb_status fb_dense_trained_write(const fb_dense_trained *trained, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    tape t = {0};
    *bytes = NULL;
    pass_all(&t, trained);
    *n_bytes = t.used;
    fb_status status = fb_memory_allocate(t.used, 1, bytes, error);
    if (status == FB_OK) {
        t = (tape){.to = *bytes, .size = *n_bytes};
        memcpy(*bytes, has_heads(trained) ? magic_heads : magic, sizeof magic);
        memcpy(*bytes + sizeof magic, trained->kernel, FB_DENSE_KERNEL_SIZE);
        pass_all(&t, trained);
    }
    return status;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct sizes {
    int32_t n_columns, n_groups, n_hidden, hidden[FB_DENSE_MAX_LAYERS];
    fb_heads heads;
} sizes;

/* A word from `low` to `high`. */
static int32_t read_number(tape *t, int32_t low, int32_t high)
{
    int32_t number = low;
    pass_word(t, &number);
    t->bad = t->bad || number < low || number > high;
    return t->bad ? low : number;
}

static fb_heads read_heads(tape *t)
{
    fb_heads heads = {.n = read_number(t, 1, FB_MAX_HEADS)};
    for (int h = 0; h < heads.n; h++) {
        heads.head[h].n_classes = read_number(t, 2, FB_MAX_CLASSES);
    }
    return heads;
}

/* Whether they make sense, and the rest has the length that follows from them. */
static bool read_sizes(tape *t, bool has_heads, sizes *out)
{
    out->n_columns = read_number(t, 1, FB_DENSE_MAX_INPUTS / 2);
    out->n_groups = read_number(t, 0, out->n_columns);
    out->n_hidden = read_number(t, 0, FB_DENSE_MAX_LAYERS - 1);
    size_t n_in = (size_t)out->n_columns + (size_t)out->n_groups;
    size_t n_words = 4 * (size_t)out->n_columns + 3 * (size_t)out->n_groups;
    for (int l = 0; l < out->n_hidden; l++) {
        out->hidden[l] = read_number(t, 1, FB_DENSE_MAX_WIDTH);
        n_words += (n_in + 1) * (size_t)out->hidden[l];
        n_in = (size_t)out->hidden[l];
    }
    out->heads = has_heads ? read_heads(t) : fb_sample_one_head();
    n_words += (n_in + 1) * (size_t)fb_sample_n_outputs(&out->heads, out->heads.n);
    return !t->bad && t->size - t->used == 4 * n_words;
}

fb_status fb_dense_trained_read(const uint8_t *bytes, size_t n_bytes, fb_dense_trained **out, fb_error *error)
{
    const size_t start = sizeof magic + FB_DENSE_KERNEL_SIZE;
    const bool heads = n_bytes >= start && memcmp(bytes, magic_heads, sizeof magic_heads) == 0;
    sizes s = {0};
    fb_dense_trained *trained = NULL;
    tape t = {.from = bytes, .used = start, .size = n_bytes};
    fb_status status = FB_OK;
    if (n_bytes < start || (!heads && memcmp(bytes, magic, sizeof magic) != 0) || bytes[start - 1] != 0 ||
        !read_sizes(&t, heads, &s)) {
        return fb_fail(error, FB_ERROR_DATA, "the stored net is not of this kind or has a wrong length");
    }
    FB_TRY(fb_memory_allocate(1, sizeof *trained, &trained, error));
    memcpy(trained->kernel, bytes + sizeof magic, FB_DENSE_KERNEL_SIZE);
    trained->heads = s.heads;
    trained->shape =
        fb_dense_net_shape(s.n_columns + s.n_groups, s.n_hidden, s.hidden, fb_sample_n_outputs(&s.heads, s.heads.n));
    FB_TRY(fb_dense_features_make(s.n_columns, s.n_groups, &trained->features, error));
    FB_TRY(fb_memory_allocate(trained->shape.n_parameters, sizeof(float), &trained->parameter, error));
    pass_features(&t, &trained->features);
    pass_layers(&t, &trained->shape, trained->parameter);
    if (t.bad) {
        status = fb_fail(error, FB_ERROR_DATA, "the stored net holds numbers that make no sense");
        goto cleanup;
    }
    *out = trained;
    trained = NULL;
cleanup:
    fb_dense_trained_free(trained);
    return status;
}
