/* Scoring with trees: XGBoost's own prediction in place against each kernel, on the same rows in the same run, and
 * whether the margins are the same bits. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xgboost/c_api.h>

#include "holdout/block.h"
#include "holdout/simulate.h"
#include "models/forest.h"

enum { N_ROWS = 1 << 17, BATCH = 4096, ROUNDS = 3 };

static float *matrix, *label, *margin, *expected;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int failed, const char *what)
{
    if (failed) {
        fprintf(stderr, "%s: %s\n", what, XGBGetLastError());
        exit(1);
    }
}

static void make_rows(uint64_t seed)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *piece = NULL;
    fb_block *block = NULL;
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = N_ROWS;
    simulation.seed = seed;
    must(fb_source_simulate(&simulation, &source, &error) || fb_events_create(BATCH, &piece, &error) ||
             fb_block_create(BATCH, &block, &error),
         error.text);
    for (size_t n = 0; n < N_ROWS; n += BATCH) {
        must(fb_source_read(source, piece, &error), error.text);
        fb_block_load(block, piece, 0, piece->n);
        fb_block_derive(block);
        fb_block_pack(block, NULL, matrix + n * FB_N_FEATURES);
        for (size_t i = 0; i < piece->n; i++) {
            label[n + i] = (float)fb_process_label(piece->process[i]);
        }
    }
    fb_block_free(block);
    fb_events_free(piece);
    fb_source_free(source);
}

static BoosterHandle train(int n_trees, const char *depth)
{
    DMatrixHandle rows = NULL;
    BoosterHandle booster = NULL;
    static const char *const fixed[][2] = {
        {"objective", "binary:logistic"}, {"tree_method", "hist"}, {"eta", "0.1"}, {"verbosity", "0"}};
    must(XGDMatrixCreateFromMat(matrix, N_ROWS, FB_N_FEATURES, -1e30f, &rows), "matrix");
    must(XGDMatrixSetFloatInfo(rows, "label", label, N_ROWS), "labels");
    must(XGBoosterCreate(&rows, 1, &booster), "booster");
    for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++) {
        must(XGBoosterSetParam(booster, fixed[k][0], fixed[k][1]), fixed[k][0]);
    }
    must(XGBoosterSetParam(booster, "max_depth", depth), "depth");
    for (int k = 0; k < n_trees; k++) {
        must(XGBoosterUpdateOneIter(booster, k, rows), "training");
    }
    must(XGBoosterSetParam(booster, "nthread", "1"), "nthread");
    XGDMatrixFree(rows);
    return booster;
}

static void predict_in_place(BoosterHandle booster, size_t first, float *out)
{
    static const char config[] = "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                                 "\"strict_shape\": false, \"missing\": NaN, \"cache_id\": 0}";
    const bst_ulong *shape = NULL;
    const float *result = NULL;
    bst_ulong rank = 0;
    char values[160];
    snprintf(values, sizeof values,
             "{\"data\": [%zu, true], \"shape\": [%d, %d], \"typestr\": \"<f4\", \"version\": 3}",
             (size_t)(matrix + first * FB_N_FEATURES), BATCH, FB_N_FEATURES);
    must(XGBoosterPredictFromDense(booster, values, config, NULL, &shape, &rank, &result), "prediction");
    memcpy(out + first, result, BATCH * sizeof *out);
}

static double time_xgboost(BoosterHandle booster)
{
    double best = 1e30;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
#pragma omp parallel for schedule(dynamic, 1)
        for (size_t first = 0; first < N_ROWS; first += BATCH) {
            predict_in_place(booster, first, expected);
        }
        double seconds = now() - begin;
        best = seconds < best ? seconds : best;
    }
    return best;
}

static double time_forest(const fb_forest *forest)
{
    double best = 1e30;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
#pragma omp parallel for schedule(dynamic, 1)
        for (size_t first = 0; first < N_ROWS; first += BATCH) {
            must(fb_forest_margin(forest, BATCH, matrix + first * FB_N_FEATURES, margin + first, NULL), "margins");
        }
        double seconds = now() - begin;
        best = seconds < best ? seconds : best;
    }
    return best;
}

static void compare(int n_trees, const char *depth)
{
    const char *json = NULL;
    bst_ulong n_bytes = 0;
    fb_forest *forest = NULL;
    fb_error error = {0};
    BoosterHandle booster = train(n_trees, depth);
    must(XGBoosterSaveModelToBuffer(booster, "{\"format\": \"json\"}", &n_bytes, &json), "model");
    double begin = now();
    must(fb_forest_from_xgboost(json, n_bytes, &forest, &error), error.text);
    double built = now() - begin;
    for (int threads = 1; threads <= omp_get_num_procs(); threads *= 2) {
        omp_set_num_threads(threads);
        double reference = time_xgboost(booster);
        printf("%d trees of depth %s, %d thread%s: XGBoost in place %.3f million rows/s (model built in %.0f ms)\n",
               n_trees, depth, threads, threads > 1 ? "s" : "", 1e-6 * N_ROWS / reference, 1e3 * built);
        for (int k = 0; k < FB_FOREST_N_KERNELS; k++) {
            if (!fb_forest_choose(forest, (fb_forest_kernel)k)) {
                continue;
            }
            double seconds = time_forest(forest);
            printf("  %-14s %8.3f million rows/s, %5.1f times, %s\n", fb_forest_kernel_name((fb_forest_kernel)k),
                   1e-6 * N_ROWS / seconds, reference / seconds,
                   memcmp(margin, expected, N_ROWS * sizeof *margin) == 0 ? "same bits" : "OTHER BITS");
        }
    }
    fb_forest_free(forest);
    XGBoosterFree(booster);
}

int main(int argc, char **argv)
{
    matrix = malloc((size_t)N_ROWS * FB_N_FEATURES * sizeof *matrix);
    label = malloc(N_ROWS * sizeof *label);
    margin = malloc(N_ROWS * sizeof *margin);
    expected = malloc(N_ROWS * sizeof *expected);
    must(matrix == NULL || label == NULL || margin == NULL || expected == NULL, "memory");
    make_rows(7);
    compare(argc > 1 ? atoi(argv[1]) : 300, argc > 2 ? argv[2] : "8");
    free(matrix);
    free(label);
    free(margin);
    free(expected);
    return 0;
}
