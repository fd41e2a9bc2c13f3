/* The arithmetic of the dense net against its literal twin in double precision, against differences, and against
 * another framework. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/random.h"
#include "models/dense/dense_net_internal.h"
#include "models/dense/dense_train_internal.h"
#include "models/dense/openblas_internal.h"
#include "tests/support/support.h"

enum { MOST = 64 }; /* widest layer here */

/* Sums of up to FB_DENSE_BLOCK products in float32, relative to the largest result: 256 roundings of 6e-8 that mostly
 * cancel. Seen: 1e-6. */
static const double SINGLE = 5e-6;

/* --- the twin ----------------------------------------------------------------------------------------------------- */

/* The same parameters in double, [layer][in][out] and [layer][out]. */
typedef struct twin {
    int n_layers, width[FB_DENSE_MAX_LAYERS + 1];
    double w[4][MOST][MOST], b[4][MOST];
} twin;

static twin twin_of(const fb_dense_shape *shape, const float *parameter)
{
    static twin t;
    t.n_layers = shape->n_layers;
    for (int l = 0; l < t.n_layers; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        const bool is_last = l == t.n_layers - 1; /* which is stored transposed */
        t.width[l] = layer->n_in;
        t.width[l + 1] = layer->n_out;
        for (int j = 0; j < layer->n_out; j++) {
            t.b[l][j] = (double)parameter[layer->bias + (size_t)j];
            for (int i = 0; i < layer->n_in; i++) {
                const int at = is_last ? j * layer->in_stride + i : i * layer->out_stride + j;
                t.w[l][i][j] = (double)parameter[layer->weight + (size_t)at];
            }
        }
    }
    return t;
}

/* The first margin of one row; `value` [layer + 1][width] gets what goes into each layer, and all margins. */
static double twin_margin(const twin *t, const double *x, double value[][MOST])
{
    memcpy(value[0], x, (size_t)t->width[0] * sizeof *x);
    for (int l = 0; l < t->n_layers; l++) {
        for (int j = 0; j < t->width[l + 1]; j++) {
            double z = t->b[l][j];
            for (int i = 0; i < t->width[l]; i++) {
                z += value[l][i] * t->w[l][i][j];
            }
            value[l + 1][j] = l == t->n_layers - 1 || z > 0.0 ? z : 0.0;
        }
    }
    return value[t->n_layers][0];
}

/* -w (y ln p + (1 - y) ln (1 - p)) with p the logistic function of the margin. */
static double twin_loss(double margin, double label, double weight)
{
    return weight * (log1p(exp(-fabs(margin))) + (margin > 0.0 ? margin : 0.0) - label * margin);
}

/* Adds the derivatives of one row's loss to `gradient`, formula by formula; each output tells the same classes apart. */
static void twin_backward(const twin *t, const double *x, double label, double weight, twin *gradient)
{
    double value[5][MOST], delta[MOST], below[MOST];
    twin_margin(t, x, value);
    for (int k = 0; k < t->width[t->n_layers]; k++) {
        delta[k] = weight * (1.0 / (1.0 + exp(-value[t->n_layers][k])) - label);
    }
    for (int l = t->n_layers - 1; l >= 0; l--) {
        for (int i = 0; i < t->width[l]; i++) {
            below[i] = 0.0;
            for (int j = 0; j < t->width[l + 1]; j++) {
                gradient->w[l][i][j] += value[l][i] * delta[j];
                below[i] += t->w[l][i][j] * delta[j];
            }
            below[i] = value[l][i] > 0.0 ? below[i] : 0.0;
        }
        for (int j = 0; j < t->width[l + 1]; j++) {
            gradient->b[l][j] += delta[j];
        }
        memcpy(delta, below, sizeof below);
    }
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

typedef struct rows {
    int n, d;
    double x[FB_DENSE_BLOCK][MOST], label[FB_DENSE_BLOCK], weight[FB_DENSE_BLOCK];
} rows;

static rows *random_rows(int n, int d, uint64_t seed)
{
    rows *r = calloc(1, sizeof *r);
    r->n = n;
    r->d = d;
    for (int i = 0; i < n; i++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, (uint64_t)i);
        for (int j = 0; j < d; j++) {
            r->x[i][j] = (double)(float)fb_random_normal(&random);
        }
        r->label[i] = fb_random_u32(&random) % 2;
        r->weight[i] = (double)(float)(0.1 + fb_random_uniform(&random));
    }
    return r;
}

