#include "models/dense/dense_train_internal.h"

#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/interrupt.h"
#include "models/common/memory.h"
#include "models/common/metrics.h"
#include "models/common/random.h"
#include "models/common/shuffle.h"

/* --- Adam --------------------------------------------------------------------------------------------------------- */

static const double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

void fb_dense_train_adam_begin(fb_dense_adam *adam, double alpha, uint64_t t)
{
    const double correction = sqrt(1.0 - pow(BETA2, (double)t));
    adam->rate = (float)(alpha * correction / (1.0 - pow(BETA1, (double)t)));
    adam->epsilon = (float)(EPSILON * correction);
}

void fb_dense_train_adam_step(const fb_dense_adam *adam, size_t first, size_t end, int n_shards, float *const *shard,
                              const float *decay, float *parameter)
{
    const float keep1 = (float)BETA1, take1 = (float)(1.0 - BETA1), keep2 = (float)BETA2, take2 = (float)(1.0 - BETA2);
    const float rate = adam->rate, epsilon = adam->epsilon;
    float *sum = shard[0], *m = adam->first, *v = adam->second;
    for (int s = 1; s < n_shards; s++) {
        const float *next = shard[s];
#pragma omp simd
        for (size_t k = first; k < end; k++) {
            sum[k] += next[k];
        }
    }
#pragma omp simd
    for (size_t k = first; k < end; k++) {
        const float gradient = sum[k] + decay[k] * parameter[k];
        m[k] = keep1 * m[k] + take1 * gradient;
        v[k] = keep2 * v[k] + take2 * gradient * gradient;
        parameter[k] -= rate * m[k] / (sqrtf(v[k]) + epsilon);
    }
}

/* --- the order of the rows ---------------------------------------------------------------------------------------- */

/* From groups 0, 1, ... in the order that `order` begins with to their rows, from the end: a group's place comes before
 * those of its rows. The last group may be smaller. */
static void groups_to_rows(uint32_t n, uint32_t n_together, uint32_t *order)
{
    const uint32_t n_groups = (n + n_together - 1) / n_together;
    uint32_t at = n;
    for (uint32_t g = n_groups; g-- > 0;) {
        const uint32_t first = order[g] * n_together, size = n - first < n_together ? n - first : n_together;
        for (uint32_t k = size; k-- > 0;) {
            order[--at] = first + k;
        }
    }
}

void fb_dense_train_shuffle(uint64_t seed, int epoch, uint32_t n, uint32_t n_together, uint32_t *order)
{
    fb_random random = fb_random_at(seed, FB_STREAM_NET_ORDER, (uint64_t)epoch);
    const uint32_t n_groups = n_together > 1 ? (n + n_together - 1) / n_together : n;
    for (uint32_t i = 0; i < n_groups; i++) {
        order[i] = i;
    }
    fb_shuffle(n_groups, order, fb_shuffle_draw_exact, &random);
    if (n_together > 1) {
        groups_to_rows(n, n_together, order);
    }
}

/* --- scoring ------------------------------------------------------------------------------------------------------ */

/* The margins of the next rows of a matrix, at most a block of them; returns how many. */
static int run_block(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n, const float *matrix)
{
    const int here = n < FB_DENSE_BLOCK ? (int)n : FB_DENSE_BLOCK;
    fb_dense_features_apply(&net->features, matrix, NULL, here, net->shape.layer[0].in_stride, workspace->value[0]);
    fb_dense_net_forward(&net->shape, net->parameter, here, workspace);
    return here;
}

void fb_dense_train_score_rows(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n,
                               const float *matrix, float *score)
{
    for (size_t first = 0; first < n; first += FB_DENSE_BLOCK) {
        const int here = run_block(net, workspace, n - first, matrix + first * (size_t)net->features.n_columns);
        for (int i = 0; i < here; i++) {
            score[first + (size_t)i] = fb_dense_net_logistic(workspace->margin[i]);
        }
    }
}

void fb_dense_train_output_rows(const fb_dense_trained *net, fb_dense_workspace *workspace, size_t n,
                                const float *matrix, float *out)
{
    const int n_outputs = fb_dense_net_n_outputs(&net->shape);
    for (size_t first = 0; first < n; first += FB_DENSE_BLOCK) {
        const int here = run_block(net, workspace, n - first, matrix + first * (size_t)net->features.n_columns);
        for (int i = 0; i < here; i++) {
            for (int k = 0; k < n_outputs; k++) {
                *out++ = workspace->margin[k * FB_DENSE_BLOCK + i];
            }
        }
    }
}

