#include "holdout/events/weight_stats.h"

#include <math.h>
#include <string.h>

double fb_weight_stats_effective(const fb_weight_sums *sums)
{
    return sums->square > 0.0 ? sums->sum * sums->sum / sums->square : 0.0;
}

bool fb_weight_stats_are_uneven(const fb_weight_sums *sums)
{
    return sums->sum > 0.0 && fb_weight_stats_effective(sums) / sums->n < FB_WEIGHT_STATS_UNEVEN;
}

/* Nearly all weights are that of the row before, of few classes: the search is short. */
static void classify(fb_weight_stats_process *p, float weight)
{
    for (int k = 0; k < p->n_classes && k < FB_WEIGHT_STATS_CLASSES; k++) {
        if (p->class_weight[k] == weight) {
            return;
        }
    }
    if (p->n_classes < FB_WEIGHT_STATS_CLASSES) {
        p->class_weight[p->n_classes] = weight;
    }
    p->n_classes += p->n_classes <= FB_WEIGHT_STATS_CLASSES;
}

/* For numbers >= 0 the order of the bit patterns is that of the numbers. */
static unsigned cell_of(float weight)
{
    uint32_t bits;
    memcpy(&bits, &weight, sizeof bits);
    return bits >> 20 & (FB_WEIGHT_STATS_CELLS - 1);
}

void fb_weight_stats_add(fb_weight_stats *stats, const fb_events *events)
{
    for (size_t i = 0; i < events->n; i++) {
        if (events->process[i] >= FB_N_PROCESS) {
            continue;
        }
        fb_weight_stats_process *p = &stats->process[events->process[i]];
        const float weight = events->weight[i];
        fb_weight_stats_cell *cell = &p->cell[cell_of(weight)];
        p->n++;
        p->sum += weight;
        p->square += (double)weight * weight;
        cell->n++;
        cell->sum += weight;
        if (p->n_classes <= FB_WEIGHT_STATS_CLASSES) {
            classify(p, weight);
        }
        if (weight == 0.0f) {
            p->first_zero = p->n_zero == 0 ? events->first_row + i : p->first_zero;
            p->n_zero++;
        }
    }
}

fb_weight_sums fb_weight_stats_sums(const fb_weight_stats *stats, int process)
{
    const fb_weight_stats_process *p = &stats->process[process];
    return (fb_weight_sums){.n = (double)p->n, .sum = p->sum, .square = p->square};
}

double fb_weight_stats_half(const fb_weight_stats *stats, int process)
{
    const fb_weight_stats_process *p = &stats->process[process];
    double wanted = 0.5 * p->sum;
    double rows = 0.0;
    if (!(p->sum > 0.0)) {
        return NAN;
    }
    for (int k = FB_WEIGHT_STATS_CELLS - 1; k >= 0; k--) {
        const fb_weight_stats_cell *cell = &p->cell[k];
        if (cell->sum >= wanted && cell->sum > 0.0) {
            return (rows + (double)cell->n * wanted / cell->sum) / (double)p->n;
        }
        wanted -= cell->sum;
        rows += (double)cell->n;
    }
    return 0.5; /* unreachable but for rounding: the cells add up to the sum */
}
