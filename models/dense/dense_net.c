#include "models/dense/dense_net_internal.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "models/common/random.h"
#include "models/dense/openblas_internal.h"

/* --- shapes ------------------------------------------------------------------------------------------------------- */

enum { LINE = FB_ALIGNMENT / (int)sizeof(float) };

static int padded(int n)
{
    return (n + LINE - 1) / LINE * LINE;
}

fb_dense_shape fb_dense_net_shape(int n_inputs, int n_hidden, const int *hidden, int n_outputs)
{
    fb_dense_shape shape = {.n_layers = n_hidden + 1};
    size_t end = 0;
    for (int l = 0; l <= n_hidden; l++) {
        fb_dense_layer *layer = &shape.layer[l];
        layer->n_in = l == 0 ? n_inputs : hidden[l - 1];
        layer->n_out = l == n_hidden ? n_outputs : hidden[l];
        layer->in_stride = padded(layer->n_in);
        layer->out_stride = l == n_hidden ? 1 : padded(layer->n_out);
        layer->weight = end;
        layer->bias = end + (l == n_hidden ? (size_t)layer->n_out * (size_t)layer->in_stride
                                           : (size_t)layer->n_in * (size_t)layer->out_stride);
        end = layer->bias + (size_t)padded(layer->n_out);
    }
    shape.n_parameters = end;
    return shape;
}

int fb_dense_net_n_outputs(const fb_dense_shape *shape)
{
    return shape->layer[shape->n_layers - 1].n_out;
}

void fb_dense_net_initialise(const fb_dense_shape *shape, uint64_t seed, float *parameter)
{
    memset(parameter, 0, shape->n_parameters * sizeof *parameter);
    for (int l = 0; l < shape->n_layers; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        fb_random random = fb_random_at(seed, FB_STREAM_NET_WEIGHTS, (uint64_t)l);
        const bool is_last = l == shape->n_layers - 1;
        const double width = sqrt((is_last ? 1.0 : 2.0) / layer->n_in);
        const int n_rows = is_last ? layer->n_out : layer->n_in, n_columns = is_last ? layer->n_in : layer->n_out;
        for (int i = 0; i < n_rows; i++) {
            float *row =
                parameter + layer->weight + (size_t)i * (size_t)(is_last ? layer->in_stride : layer->out_stride);
            for (int j = 0; j < n_columns; j++) {
                row[j] = (float)(width * fb_random_normal(&random));
            }
        }
    }
}

/* --- workspace ---------------------------------------------------------------------------------------------------- */

fb_status fb_dense_net_workspace_make(const fb_dense_shape *shape, int for_training, fb_dense_workspace *workspace,
                                      fb_error *error)
{
    static fb_dense_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_kernel);
    static fb_dense_margin_kernel *const margin_kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_dense_margin_kernel);
    const size_t inputs = (size_t)shape->layer[0].in_stride * FB_DENSE_BLOCK;
    const size_t outputs = (size_t)fb_dense_net_n_outputs(shape) * FB_DENSE_BLOCK;
    size_t widest = 0, hidden = 0;
    for (int l = 1; l < shape->n_layers; l++) {
        size_t size = (size_t)shape->layer[l].in_stride * FB_DENSE_BLOCK;
        widest = size > widest ? size : widest;
        hidden += size;
    }
    *workspace = (fb_dense_workspace){.kernel = kernels[fb_instruction_set_best()],
                                      .margin_kernel = margin_kernels[fb_instruction_set_best()]};
    const size_t values = for_training ? hidden : 2 * widest;
    const size_t deltas = for_training ? 2 * widest : 0;
    fb_status status =
        fb_memory_allocate(inputs + values + deltas + 2 * outputs, sizeof(float), &workspace->memory, error);
    if (status != FB_OK) {
        return status;
    }
    float *next = workspace->memory;
    workspace->margin = next;
    workspace->slope = next + outputs;
    workspace->value[0] = next + 2 * outputs;
    next = workspace->value[0] + inputs;
    for (int l = 1; l < shape->n_layers; l++) {
        workspace->value[l] = for_training ? next : next + (l % 2 == 0 ? widest : 0);
        next += for_training ? (size_t)shape->layer[l].in_stride * FB_DENSE_BLOCK : 0;
    }
    workspace->delta[0] = for_training ? next : NULL;
    workspace->delta[1] = for_training ? next + widest : NULL;
    return FB_OK;
}

void fb_dense_net_workspace_clear(fb_dense_workspace *workspace)
{
    free(workspace->memory);
    *workspace = (fb_dense_workspace){0};
}

/* --- forward ------------------------------------------------------------------------------------------------------ */

