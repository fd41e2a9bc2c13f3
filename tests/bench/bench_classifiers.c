/* Our half of classifiers.sh: each call does one thing and prints what it measured as lines "name value".
 *
 *     bench_classifiers rows FOLDER N [EVENTS]               selected events as train, validation, test.f32
 *     bench_classifiers train FOLDER THREADS KIND MODEL KEY=VALUE...
 *     bench_classifiers score FOLDER THREADS KIND MODEL SCORES
 *     bench_classifiers products THREADS                     rate of large matrix products
 *
 * The .f32 files are rows of float32: 28 features, label, weight. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/event_file.h"
#include "holdout/pipeline/block.h"
#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/stages.h"
#include "holdout/simulation/simulation.h"
#include "models/classifier.h"
#include "models/common/memory.h"
#include "models/dense/dense_net_internal.h"
#include "models/dense/openblas_internal.h"
#include "tests/bench/clocks.h"

enum { WIDTH = FB_N_FEATURES + 2, PIECE = 4096, ROUNDS = 5, PATH = 4096 };

static fb_error error; /* of the whole program */

static void must(int failed, const char *what)
{
    if (failed) {
        fprintf(stderr, "bench_classifiers: %s%s%s\n", what, error.text[0] != '\0' ? ": " : "", error.text);
        exit(1);
    }
}

static FILE *open_file(const char *folder, const char *name, const char *mode)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, mode);
    must(file == NULL, path);
    return file;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* Of every twenty rows twelve to train, three to validate and five to test, so that the order of the events does not
 * matter. */
static FILE *file_of(FILE *const part[3], size_t row)
{
    const size_t place = row % 20;
    return part[place < 12 ? 0 : place < 15 ? 1 : 2];
}

/* Selects and derives; writes at most `most` rows and returns how many, with the first being row number `done`. */
static size_t write_rows(fb_block *block, size_t done, size_t most, float *matrix, FILE *const part[3])
{
    fb_select(block);
    fb_derive(block);
    fb_pack(block, NULL, matrix);
    const fb_events *events = block->events;
    const size_t n = events->n < most ? events->n : most;
    for (size_t i = 0; i < n; i++) {
        float row[WIDTH];
        memcpy(row, matrix + i * FB_N_FEATURES, FB_N_FEATURES * sizeof *row);
        row[FB_N_FEATURES] = (float)fb_process_label(events->process[i]);
        row[FB_N_FEATURES + 1] = (float)events->weight[i];
        must(fwrite(row, sizeof row, 1, file_of(part, done + i)) != 1, "the rows cannot be written");
    }
    return n;
}

static void make_rows(const char *folder, size_t n_rows, const char *path)
{
    static const char *const names[3] = {"train.f32", "validation.f32", "test.f32"};
    FILE *part[3];
    fb_source *source = NULL;
    fb_events *piece = NULL;
    fb_block *block = NULL;
    float *matrix = NULL;
    fb_simulation simulation = fb_simulation_default();
    simulation.seed = 11;
    must(path != NULL ? fb_event_file_open(path, &source, &error) : fb_simulation_source(&simulation, &source, &error),
         "events");
    must(!fb_source_describe(source)->has_processes || !fb_source_describe(source)->has_weights,
         "the events need detailed_labels and weights");
    must(fb_events_create(PIECE, &piece, &error) || fb_block_create(PIECE, &block, &error) ||
             fb_memory_allocate(PIECE, FB_N_FEATURES * sizeof *matrix, &matrix, &error),
         "memory");
    for (int k = 0; k < 3; k++) {
        part[k] = open_file(folder, names[k], "wb");
    }
    size_t done = 0;
    do {
        must(fb_source_read(source, piece, &error), "events");
        fb_block_load(block, piece, 0, piece->n);
        done += write_rows(block, done, n_rows - done, matrix, part);
    } while (piece->n > 0 && done < n_rows);
    for (int k = 0; k < 3; k++) {
        must(fclose(part[k]), "the rows cannot be written");
    }
    printf("rows %zu\n", done);
    free(matrix);
    fb_block_free(block);
    fb_events_free(piece);
    fb_source_free(source);
}

