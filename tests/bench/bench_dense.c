/* The dense net 28-100-100-100-1 beside the BLAS: rows per second in training and scoring, and what share that is of
 * the rate of large matrix products in the same run, on one thread and more. */
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/classifier.h"
#include "models/dense_blas_internal.h"
#include "models/dense_kernel_internal.h"
#include "models/ground/random.h"

enum { N_ROWS = 1 << 18, N_FEATURES = 28, BATCH = 4096, SIZE = 1024, ROUNDS = 5 };

/* Multiplications and additions per row: 28 x 100 + 2 x 100 x 100 + 100 weights, twice; backward needs each twice
 * again, but for the derivatives by the inputs. */
static const double FORWARD = 2.0 * (28 * 100 + 2 * 100 * 100 + 100);
static const double TRAINING = 3.0 * 2.0 * (28 * 100 + 2 * 100 * 100 + 100) - 2.0 * 28 * 100;

static float *matrix, *label, *weight, *score;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int failed, const char *what)
{
    if (failed) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static void make_rows(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        fb_random random = fb_random_at(1, FB_STREAM_TOY, i);
        label[i] = (float)(i % 2);
        weight[i] = 1.0f;
        for (int j = 0; j < N_FEATURES; j++) {
            /* Every other column is skewed, as momenta are. */
            const double x = fb_random_normal(&random) + 0.1 * (double)(i % 2);
            matrix[i * N_FEATURES + (size_t)j] = (float)(j % 2 ? x * x : x);
        }
    }
}

/* Floating-point operations per second of products of large matrices, each thread its own. */
static double product_rate(void)
{
    double best = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        const double begin = now();
#pragma omp parallel
        {
            float *a = aligned_alloc(64, (size_t)3 * SIZE * SIZE * sizeof *a);
            must(a == NULL, "memory");
            memset(a, 0, (size_t)3 * SIZE * SIZE * sizeof *a);
            for (int k = 0; k < 4; k++) {
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIZE, SIZE, SIZE, 1.0f, a, SIZE, a + SIZE * SIZE,
                            SIZE, 0.0f, a + 2 * SIZE * SIZE, SIZE);
            }
            free(a);
        }
        const double rate = 4.0 * 2.0 * SIZE * SIZE * (double)SIZE * omp_get_max_threads() / (now() - begin);
        best = rate > best ? rate : best;
    }
    return best;
}

static double epoch_start, epoch_best;

/* The shortest time between two ends of epochs; the validation sample is small. */
static void note_epoch(void *context, const fb_training_round *round)
{
    (void)context;
    const double t = now();
    if (round->round > 1 && t - epoch_start < epoch_best) {
        epoch_best = t - epoch_start;
    }
    epoch_start = t;
}

static fb_classifier *train(const char *batch)
{
    fb_error error = {0};
    fb_classifier *net = NULL;
    fb_training_report report;
    const fb_sample sample = {N_ROWS, N_FEATURES, matrix, label, weight};
    fb_sample few = sample;
    few.n = 1024;
    epoch_best = 1e30;
    must(fb_classifier_create("dense", &net, &error) || fb_classifier_set(net, "epochs=6", &error) ||
             fb_classifier_set(net, batch, &error) ||
             fb_classifier_fit(net, &sample, &few, note_epoch, NULL, &report, &error),
         error.text);
    return net;
}

static double time_scoring(const fb_classifier *net)
{
    double best = 1e30;
    for (int round = 0; round < ROUNDS; round++) {
        const double begin = now();
#pragma omp parallel for schedule(dynamic, 1)
        for (size_t first = 0; first < N_ROWS; first += BATCH) {
            must(fb_classifier_score(net, BATCH, N_FEATURES, matrix + first * N_FEATURES, score + first, NULL) != FB_OK,
                 "scores");
        }
        const double seconds = now() - begin;
        best = seconds < best ? seconds : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    const char *batch = argc > 1 ? argv[1] : "batch=1024";
    matrix = malloc((size_t)N_ROWS * N_FEATURES * sizeof *matrix);
    label = malloc(N_ROWS * sizeof *label);
    weight = malloc(N_ROWS * sizeof *weight);
    score = malloc(N_ROWS * sizeof *score);
    must(matrix == NULL || label == NULL || weight == NULL || score == NULL, "memory");
    make_rows();
    fb_dense_blas_prepare();
    printf("BLAS kernel %s; %s\n", fb_dense_blas_kernel(), batch);
    for (int threads = 1; threads <= omp_get_num_procs(); threads *= 2) {
        omp_set_num_threads(threads);
        const double product = product_rate();
        fb_classifier *net = train(batch);
        const double scoring = N_ROWS / time_scoring(net), training = N_ROWS / epoch_best;
        printf("%d thread%s: products %.0f GF/s; training %.3f million rows/s (%.0f %% of that rate); scoring %.3f "
               "million rows/s (%.0f %%)\n",
               threads, threads > 1 ? "s" : "", 1e-9 * product, 1e-6 * training, 100.0 * training * TRAINING / product,
               1e-6 * scoring, 100.0 * scoring * FORWARD / product);
        fb_classifier_free(net);
    }
    free(matrix);
    free(label);
    free(weight);
    free(score);
    return 0;
}