/* Forward and backward through the library. */
static void run_library(const fb_dense_shape *shape, const float *parameter, const rows *r,
                        fb_dense_workspace *workspace, float *gradient)
{
    const int stride = shape->layer[0].in_stride;
    memset(workspace->value[0], 0, (size_t)stride * FB_DENSE_BLOCK * sizeof(float));
    for (int i = 0; i < r->n; i++) {
        for (int j = 0; j < r->d; j++) {
            workspace->value[0][i * stride + j] = (float)r->x[i][j];
        }
    }
    fb_dense_net_forward(shape, parameter, FB_DENSE_BLOCK, workspace);
    for (int k = 0; k < fb_dense_net_n_outputs(shape) * FB_DENSE_BLOCK; k++) {
        const int i = k % FB_DENSE_BLOCK;
        workspace->slope[k] =
            i < r->n ? (float)(r->weight[i] * ((double)fb_dense_net_logistic(workspace->margin[k]) - r->label[i]))
                     : 0.0f;
    }
    fb_dense_net_backward(shape, parameter, workspace, gradient);
}

static double twin_total(const twin *t, const rows *r)
{
    double value[5][MOST], sum = 0.0;
    for (int i = 0; i < r->n; i++) {
        sum += twin_loss(twin_margin(t, r->x[i], value), r->label[i], r->weight[i]);
    }
    return sum;
}

static float *with_biases(const fb_dense_shape *shape, uint64_t seed)
{
    float *parameter = aligned_alloc(64, shape->n_parameters * sizeof *parameter);
    fb_dense_net_initialise(shape, seed, parameter);
    for (int l = 0; l < shape->n_layers; l++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, 1000 + (uint64_t)l);
        for (int j = 0; j < shape->layer[l].n_out; j++) {
            parameter[shape->layer[l].bias + (size_t)j] = (float)(0.3 * fb_random_normal(&random));
        }
    }
    return parameter;
}

static void assert_same_gradient(const fb_dense_shape *shape, const float *gradient, const twin *expected)
{
    for (int l = 0; l < shape->n_layers; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        const bool is_last = l == shape->n_layers - 1;
        double largest = 0.0;
        for (int i = 0; i < layer->n_in; i++) {
            for (int j = 0; j < layer->n_out; j++) {
                largest = fmax(largest, fabs(expected->w[l][i][j]));
            }
        }
        for (int j = 0; j < layer->n_out; j++) {
            FB_ASSERT_NEAR((double)gradient[layer->bias + (size_t)j], expected->b[l][j], SINGLE * (largest + 1.0));
            for (int i = 0; i < layer->n_in; i++) {
                const size_t k =
                    layer->weight + (size_t)(is_last ? j * layer->in_stride + i : i * layer->out_stride + j);
                FB_ASSERT_NEAR((double)gradient[k], expected->w[l][i][j], SINGLE * (largest + 1.0));
            }
        }
    }
}

static const struct {
    int n_rows, n_inputs, n_hidden, hidden[3], n_outputs;
} nets[] = {{256, 28, 3, {40, 33, 17}, 1}, {200, 5, 2, {16, 7}, 7}, {1, 3, 1, {1}, 1}, {77, 6, 0, {0}, 1},
            {256, 64, 1, {64}, 2},         {31, 6, 0, {0}, 3}};