/* Rows of a file; `matrix` owns the features. */
static fb_sample read_rows(const char *folder, const char *name, float **matrix)
{
    FILE *file = open_file(folder, name, "rb");
    must(fseek(file, 0, SEEK_END), name);
    const size_t n = (size_t)ftell(file) / (WIDTH * sizeof(float));
    rewind(file);
    must(fb_memory_allocate(n, WIDTH * sizeof(float), matrix, &error), name);
    float *label = *matrix + n * FB_N_FEATURES, *weight = label + n;
    for (size_t i = 0; i < n; i++) {
        float row[WIDTH];
        must(fread(row, sizeof row, 1, file) != 1, name);
        memcpy(*matrix + i * FB_N_FEATURES, row, FB_N_FEATURES * sizeof *row);
        label[i] = row[FB_N_FEATURES];
        weight[i] = row[FB_N_FEATURES + 1];
    }
    fclose(file);
    return (fb_sample){.n = n, .n_features = FB_N_FEATURES, .matrix = *matrix, .label = label, .weight = weight};
}

/* --- training ----------------------------------------------------------------------------------------------------- */

static void write_file(const char *folder, const char *name, const void *bytes, size_t n)
{
    FILE *file = open_file(folder, name, "wb");
    must(fwrite(bytes, 1, n, file) != n || fclose(file), name);
}

/* `words`: kind, file of the model, settings. */
static void train(const char *folder, int threads, char **words)
{
    float *train_rows = NULL, *validation_rows = NULL;
    const fb_sample rows = read_rows(folder, "train.f32", &train_rows);
    const fb_sample validation = read_rows(folder, "validation.f32", &validation_rows);
    fb_classifier *classifier = NULL;
    fb_training_report report;
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    must(fb_classifier_create(words[0], &classifier, &error), words[0]);
    for (char **setting = words + 2; *setting != NULL; setting++) {
        must(fb_classifier_set(classifier, *setting, &error), *setting);
    }
    const double begin = bench_now();
    must(fb_classifier_fit(classifier, &rows, &validation, NULL, NULL, &report, &error), "training");
    const double seconds = bench_now() - begin, all = seconds * threads;
    must(fb_classifier_save(classifier, &bytes, &n_bytes, &error), "saving");
    write_file(folder, words[1], bytes, n_bytes);
    printf("train_rows %zu\nseconds %.4f\nrounds %d\nbest %d\n", rows.n, seconds, report.n_rounds, report.best_round);
    printf("share_forward %.4f\nshare_backward %.4f\nshare_inputs %.4f\n", bench_clock(BENCH_FORWARD) / all,
           bench_clock(BENCH_BACKWARD) / all, bench_clock(BENCH_INPUTS) / all);
    free(bytes);
    free(train_rows);
    free(validation_rows);
    fb_classifier_free(classifier);
}

/* --- scoring ------------------------------------------------------------------------------------------------------ */

static fb_classifier *load(const char *folder, const char *kind, const char *name)
{
    FILE *file = open_file(folder, name, "rb");
    fb_classifier *classifier = NULL;
    uint8_t *bytes = NULL;
    must(fseek(file, 0, SEEK_END), name);
    const size_t n = (size_t)ftell(file);
    rewind(file);
    must(fb_memory_allocate(n, 1, &bytes, &error) || fread(bytes, 1, n, file) != n, name);
    fclose(file);
    must(fb_classifier_create(kind, &classifier, &error) || fb_classifier_load(classifier, bytes, n, &error), name);
    free(bytes);
    return classifier;
}

/* What the trees are as a network of bits (models/bdt/forest_kernel.c), for 512 rows. */
static void print_forest(void)
{
    const fb_forest_sliced *s = bench_last_forest();
    if (s != NULL) {
        printf("cuts %zu\nselects %zu\ntrees %zu\nlines %zu\n", s->n_cuts, s->n_selects, s->n_trees, s->n_lines);
    }
}

