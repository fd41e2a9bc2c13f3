#include "holdout/templates/score_histogram.h"

void fb_score_histogram_cells(size_t n, const float *score, uint16_t *cell)
{
    for (size_t i = 0; i < n; i++) {
        int k = (int)(score[i] * (float)FB_SCORE_CELLS);
        k = k < 0 ? 0 : k;
        cell[i] = (uint16_t)(k < FB_SCORE_CELLS ? k : FB_SCORE_CELLS - 1);
    }
}

void fb_score_histogram_add(fb_score_histogram *histogram, const fb_events *events, const float *score)
{
    enum { CHUNK = 512 };
    uint16_t cell[CHUNK];
    for (size_t first = 0; first < events->n; first += CHUNK) {
        const size_t left = events->n - first, n = left < CHUNK ? left : CHUNK;
        fb_score_histogram_cells(n, score + first, cell);
        for (size_t i = 0; i < n; i++) {
            const int process = events->process[first + i];
            const double weight = events->weight[first + i];
            if (process < FB_N_PROCESS) {
                histogram->sum[process][cell[i]] += weight;
                histogram->sum2[process][cell[i]] += weight * weight;
            }
        }
    }
}