START_TEST(forward_and_backward_are_those_of_the_twin)
{
    fb_error error = {0};
    double value[5][MOST];
    fb_dense_shape shape =
        fb_dense_net_shape(nets[_i].n_inputs, nets[_i].n_hidden, nets[_i].hidden, nets[_i].n_outputs);
    fb_dense_workspace workspace, small;
    float *parameter = with_biases(&shape, 3);
    float *gradient = aligned_alloc(64, shape.n_parameters * sizeof *gradient);
    rows *r = random_rows(nets[_i].n_rows, nets[_i].n_inputs, 5);
    const twin t = twin_of(&shape, parameter);
    twin *expected = calloc(1, sizeof *expected);
    FB_ASSERT_OK(fb_dense_net_workspace_make(&shape, 1, &workspace, &error));
    FB_ASSERT_OK(fb_dense_net_workspace_make(&shape, 0, &small, &error));
    run_library(&shape, parameter, r, &workspace, gradient);
    for (int i = 0; i < r->n; i++) {
        const double margin = twin_margin(&t, r->x[i], value);
        FB_ASSERT_NEAR((double)workspace.margin[i], margin, SINGLE * (1.0 + fabs(margin)));
        for (int k = 0; k < nets[_i].n_outputs; k++) {
            const double other = value[shape.n_layers][k];
            FB_ASSERT_NEAR((double)workspace.margin[k * FB_DENSE_BLOCK + i], other, SINGLE * (1.0 + fabs(other)));
        }
        twin_backward(&t, r->x[i], r->label[i], r->weight[i], expected);
    }
    assert_same_gradient(&shape, gradient, expected);
    /* The workspace for scoring shares buffers; the margins are the same bits. */
    memcpy(small.value[0], workspace.value[0], (size_t)shape.layer[0].in_stride * FB_DENSE_BLOCK * sizeof(float));
    fb_dense_net_forward(&shape, parameter, r->n, &small);
    ck_assert_int_eq(memcmp(small.margin, workspace.margin, (size_t)r->n * sizeof(float)), 0);
    fb_dense_net_workspace_clear(&workspace);
    fb_dense_net_workspace_clear(&small);
    free(expected);
    free(r);
    free(gradient);
    free(parameter);
}
END_TEST

/* The slope is the derivative of -ln p(label), by differences of the loss in double precision. */
START_TEST(the_slope_is_that_of_differences)
{
    enum { MANY = FB_MAX_CLASSES };
    const double h = 1e-4;
    fb_random random = fb_random_at(4, FB_STREAM_TOY, 0);
    for (int n = 3; n <= MANY; n++) {
        float margin[MANY * FB_DENSE_BLOCK] = {0}, slope[MANY * FB_DENSE_BLOCK];
        for (int k = 0; k < n; k++) {
            margin[k * FB_DENSE_BLOCK] = (float)(3.0 * fb_random_normal(&random));
        }
        for (int label = 0; label < n; label++) {
            fb_dense_train_slope(n, (float)label, 2.5f, margin, slope);
            for (int k = 0; k < n; k++) {
                double loss[2];
                for (int side = 0; side < 2; side++) {
                    double sum = 0.0, own = 0.0;
                    for (int l = 0; l < n; l++) {
                        const double a = (double)margin[l * FB_DENSE_BLOCK] + (l == k ? (side ? h : -h) : 0.0);
                        sum += exp(a);
                        own = l == label ? a : own;
                    }
                    loss[side] = 2.5 * (log(sum) - own);
                }
                FB_ASSERT_NEAR((double)slope[k * FB_DENSE_BLOCK], (loss[1] - loss[0]) / (2.0 * h), 1e-6);
            }
        }
    }
}
END_TEST

/* Every set of instructions gives a row the same bits at any place, and those that fuse multiplication and
 * addition give the same bits as each other. */