/* `words`: kind, file of the model, file for the scores. The best round of a second counts. */
static void score(const char *folder, int threads, char **words)
{
    float *matrix = NULL, *scores = NULL;
    const fb_sample rows = read_rows(folder, "test.f32", &matrix);
    fb_classifier *classifier = load(folder, words[0], words[1]);
    double best = 1e30, part[BENCH_N_PARTS] = {0.0};
    const double start = bench_now();
    must(fb_memory_allocate(rows.n, sizeof *scores, &scores, &error), "memory");
    for (int round = 0; round < ROUNDS || bench_now() - start < 1.0; round++) {
        bench_clocks_reset();
        const double begin = bench_now();
        must(fb_classifier_score_all(classifier, rows.n, FB_N_FEATURES, rows.matrix, scores, &error), "scores");
        const double seconds = bench_now() - begin;
        if (seconds < best) {
            best = seconds;
            for (int k = 0; k < BENCH_N_PARTS; k++) {
                part[k] = bench_clock((bench_part)k) / (seconds * threads);
            }
        }
    }
    printf("rate %.0f\nshare_forward %.4f\nshare_inputs %.4f\nshare_trees %.4f\n", (double)rows.n / best,
           part[BENCH_FORWARD], part[BENCH_INPUTS], part[BENCH_TREES]);
    print_forest();
    write_file(folder, words[2], scores, rows.n * sizeof *scores);
    free(scores);
    free(matrix);
    fb_classifier_free(classifier);
}

/* --- the BLAS ----------------------------------------------------------------------------------------------------- */

/* Floating-point operations per second of products of m x k and k x n matrices, each thread its own. */
static double product_rate(int threads, int m, int n, int k, int repeats)
{
    double best = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        const double begin = bench_now();
#pragma omp parallel
        {
            fb_error own = {0};
            float *a = NULL;
            const size_t n_a = (size_t)m * (size_t)k, n_b = (size_t)k * (size_t)n;
            must(fb_memory_allocate(n_a + n_b + (size_t)m * (size_t)n, sizeof *a, &a, &own), "memory");
            for (int r = 0; r < repeats; r++) {
                fb_openblas_product('-', m, n, k, a, k, a + n_a, n, a + n_a + n_b, n);
            }
            free(a);
        }
        const double rate = 2.0 * m * n * (double)k * repeats * threads / (bench_now() - begin);
        best = rate > best ? rate : best;
    }
    return best;
}

/* Bytes per second, read and written, of copying what no cache holds. */
static double copy_rate(int threads)
{
    const size_t n = (size_t)1 << 27;
    double best = 0.0;
    char *from = NULL, *to = NULL;
    must(fb_memory_allocate(n, 1, &from, &error) || fb_memory_allocate(n, 1, &to, &error), "memory");
    for (int round = 0; round < ROUNDS; round++) {
        const double begin = bench_now();
#pragma omp parallel for schedule(static)
        for (int t = 0; t < threads; t++) {
            const size_t first = n / (size_t)threads * (size_t)t;
            memcpy(to + first, from + first, n / (size_t)threads);
            from[first] = (char)round;
        }
        const double rate = 2.0 * (double)n / (bench_now() - begin);
        best = rate > best ? rate : best;
    }
    free(from);
    free(to);
    return best;
}

/* Large ones, and those of a hidden layer of 100 for a block of 256 rows. */
static void products(int threads)
{
    must(fb_openblas_open(&threads, &error), "OpenBLAS");
    printf("blas %s\n", fb_openblas_kernel());
    printf("large %.0f\n", product_rate(threads, 1024, 1024, 1024, 8));
    printf("small %.0f\n", product_rate(threads, 256, 112, 100, 2000));
    printf("copy %.0f\n", copy_rate(threads));
    printf("copy %.0f\n", copy_rate(threads));
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    const int threads = argc > 3 ? atoi(argv[3]) : atoi(argc > 2 ? argv[2] : "1");
    if (strcmp(what, "rows") == 0 && argc > 3) {
        make_rows(argv[2], strtoull(argv[3], NULL, 10), argc > 4 ? argv[4] : NULL);
        return 0;
    }
    must(threads < 1, "number of threads");
    omp_set_num_threads(threads);
    if (strcmp(what, "products") == 0 && argc == 3) {
        products(threads);
    } else if (strcmp(what, "train") == 0 && argc > 5) {
        train(argv[2], threads, argv + 4);
    } else if (strcmp(what, "score") == 0 && argc == 7) {
        score(argv[2], threads, argv + 4);
    } else {
        must(1, "usage: rows, train, score or products; the source says with what");
    }
    return 0;
}
