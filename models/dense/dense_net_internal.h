/* The layers of a dense net: shapes, forward, backward. README.md derives what is computed here.
 *
 * Layer l takes rows x of width n_in to rows of width n_out, z = x W + b; hidden layers go on with max(0, z), the
 * outputs of the last one are the margins. Of a net with a single output, the usual one, the logistic function of the
 * margin is the score.
 *
 * Forward uses a kernel for the hidden layers, max(0, x W + b). Every output is a sum of its own, b + x[0] W[0] + x[1]
 * W[1] + ... in this order, whatever the width of the vectors and however many rows there are: a row's result does not
 * depend on the other rows, which no library of linear algebra promises (OpenBLAS's kernel for Haswell gives the same
 * row other last bits at another place of a matrix). With fused multiply-add the sum is rounded once per term, so the
 * kernels that have it agree with each other to the last bit and differ from the plain one.
 *
 * Backward uses OpenBLAS (openblas_internal.h), which the caller has opened, always on FB_DENSE_BLOCK rows, the last ones with slope 0 where there are fewer: sums over
 * rows, where only the shape of the call must be the same each time. Rows of a block and of the weights begin at
 * multiples of 64 bytes. */
#ifndef FB_MODELS_DENSE_DENSE_NET_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_NET_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "models/common/instruction_set.h"
#include "models/common/status.h"

enum {
    FB_DENSE_ROWS = 8,         /* that the kernel does at once; it is called for a multiple */
    FB_DENSE_BLOCK = 256,      /* rows; measured in tests/bench/README.md */
    FB_DENSE_MAX_LAYERS = 17,  /* 16 hidden ones and the last */
    FB_DENSE_MAX_WIDTH = 4096, /* of a layer */
    FB_DENSE_MAX_INPUTS = 65536
};

/* One hidden layer: x [n_rows][in_stride], weight [n_in][out_stride], bias [out_stride], out [n_rows][out_stride];
 * out_stride is a multiple of 16. */
typedef void fb_dense_kernel(int n_rows, int n_in, int in_stride, int out_stride, const float *x, const float *weight,
                             const float *bias, float *out);

fb_dense_kernel fb_dense_kernel_plain, fb_dense_kernel_avx2, fb_dense_kernel_avx512;

/* The last layer: x [n_rows][stride], weight [n_outputs][stride], bias [n_outputs], margin [n_outputs][FB_DENSE_BLOCK];
 * stride is a multiple of 16. The same bits for every set of instructions. */
typedef void fb_dense_margin_kernel(int n_rows, int n_outputs, int stride, const float *x, const float *weight,
                                    const float *bias, float *margin);

fb_dense_margin_kernel fb_dense_margin_kernel_plain, fb_dense_margin_kernel_avx2, fb_dense_margin_kernel_avx512;

typedef struct fb_dense_layer {
    int n_in, n_out;
    int in_stride;  /* floats from row to row of what comes in */
    int out_stride; /* ... of what goes out, and of W; of the last layer 1, and not used */
    size_t weight;  /* where W begins among the parameters: [n_in][out_stride], output fastest; of the last layer
                       [n_out][in_stride], input fastest */
    size_t bias;    /* where b begins: [out_stride] */
} fb_dense_layer;

typedef struct fb_dense_shape {
    int n_layers;
    size_t n_parameters; /* with the padding between rows, which is zero and stays so; a multiple of 16 */
    fb_dense_layer layer[FB_DENSE_MAX_LAYERS];
} fb_dense_shape;

/* The shape of a net with `n_inputs` inputs, hidden layers of the given widths and `n_outputs` margins. The caller has
 * checked the limits. */
fb_dense_shape fb_dense_net_shape(int n_inputs, int n_hidden, const int *hidden, int n_outputs);

int fb_dense_net_n_outputs(const fb_dense_shape *shape);

/* First weights: normal with variance 2 / n_in before a max(0, .) (He, Zhang, Ren and Sun, ICCV 2015, eq. 10), 1 / n_in
 * in the last layer; biases 0. A function of the seed. `parameter` [n_parameters]. */
void fb_dense_net_initialise(const fb_dense_shape *shape, uint64_t seed, float *parameter);

/* The values of one block in one thread. */
typedef struct fb_dense_workspace {
    float *memory;
    float *value[FB_DENSE_MAX_LAYERS]; /* what comes into layer l: [FB_DENSE_BLOCK][in_stride] */
    float *delta[2];                   /* derivatives by what comes out, of two layers in turn; only for training */
    float *margin;                     /* [n_outputs][FB_DENSE_BLOCK] */
    fb_dense_kernel *kernel;           /* of fb_instruction_set_best */
    fb_dense_margin_kernel *margin_kernel;
    float *slope; /* [n_outputs][FB_DENSE_BLOCK] derivatives of the loss by the margins, for
                                          training */
} fb_dense_workspace;

/* Allocates the workspace of a net; for scoring alone the layers share two buffers. Release with
 * fb_dense_net_workspace_clear. */
fb_status fb_dense_net_workspace_make(const fb_dense_shape *shape, int for_training, fb_dense_workspace *workspace,
                                      fb_error *error) FB_MUST_USE;
void fb_dense_net_workspace_clear(fb_dense_workspace *workspace);

/* From the first n_rows rows of workspace->value[0] to workspace->margin; rows up to the next multiple of FB_DENSE_ROWS
 * are computed along. */
void fb_dense_net_forward(const fb_dense_shape *shape, const float *parameter, int n_rows,
                          fb_dense_workspace *workspace);

/* After fb_dense_net_forward, from workspace->slope (0 for rows beyond the last) back to `gradient` [n_parameters],
 * which is overwritten: the derivatives of sum_i loss_i by all parameters. */
void fb_dense_net_backward(const fb_dense_shape *shape, const float *parameter, fb_dense_workspace *workspace,
                           float *gradient);

/* 1 / (1 + exp(-margin)). */
float fb_dense_net_logistic(float margin);

/* p_k = exp(a_k) / sum_l exp(a_l) of `n` margins that are `stride` floats apart. */
void fb_dense_net_softmax(int n, int stride, const float *margin, float *p);

#endif