START_TEST(kernels_agree)
{
    enum { N = 32, N_IN = 30, N_OUT = 112, IN = 32 };
    static fb_dense_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_kernel);
    static _Alignas(64) float x[N * IN], w[N_IN * N_OUT], b[N_OUT], out[FB_N_INSTRUCTION_SETS][N * N_OUT],
        again[N * N_OUT];
    fb_random random = fb_random_at(3, FB_STREAM_TOY, 0);
    for (int k = 0; k < N * IN; k++) {
        x[k] = (float)fb_random_normal(&random);
    }
    for (int k = 0; k < N_IN * N_OUT; k++) {
        w[k] = (float)fb_random_normal(&random);
        b[k % N_OUT] = (float)fb_random_normal(&random);
    }
    memcpy(x + 19 * IN, x + 2 * IN, IN * sizeof *x); // row 19 is row 2
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        fb_dense_kernel *kernel = kernels[set];
        if (!fb_instruction_set_has((fb_instruction_set)set)) {
            continue;
        }
        kernel(N, N_IN, IN, N_OUT, x, w, b, out[set]);
        ck_assert_int_eq(memcmp(out[set] + 19 * N_OUT, out[set] + 2 * N_OUT, N_OUT * sizeof(float)), 0);
        kernel(FB_DENSE_ROWS, N_IN, IN, N_OUT, x + 16 * IN, w, b, again);
        ck_assert_int_eq(memcmp(again, out[set] + 16 * N_OUT, FB_DENSE_ROWS * N_OUT * sizeof(float)), 0);
        for (int k = 0; k < N * N_OUT; k++) {
            double z = (double)b[k % N_OUT];
            for (int i = 0; i < N_IN; i++) {
                z += (double)x[k / N_OUT * IN + i] * (double)w[i * N_OUT + k % N_OUT];
            }
            /* Thirty terms of size one, each rounded to 6e-8 of the sum so far. */
            FB_ASSERT_NEAR((double)out[set][k], z > 0.0 ? z : 0.0, 1e-5);
        }
        ck_assert(set < FB_INSTRUCTIONS_AVX512 || memcmp(out[set], out[FB_INSTRUCTIONS_AVX2], sizeof out[set]) == 0);
    }
}
END_TEST

/* Every set of instructions gives the same margins. */
START_TEST(margins_have_the_same_bits)
{
    enum { ROWS = 40, OUTPUTS = 3, STRIDE = 48 };
    static fb_dense_margin_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_margin_kernel);
    static _Alignas(64) float x[ROWS * STRIDE], w[OUTPUTS * STRIDE], b[OUTPUTS],
        margin[FB_N_INSTRUCTION_SETS][OUTPUTS * FB_DENSE_BLOCK];
    fb_random random = fb_random_at(5, FB_STREAM_TOY, 0);
    for (int k = 0; k < ROWS * STRIDE; k++) {
        x[k] = (float)fb_random_normal(&random);
        w[k % (OUTPUTS * STRIDE)] = (float)fb_random_normal(&random);
        b[k % OUTPUTS] = (float)fb_random_normal(&random);
    }
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        if (fb_instruction_set_has((fb_instruction_set)set)) {
            kernels[set](ROWS, OUTPUTS, STRIDE, x, w, b, margin[set]);
            ck_assert_mem_eq(margin[set], margin[FB_INSTRUCTIONS_PLAIN], sizeof margin[set]);
        }
    }
}
END_TEST

/* The twin's own derivatives, every one of them, against (loss(p + h) - loss(p - h)) / 2h. With h = 1e-5 the third
 * derivatives leave 1e-10, rounding 1e-10 of a loss of ten; a step over the corner of max(0, .) would be off by 1e-5
 * and more, and does not happen for this seed. */