/* The probability of each row's own class: rows [first, first + n) of a sample, at most a block. */
static void score_own_class(const fb_dense_trained *net, fb_dense_workspace *workspace, const fb_sample *sample,
                            size_t first, size_t n, float *score)
{
    const int here = run_block(net, workspace, n, sample->matrix + first * (size_t)sample->n_features);
    for (int i = 0; i < here; i++) {
        const size_t row = first + (size_t)i;
        const int head = sample->head != NULL ? sample->head[row] : 0, label = (int)sample->label[row];
        const int n_classes = net->heads.head[head].n_classes;
        const float *margin = workspace->margin + fb_sample_n_outputs(&net->heads, head) * FB_DENSE_BLOCK + i;
        float p[FB_MAX_CLASSES];
        if (n_classes == 2) {
            p[1] = fb_dense_net_logistic(*margin);
            p[0] = fb_dense_net_logistic(-*margin);
        } else {
            fb_dense_net_softmax(n_classes, FB_DENSE_BLOCK, margin, p);
        }
        score[row] = p[label];
    }
}

/* --- epochs ------------------------------------------------------------------------------------------------------- */

typedef struct trainer {
    const fb_dense_plan *plan;
    fb_dense_trained *net; /* borrowed */
    const fb_sample *train, *validation;
    size_t n_parameters;
    float *best;   /* [n_parameters] of the best epoch */
    float *decay;  /* [n_parameters] l2 of the weights, 0 of the biases */
    float *memory; /* of best, decay, the two of Adam, and the gradients of the shards */
    float **shard; /* [n_shards] gradients, [n_parameters] each */
    int n_shards, n_workspaces;
    fb_dense_workspace *workspace; /* [n_workspaces], one per thread */
    uint32_t *order;               /* [train->n] */
    fb_sample curve;               /* rows of the training sample for its log-loss in the learning curve */
    float *curve_memory;           /* of these */
    float *score;                  /* [validation->n], which is at least curve.n */
    fb_dense_adam adam;
    size_t n_steps; /* mini-batches of an epoch */
    double rate;    /* before a schedule's part that changes from step to step */
} trainer;

static void clear(trainer *t)
{
    for (int k = 0; t->workspace != NULL && k < t->n_workspaces; k++) {
        fb_dense_net_workspace_clear(&t->workspace[k]);
    }
    free(t->workspace);
    free(t->memory);
    free(t->shard);
    free(t->order);
    free(t->curve_memory);
    free(t->score);
}

/* Biases only shift; a penalty on them does not smooth the function. */
static void set_decay(const fb_dense_shape *shape, double l2, float *decay)
{
    for (int l = 0; l < shape->n_layers; l++) {
        for (size_t k = shape->layer[l].weight; k < shape->layer[l].bias; k++) {
            decay[k] = (float)l2;
        }
    }
}

static fb_status prepare(trainer *t, fb_error *error)
{
    const size_t n = t->n_parameters, batch = (size_t)t->plan->batch;
    fb_status status = FB_OK;
    /* Every row is used in every epoch, in mini-batches that differ by one row at most. */
    t->n_steps = (t->train->n + batch - 1) / batch;
    t->n_shards = (t->plan->batch + FB_DENSE_BLOCK - 1) / FB_DENSE_BLOCK;
    t->n_workspaces = t->plan->n_threads;
    t->rate = t->plan->rate;
    FB_TRY(fb_memory_allocate(n, (4 + (size_t)t->n_shards) * sizeof(float), &t->memory, error));
    t->best = t->memory;
    t->decay = t->memory + n;
    t->adam.first = t->memory + 2 * n;
    t->adam.second = t->memory + 3 * n;
    set_decay(&t->net->shape, t->plan->l2, t->decay);
    FB_TRY(fb_memory_allocate((size_t)t->n_shards, sizeof *t->shard, &t->shard, error));
    for (int s = 0; s < t->n_shards; s++) {
        t->shard[s] = t->memory + (4 + (size_t)s) * n;
    }
    FB_TRY(fb_memory_allocate((size_t)t->n_workspaces, sizeof *t->workspace, &t->workspace, error));
    for (int k = 0; k < t->n_workspaces; k++) {
        FB_TRY(fb_dense_net_workspace_make(&t->net->shape, 1, &t->workspace[k], error));
    }
    FB_TRY(fb_memory_allocate(t->train->n, sizeof *t->order, &t->order, error));
    FB_TRY(fb_memory_allocate(t->validation->n, sizeof *t->score, &t->score, error));
    FB_TRY(fb_sample_downsample(t->train,
                                t->validation->n < FB_DENSE_CURVE_ROWS ? t->validation->n : FB_DENSE_CURVE_ROWS,
                                &t->curve_memory, &t->curve, error));
cleanup:
    return status;
}