void fb_dense_net_forward(const fb_dense_shape *shape, const float *parameter, int n_rows,
                          fb_dense_workspace *workspace)
{
    const int last = shape->n_layers - 1;
    const int n = (n_rows + FB_DENSE_ROWS - 1) / FB_DENSE_ROWS * FB_DENSE_ROWS;
    for (int l = 0; l < last; l++) {
        const fb_dense_layer *layer = &shape->layer[l];
        workspace->kernel(n, layer->n_in, layer->in_stride, layer->out_stride, workspace->value[l],
                          parameter + layer->weight, parameter + layer->bias, workspace->value[l + 1]);
    }
    const fb_dense_layer *layer = &shape->layer[last];
    workspace->margin_kernel(n_rows, layer->n_out, layer->in_stride, workspace->value[last], parameter + layer->weight,
                             parameter + layer->bias, workspace->margin);
}

float fb_dense_net_logistic(float margin)
{
    return 1.0f / (1.0f + expf(-margin));
}

void fb_dense_net_softmax(int n, int stride, const float *margin, float *p)
{
    float largest = margin[0], sum = 0.0f;
    for (int k = 1; k < n; k++) {
        largest = fmaxf(largest, margin[k * stride]);
    }
    for (int k = 0; k < n; k++) {
        p[k] = expf(margin[k * stride] - largest);
        sum += p[k];
    }
    for (int k = 0; k < n; k++) {
        p[k] /= sum;
    }
}

/* --- backward ----------------------------------------------------------------------------------------------------- */

/* Through max(0, .): the derivative is 0 where the layer gave 0. What remains is summed over the rows for the bias. */
static void rectify_and_sum(int n, int stride, const float *value, float *delta, float *bias_gradient)
{
    for (int i = 0; i < FB_DENSE_BLOCK; i++, value += stride, delta += stride) {
#pragma omp simd
        for (int j = 0; j < n; j++) {
            float d = value[j] > 0.0f ? delta[j] : 0.0f;
            delta[j] = d;
            bias_gradient[j] += d;
        }
    }
}

/* The last layer: adds slope times the weights of one output to delta, or sets delta to it. */
static void spread(bool adds, int n, int stride, const float *slope, const float *weight, float *delta)
{
    for (int i = 0; i < FB_DENSE_BLOCK; i++, delta += stride) {
        const float s = slope[i];
#pragma omp simd
        for (int j = 0; j < n; j++) {
            delta[j] = adds ? delta[j] + s * weight[j] : s * weight[j];
        }
    }
}

/* The gradient of the last layer, output by output, and what it hands down. */
static void backward_last(const fb_dense_layer *layer, bool hands_down, const float *parameter, const float *value,
                          const float *slope, float *delta, float *gradient)
{
    for (int k = 0; k < layer->n_out; k++, slope += FB_DENSE_BLOCK) {
        const size_t weight = layer->weight + (size_t)k * (size_t)layer->in_stride;
        fb_openblas_transposed_times(FB_DENSE_BLOCK, layer->n_in, value, layer->in_stride, slope, gradient + weight);
        for (int i = 0; i < FB_DENSE_BLOCK; i++) {
            gradient[layer->bias + (size_t)k] += slope[i];
        }
        if (hands_down) {
            spread(k > 0, layer->n_in, layer->in_stride, slope, parameter + weight, delta);
        }
    }
}

void fb_dense_net_backward(const fb_dense_shape *shape, const float *parameter, fb_dense_workspace *workspace,
                           float *gradient)
{
    const int last = shape->n_layers - 1;
    const fb_dense_layer *layer = &shape->layer[last];
    float *delta = workspace->delta[0], *other = workspace->delta[1];
    memset(gradient, 0, shape->n_parameters * sizeof *gradient);
    backward_last(layer, last > 0, parameter, workspace->value[last], workspace->slope, delta, gradient);
    for (int l = last - 1; l >= 0; l--) {
        layer = &shape->layer[l];
        rectify_and_sum(layer->n_out, layer->out_stride, workspace->value[l + 1], delta, gradient + layer->bias);
        fb_openblas_product('A', layer->n_in, layer->n_out, FB_DENSE_BLOCK, workspace->value[l], layer->in_stride,
                            delta, layer->out_stride, gradient + layer->weight, layer->out_stride);
        if (l > 0) {
            fb_openblas_product('B', FB_DENSE_BLOCK, layer->n_in, layer->n_out, delta, layer->out_stride,
                                parameter + layer->weight, layer->out_stride, other, layer->in_stride);
            float *swap = delta;
            delta = other;
            other = swap;
        }
    }
}