START_TEST(the_gradient_is_that_of_differences)
{
    const int hidden[] = {4, 3};
    const double h = 1e-5;
    fb_dense_shape shape = fb_dense_net_shape(3, 2, hidden, 1);
    float *parameter = with_biases(&shape, 11);
    rows *r = random_rows(9, 3, 12);
    twin t = twin_of(&shape, parameter);
    twin *gradient = calloc(1, sizeof *gradient);
    int n = 0;
    for (int i = 0; i < r->n; i++) {
        twin_backward(&t, r->x[i], r->label[i], r->weight[i], gradient);
    }
    for (int l = 0; l < t.n_layers; l++) {
        for (int i = -1; i < t.width[l]; i++) {
            for (int j = 0; j < t.width[l + 1]; j++, n++) {
                double *p = i < 0 ? &t.b[l][j] : &t.w[l][i][j], middle = *p;
                *p = middle + h;
                const double above = twin_total(&t, r);
                *p = middle - h;
                const double below = twin_total(&t, r);
                *p = middle;
                FB_ASSERT_NEAR((above - below) / (2.0 * h), i < 0 ? gradient->b[l][j] : gradient->w[l][i][j], 1e-8);
            }
        }
    }
    ck_assert_int_eq(n, 4 * 4 + 5 * 3 + 4);
    free(gradient);
    free(r);
    free(parameter);
}
END_TEST

/* --- the other framework ------------------------------------------------------------------------------------------ */

/* The numbers after a name in dense/oracle.txt. */
static int oracle(const char *name, double *value, int most)
{
    char *text = fb_bytes_of(FB_TEST_DATA "/dense/oracle.txt", &(size_t){0}), *rest = NULL;
    const size_t length = strlen(name);
    int n = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, name, length) != 0 || line[length] != ' ') {
            continue;
        }
        for (char *p = line + length, *end; n < most; p = end) {
            const double number = strtod(p, &end);
            if (end == p) {
                break;
            }
            value[n++] = number;
        }
    }
    free(text);
    ck_assert_msg(n > 0, "%s is not there", name);
    return n;
}

/* Weights and biases called W0<ending>, b0<ending>, ... as parameters. */
static float *oracle_parameters(const fb_dense_shape *shape, const char *before, const char *ending)
{
    float *parameter = aligned_alloc(64, shape->n_parameters * sizeof *parameter);
    memset(parameter, 0, shape->n_parameters * sizeof *parameter);
    for (int l = 0; l < shape->n_layers; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        char name[32];
        double value[MOST];
        snprintf(name, sizeof name, "%sW%d%s", before, l, ending);
        ck_assert_int_eq(oracle(name, value, MOST), layer->n_in * layer->n_out);
        for (int k = 0; k < layer->n_in * layer->n_out; k++) {
            parameter[layer->weight + (size_t)(k / layer->n_out * layer->out_stride + k % layer->n_out)] =
                (float)value[k];
        }
        snprintf(name, sizeof name, "%sb%d%s", before, l, ending);
        ck_assert_int_eq(oracle(name, value, MOST), layer->n_out);
        for (int j = 0; j < layer->n_out; j++) {
            parameter[layer->bias + (size_t)j] = (float)value[j];
        }
    }
    return parameter;
}

static rows *oracle_rows(void)
{
    rows *r = calloc(1, sizeof *r);
    double x[MOST];
    r->n = oracle("label", r->label, FB_DENSE_BLOCK);
    ck_assert_int_eq(oracle("weight", r->weight, FB_DENSE_BLOCK), r->n);
    r->d = oracle("x", x, MOST) / r->n;
    for (int k = 0; k < r->n * r->d; k++) {
        r->x[k / r->d][k % r->d] = x[k];
    }
    return r;
}

