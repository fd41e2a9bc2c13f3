/* Rates of the stages of the pipeline on one core: events per second of each stage and of scoring.
 *
 *     bench_pipeline EVENTS.h5 [ANALYSIS.h5]
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "baseline/analysis/analysis.h"
#include "baseline/support/progress.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/stages.h"
#include "models/common/memory.h"

enum { REPEATS = 5 };

typedef enum stage { LOAD, NOISE, DISTORT, SELECT, DERIVE, PACK, SCORE, N_STAGES } stage;

static const char *const names[N_STAGES] = {"load", "noise", "distort", "select", "derive", "pack", "score"};

static void run_block(fb_block *block, const fb_events *events, size_t first, size_t n, const fb_nuisances *nuisances,
                      const fb_classifier *classifier, float *matrix, float *score, double *seconds)
{
    fb_error error = {0};
    fb_noise noise;
    double t[N_STAGES + 1];
    fb_noise_init_streams(&noise, 1);
    t[LOAD] = fb_progress_seconds();
    fb_block_load(block, events, first, n);
    t[NOISE] = fb_progress_seconds();
    if (nuisances->value[FB_SOFT_MET] > 0.0) {
        fb_block_fill_noise(block, &noise);
    }
    t[DISTORT] = fb_progress_seconds();
    fb_distort(block, nuisances);
    t[SELECT] = fb_progress_seconds();
    fb_select(block);
    t[DERIVE] = fb_progress_seconds();
    fb_derive(block);
    t[PACK] = fb_progress_seconds();
    fb_pack(block, NULL, matrix);
    t[SCORE] = fb_progress_seconds();
    if (classifier != NULL &&
        fb_classifier_score(classifier, block->events->n, FB_N_FEATURES, matrix, score, &error) != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    t[N_STAGES] = fb_progress_seconds();
    for (int k = 0; k < N_STAGES; k++) {
        seconds[k] += t[k + 1] - t[k];
    }
}

static void report(const char *what, size_t n, const double *seconds, int with_score)
{
    double kernel = seconds[DISTORT] + seconds[SELECT] + seconds[DERIVE];
    printf("%-34s", what);
    for (int k = 0; k < N_STAGES - !with_score; k++) {
        printf(" %s %.2f", names[k], 1e-6 * (double)n / seconds[k]);
    }
    printf(" | distort+select+derive %.2f Mevents/s\n", 1e-6 * (double)n / kernel);
}

int main(int argc, char **argv)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    fb_analysis *analysis = NULL;
    fb_block *block = NULL;
    float *matrix = NULL, *score = NULL;
    fb_status status = FB_OK;
    omp_set_num_threads(1);
    if (argc < 2) {
        fprintf(stderr, "usage: bench_pipeline EVENTS.h5 [ANALYSIS.h5]\n");
        return 2;
    }
    FB_TRY(fb_event_file_open(argv[1], &source, &error));
    FB_TRY(fb_source_read_all(source, &events, &error));
    if (argc > 2) {
        FB_TRY(fb_analysis_file_load(argv[2], &analysis, &error));
    }
    FB_TRY(fb_block_create(FB_BLOCK_ROWS, &block, &error));
    FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * FB_N_FEATURES, sizeof(float), &matrix, &error));
    FB_TRY(fb_memory_allocate(FB_BLOCK_ROWS, sizeof(float), &score, &error));
    for (int noisy = 0; noisy < 2; noisy++) {
        fb_nuisances nuisances = fb_nuisance_nominal();
        nuisances.value[FB_TES] = 1.01;
        nuisances.value[FB_JES] = 0.99;
        nuisances.value[FB_SOFT_MET] = noisy;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            double seconds[N_STAGES] = {0.0};
            for (size_t first = 0; first < events->n; first += FB_BLOCK_ROWS) {
                size_t n = events->n - first < FB_BLOCK_ROWS ? events->n - first : FB_BLOCK_ROWS;
                run_block(block, events, first, n, &nuisances, analysis != NULL ? analysis->classifier : NULL, matrix,
                          score, seconds);
            }
            report(noisy ? "tes, jes, soft_met (float64 MET)" : "tes, jes (float32)", events->n, seconds,
                   analysis != NULL);
        }
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory %.1f MB with all %zu events in memory\n", (double)usage.ru_maxrss / 1024.0, events->n);
cleanup:
    if (status != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    free(matrix);
    free(score);
    fb_block_free(block);
    fb_analysis_free(analysis);
    fb_events_free(events);
    fb_source_free(source);
    return fb_status_exit_code(status);
}