void fb_dense_train_slope(int n_classes, float label, float factor, const float *margin, float *slope)
{
    if (n_classes == 2) {
        *slope = factor * (fb_dense_net_logistic(*margin) - label);
        return;
    }
    float p[FB_MAX_CLASSES];
    fb_dense_net_softmax(n_classes, FB_DENSE_BLOCK, margin, p);
    for (int k = 0; k < n_classes; k++) {
        slope[k * FB_DENSE_BLOCK] = factor * (p[k] - (k == (int)label ? 1.0f : 0.0f));
    }
}

/* Those of the first n rows of a block, which are `row` of the sample; 0 for the other rows, and for other heads. */
static void set_slopes(const trainer *t, int n, const uint32_t *row, float share, fb_dense_workspace *workspace)
{
    const fb_heads *heads = &t->net->heads;
    const fb_sample *train = t->train;
    memset(workspace->slope, 0,
           (size_t)fb_dense_net_n_outputs(&t->net->shape) * FB_DENSE_BLOCK * sizeof *workspace->slope);
    for (int i = 0; i < n; i++) {
        const int head = train->head != NULL ? train->head[row[i]] : 0;
        const int at = fb_sample_n_outputs(heads, head) * FB_DENSE_BLOCK + i;
        fb_dense_train_slope(heads->head[head].n_classes, train->label[row[i]], train->weight[row[i]] * share,
                             workspace->margin + at, workspace->slope + at);
    }
}

/* The gradient of rows [first, end) of the epoch's order; `share` is 1 / rows of the mini-batch. What an earlier shard
 * left in the other rows of the block is finite, so with slope 0 these rows add 0. */
static void compute_shard(const trainer *t, fb_dense_workspace *workspace, size_t first, size_t end, float share,
                          float *gradient)
{
    const int n = (int)(end - first);
    const uint32_t *row = t->order + first;
    const fb_dense_shape *shape = &t->net->shape;
    fb_dense_features_apply(&t->net->features, t->train->matrix, row, n, shape->layer[0].in_stride,
                            workspace->value[0]);
    fb_dense_net_forward(shape, t->net->parameter, n, workspace);
    set_slopes(t, n, row, share, workspace);
    fb_dense_net_backward(shape, t->net->parameter, workspace, gradient);
}

/* One mini-batch, by all threads: each takes some of the shards of its rows first, then some of the parameters. Shards
 * and sums are the same for any number of threads. */
static void one_step(const trainer *t, size_t step, const fb_dense_adam *adam)
{
    const size_t first = t->train->n * step / t->n_steps, end = t->train->n * (step + 1) / t->n_steps;
    const size_t shards = (size_t)t->n_shards;
#pragma omp for schedule(static)
    for (size_t s = 0; s < shards; s++) {
        compute_shard(t, &t->workspace[omp_get_thread_num()], first + (end - first) * s / shards,
                      first + (end - first) * (s + 1) / shards, 1.0f / (float)(end - first), t->shard[s]);
    }
    enum { CHUNK = 2048 };
#pragma omp for schedule(static)
    for (size_t chunk = 0; chunk < t->n_parameters; chunk += CHUNK) {
        const size_t chunk_end = t->n_parameters - chunk < CHUNK ? t->n_parameters : chunk + CHUNK;
        fb_dense_train_adam_step(adam, chunk, chunk_end, t->n_shards, t->shard, t->decay, t->net->parameter);
    }
}

static double rate_at(const trainer *t, size_t step, int epoch)
{
    if (t->plan->schedule != FB_DENSE_COSINE) {
        return t->rate;
    }
    const double done = (epoch + (double)step / (double)t->n_steps) / t->plan->n_epochs;
    return t->rate * 0.5 * (1.0 + cos(M_PI * done));
}