START_TEST(another_framework_agrees)
{
    enum { STEPS = 3 };
    static const double RATE = 0.05, L2 = 0.01; // as in make_dense.py
    const int hidden[] = {6, 4};
    fb_error error = {0};
    fb_dense_shape shape = fb_dense_net_shape(5, 2, hidden, 1);
    const size_t n = shape.n_parameters;
    float *parameter = oracle_parameters(&shape, "", ""), *slopes = oracle_parameters(&shape, "d", "");
    float *after = oracle_parameters(&shape, "", "_after"), *memory = aligned_alloc(64, 4 * n * sizeof *memory);
    rows *r = oracle_rows();
    double margin[MOST], loss = 0.0, expected_loss = 0.0;
    fb_dense_workspace workspace;
    memset(memory, 0, 4 * n * sizeof *memory);
    float *gradient = memory, *decay = memory + n;
    fb_dense_adam adam = {.first = memory + 2 * n, .second = memory + 3 * n};
    for (int l = 0; l < shape.n_layers; l++) {
        for (size_t k = shape.layer[l].weight; k < shape.layer[l].bias; k++) {
            decay[k] = (float)L2;
        }
    }
    FB_ASSERT_OK(fb_dense_net_workspace_make(&shape, 1, &workspace, &error));
    ck_assert_int_eq(oracle("margin", margin, MOST), r->n);
    ck_assert_int_eq(oracle("loss", &expected_loss, 1), 1);
    for (int i = 0; i < r->n; i++) {
        r->weight[i] /= r->n;
    }
    for (int step = 1; step <= STEPS; step++) {
        run_library(&shape, parameter, r, &workspace, gradient);
        for (int i = 0; step == 1 && i < r->n; i++) {
            FB_ASSERT_NEAR((double)workspace.margin[i], margin[i], SINGLE);
            loss += twin_loss((double)workspace.margin[i], r->label[i], r->weight[i]);
        }
        for (size_t k = 0; step == 1 && k < n; k++) {
            FB_ASSERT_NEAR((double)gradient[k], (double)slopes[k], SINGLE);
        }
        fb_dense_train_adam_begin(&adam, RATE, (uint64_t)step);
        fb_dense_train_adam_step(&adam, 0, n, 1, &gradient, decay, parameter);
    }
    FB_ASSERT_NEAR(loss, expected_loss, SINGLE);
    for (size_t k = 0; k < n; k++) {
        FB_ASSERT_NEAR((double)parameter[k], (double)after[k], 2e-5); // Adam divides by small gradients
    }
    fb_dense_net_workspace_clear(&workspace);
    free(r);
    free(memory);
    free(after);
    free(slopes);
    free(parameter);
}
END_TEST

/* --- the rest ----------------------------------------------------------------------------------------------------- */

START_TEST(first_weights_have_the_right_width)
{
    const int hidden[] = {200, 300};
    fb_dense_shape shape = fb_dense_net_shape(100, 2, hidden, 1);
    float *p = aligned_alloc(64, shape.n_parameters * sizeof *p),
          *q = aligned_alloc(64, shape.n_parameters * sizeof *q);
    fb_dense_net_initialise(&shape, 1, p);
    for (int l = 0; l < shape.n_layers; l++) {
        const fb_dense_layer *layer = &shape.layer[l];
        double squares = 0.0;
        for (size_t k = layer->weight; k < layer->bias; k++) {
            squares += (double)p[k] * (double)p[k];
        }
        const double n = (double)layer->n_in * layer->n_out, variance = (l < 2 ? 2.0 : 1.0) / layer->n_in;
        /* The mean of n squares of normal numbers is off by sqrt(2/n); five of these. */
        FB_ASSERT_NEAR(squares / n / variance, 1.0, 5.0 * sqrt(2.0 / n));
        for (int j = 0; j < layer->n_out; j++) {
            ck_assert_float_eq(p[layer->bias + (size_t)j], 0.0f);
        }
    }
    fb_dense_net_initialise(&shape, 2, q);
    ck_assert_int_ne(memcmp(p, q, shape.n_parameters * sizeof *p), 0);
    fb_dense_net_initialise(&shape, 1, q);
    ck_assert_int_eq(memcmp(p, q, shape.n_parameters * sizeof *p), 0);
    free(p);
    free(q);
}
END_TEST

