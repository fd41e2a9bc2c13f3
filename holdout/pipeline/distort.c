#include <math.h>

#include "holdout/pipeline/stages.h"

/* Rows that are worked on together: all of their intermediate columns stay in the first-level cache. */
enum { CHUNK = 512 };

/* The MET of some rows, on its way through the distortions. */
typedef struct met_vectors {
    const fb_vector_math *f;
    size_t first, n; /* rows of the block */
    float x[CHUNK], y[CHUNK];
} met_vectors;

/* Adds c * (pt cos phi, pt sin phi) to the MET: what an object gains, the missing momentum loses. Where `n_jets` (NULL:
 * all rows have the object) is not above `jet`, the official program adds c * 0: it decides the sign of a zero, and
 * with it met_phi. */
static void shift_met(met_vectors *met, double scale, const float *pt, const float *phi, const float *n_jets, float jet)
{
    const float c = (float)((1.0 - scale) / scale);
    float sine[CHUNK], cosine[CHUNK];
    met->f->sincos_f32(met->n, phi, sine, cosine);
    for (size_t i = 0; i < met->n; i++) {
        const float px = pt[i] * cosine[i], py = pt[i] * sine[i];
        const bool is_there = n_jets == NULL || n_jets[i] > jet;
        met->x[i] += c * (is_there ? px : 0.0f);
        met->y[i] += c * (is_there ? py : 0.0f);
    }
}

static void scale_tau(float *const *column, double tes, met_vectors *met)
{
    float *pt = column[FB_HAD_PT] + met->first;
    for (size_t i = 0; i < met->n; i++) {
        pt[i] *= (float)tes;
    }
    shift_met(met, tes, pt, column[FB_HAD_PHI] + met->first, NULL, 0.0f);
}

static void scale_jets(float *const *column, double jes, met_vectors *met)
{
    const float factor = (float)jes;
    const float *n_jets = column[FB_N_JETS] + met->first;
    float *all = column[FB_JET_ALL_PT] + met->first;
    for (size_t i = 0; i < met->n; i++) {
        all[i] *= factor;
    }
    for (int jet = 0; jet < 2; jet++) {
        float *pt = column[jet == 0 ? FB_JET1_PT : FB_JET2_PT] + met->first;
        for (size_t i = 0; i < met->n; i++) {
            pt[i] = n_jets[i] > (float)jet ? pt[i] * factor : pt[i];
        }
        shift_met(met, jes, pt, column[jet == 0 ? FB_JET1_PHI : FB_JET2_PHI] + met->first, n_jets, (float)jet);
    }
}

static void start_met(float *const *column, met_vectors *met)
{
    const float *size = column[FB_MET] + met->first;
    float sine[CHUNK], cosine[CHUNK];
    met->f->sincos_f32(met->n, column[FB_MET_PHI] + met->first, sine, cosine);
    for (size_t i = 0; i < met->n; i++) {
        met->x[i] = size[i] * cosine[i];
        met->y[i] = size[i] * sine[i];
    }
}

static void store_met(float *const *column, const met_vectors *met)
{
    float *size = column[FB_MET] + met->first;
    for (size_t i = 0; i < met->n; i++) {
        size[i] = sqrtf(met->x[i] * met->x[i] + met->y[i] * met->y[i]);
    }
    met->f->round3_f32(met->n, size);
    met->f->azimuth3_f32(met->n, met->x, met->y, column[FB_MET_PHI] + met->first);
}

static void store_noisy_met(fb_block *block, const met_vectors *met, double soft_met)
{
    const size_t first = met->first, n = met->n;
    double x[CHUNK], y[CHUNK];
    block->met_is_double = true;
    for (size_t i = 0; i < n; i++) {
        x[i] = met->x[i] + soft_met * block->noise_x[first + i];
        y[i] = met->y[i] + soft_met * block->noise_y[first + i];
        block->met[first + i] = sqrt(x[i] * x[i] + y[i] * y[i]);
    }
    met->f->round3_f64(n, block->met + first);
    met->f->azimuth3_f64(n, x, y, block->met_phi + first);
    for (size_t i = first; i < first + n; i++) {
        block->events->column[FB_MET][i] = (float)block->met[i];
        block->events->column[FB_MET_PHI][i] = (float)block->met_phi[i];
    }
}

static void distort_chunk(fb_block *block, const double *nuisance, size_t first, size_t n)
{
    float *const *column = block->events->column;
    met_vectors met = {.f = block->vector_math, .first = first, .n = n};
    start_met(column, &met);
    if (nuisance[FB_TES] != 1.0) {
        scale_tau(column, nuisance[FB_TES], &met);
    }
    if (nuisance[FB_JES] != 1.0) {
        scale_jets(column, nuisance[FB_JES], &met);
    }
    if (nuisance[FB_SOFT_MET] > 0.0) {
        store_noisy_met(block, &met, nuisance[FB_SOFT_MET]);
    } else {
        store_met(column, &met);
    }
}

void fb_distort(fb_block *block, const fb_nuisances *nuisances)
{
    const fb_events *events = block->events;
    block->nuisances = *nuisances;
    for (size_t first = 0; first < events->n; first += CHUNK) {
        const size_t left = events->n - first;
        distort_chunk(block, nuisances->value, first, left < CHUNK ? left : CHUNK);
    }
    for (int k = FB_LEP_PT; k <= FB_JET_ALL_PT; k++) {
        if (k != FB_N_JETS) {
            block->vector_math->round3_f32(events->n, events->column[k]);
        }
    }
}