static fb_status run_epoch(trainer *t, int epoch, fb_error *error)
{
    const size_t at_once = 1 + 65536 / (size_t)t->plan->batch; /* steps between two checks for an interrupt */
    fb_status status = FB_OK;
    fb_dense_train_shuffle(t->plan->seed, epoch, (uint32_t)t->train->n, (uint32_t)t->train->n_together, t->order);
    for (size_t first = 0; first < t->n_steps; first += at_once) {
        const size_t end = t->n_steps - first < at_once ? t->n_steps : first + at_once;
        FB_TRY(fb_interrupt_check(error));
#pragma omp parallel num_threads(t->n_workspaces)
        for (size_t step = first; step < end; step++) {
            fb_dense_adam adam = t->adam;
            fb_dense_train_adam_begin(&adam, rate_at(t, step, epoch), (uint64_t)epoch * t->n_steps + step + 1);
            one_step(t, step, &adam);
        }
    }
cleanup:
    return status;
}

/* The same for any number of threads. */
static double find_log_loss(trainer *t, const fb_sample *sample)
{
    const bool has_heads = fb_dense_net_n_outputs(&t->net->shape) > 1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(t->n_workspaces)
    for (size_t first = 0; first < sample->n; first += FB_DENSE_BLOCK) {
        const size_t n = sample->n - first < FB_DENSE_BLOCK ? sample->n - first : FB_DENSE_BLOCK;
        fb_dense_workspace *workspace = &t->workspace[omp_get_thread_num()];
        if (has_heads) {
            score_own_class(t->net, workspace, sample, first, n, t->score);
        } else {
            fb_dense_train_score_rows(t->net, workspace, n, sample->matrix + first * (size_t)sample->n_features,
                                      t->score + first);
        }
    }
    return fb_metrics_log_loss(sample->n, t->score, has_heads ? NULL : sample->label, sample->weight);
}

/* Records an epoch's log-loss and keeps the parameters of the best one; true when the training should stop. */
static bool end_epoch(trainer *t, int epoch, double log_loss, fb_training_report *report)
{
    report->n_rounds = epoch + 1;
    if (log_loss < report->best_log_loss) {
        report->best_log_loss = log_loss;
        report->best_round = epoch + 1;
        memcpy(t->best, t->net->parameter, t->n_parameters * sizeof *t->best);
    }
    const int since = epoch + 1 - report->best_round;
    if (t->plan->schedule == FB_DENSE_PLATEAU && since > 0 && since % 2 == 0) {
        t->rate *= 0.5;
    }
    return since >= t->plan->patience;
}

static fb_status check_result(const trainer *t, fb_error *error)
{
    for (size_t k = 0; k < t->n_parameters; k++) {
        if (!isfinite(t->best[k])) {
            return fb_fail(error, FB_ERROR_NOT_CONVERGED, "the training of the net diverges; try a rate below %g",
                           t->plan->rate);
        }
    }
    return FB_OK;
}

fb_status fb_dense_train(const fb_dense_plan *plan, fb_dense_trained *net, const fb_sample *train,
                         const fb_sample *validation, fb_training_progress *progress, void *context,
                         fb_training_report *report, fb_error *error)
{
    trainer t = {
        .plan = plan, .net = net, .train = train, .validation = validation, .n_parameters = net->shape.n_parameters};
    fb_status status = FB_OK;
    report->best_log_loss = INFINITY;
    if (train->n > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "training sample: %zu rows, a net takes up to %u", train->n, UINT32_MAX);
    }
    FB_TRY(prepare(&t, error));
    for (int epoch = 0; epoch < plan->n_epochs; epoch++) {
        FB_TRY(run_epoch(&t, epoch, error));
        const double log_loss = find_log_loss(&t, validation);
        const bool stop = end_epoch(&t, epoch, log_loss, report);
        if (progress != NULL) {
            progress(context, &(fb_training_round){epoch + 1, plan->n_epochs, find_log_loss(&t, &t.curve), log_loss});
        }
        if (stop) {
            break;
        }
    }
    FB_TRY(check_result(&t, error));
    memcpy(net->parameter, t.best, t.n_parameters * sizeof *t.best);
cleanup:
    clear(&t);
    return status;
}