START_TEST(an_order_depends_on_seed_and_epoch)
{
    enum { N = 1000 };
    uint32_t order[N], other[N];
    fb_dense_train_shuffle(7, 3, N, 1, order);
    fb_dense_train_shuffle(7, 3, N, 1, other);
    ck_assert_mem_eq(order, other, sizeof order);
    fb_dense_train_shuffle(7, 4, N, 1, other);
    ck_assert_mem_ne(order, other, sizeof order);
    fb_dense_train_shuffle(8, 3, N, 1, other);
    ck_assert_mem_ne(order, other, sizeof order);
}
END_TEST

/* Neighbours stay neighbours; every row comes once, an odd one out, too. */
START_TEST(rows_that_belong_together_stay_together)
{
    enum { ROWS = 101, TOGETHER = 2 };
    uint32_t order[ROWS];
    int n_seen[ROWS] = {0}, n_moved = 0;
    fb_dense_train_shuffle(3, 1, ROWS, TOGETHER, order);
    for (int i = 0; i < ROWS; i++) {
        n_seen[order[i]]++;
        n_moved += order[i] != (uint32_t)i;
        if (order[i] % TOGETHER == 0 && order[i] != ROWS - 1) {
            ck_assert_uint_eq(order[i + 1], order[i] + 1);
        }
    }
    for (int i = 0; i < ROWS; i++) {
        ck_assert_int_eq(n_seen[i], 1);
    }
    ck_assert_int_gt(n_moved, ROWS / 2);
}
END_TEST

START_TEST(shards_are_added_in_their_order)
{
    enum { N = 32, SHARDS = 3 };
    float memory[SHARDS + 4][N] = {{0}}, *shard[SHARDS] = {memory[0], memory[1], memory[2]};
    fb_dense_adam adam = {.first = memory[3], .second = memory[4]};
    for (int k = 0; k < N; k++) {
        shard[0][k] = 1.0f;
        shard[1][k] = 1e-8f; // lost when added to 1, not when added to the third
        shard[2][k] = -1.0f;
    }
    fb_dense_train_adam_begin(&adam, 0.1, 1);
    fb_dense_train_adam_step(&adam, 0, N / 2, SHARDS, shard, memory[5], memory[6]);
    for (int k = 0; k < N; k++) {
        ck_assert_float_eq(shard[0][k], k < N / 2 ? 0.0f : 1.0f);
        ck_assert_float_eq(memory[6][k], 0.0f);
    }
    /* The first step of Adam is the rate against the sign of the gradient, whatever its size. */
    shard[0][0] = 0.01f;
    shard[1][0] = shard[2][0] = 0.0f;
    memset(memory[3], 0, 2 * sizeof memory[3]);
    fb_dense_train_adam_step(&adam, 0, 1, SHARDS, shard, memory[5], memory[6]);
    FB_ASSERT_NEAR((double)memory[6][0], -0.1, 1e-6);
}
END_TEST

static void open_openblas(void)
{
    int n_threads = 1;
    fb_error error = {0};
    FB_ASSERT_OK(fb_openblas_open(&n_threads, &error));
}

int main(void)
{
    Suite *suite = suite_create("models/dense_net");
    TCase *tests = tcase_create("dense_net");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, open_openblas, NULL);
    tcase_add_loop_test(tests, forward_and_backward_are_those_of_the_twin, 0, (int)(sizeof nets / sizeof nets[0]));
    tcase_add_test(tests, kernels_agree);
    tcase_add_test(tests, margins_have_the_same_bits);
    tcase_add_test(tests, the_slope_is_that_of_differences);
    tcase_add_test(tests, the_gradient_is_that_of_differences);
    tcase_add_test(tests, another_framework_agrees);
    tcase_add_test(tests, first_weights_have_the_right_width);
    tcase_add_test(tests, an_order_depends_on_seed_and_epoch);
    tcase_add_test(tests, rows_that_belong_together_stay_together);
    tcase_add_test(tests, shards_are_added_in_their_order);
    return fb_run_suite(suite);
}
