#include "holdout/block.h"
#include "holdout/float32.h"

/* Adds c * (pt cos phi, pt sin phi) to the MET: what an object gains, the missing momentum loses. */
static void shift_met(float c, float pt, float phi, float *mx, float *my)
{
    float sine, cosine;
    fb_f32_sincos(phi, &sine, &cosine);
    *mx += c * (pt * cosine);
    *my += c * (pt * sine);
}

static void scale_tau(fb_events *events, double tes, float *mx, float *my)
{
    const float factor = (float)tes;
    const float c = (float)((1.0 - tes) / tes);
    for (size_t i = 0; i < events->n; i++) {
        events->column[FB_HAD_PT][i] *= factor;
        shift_met(c, events->column[FB_HAD_PT][i], events->column[FB_HAD_PHI][i], &mx[i], &my[i]);
    }
}

static void scale_jets(fb_events *events, double jes, float *mx, float *my)
{
    const float factor = (float)jes;
    const float c = (float)((1.0 - jes) / jes);
    for (size_t i = 0; i < events->n; i++) {
        float n_jets = events->column[FB_N_JETS][i];
        events->column[FB_JET_ALL_PT][i] *= factor;
        for (int jet = 0; jet < 2; jet++) {
            float *pt = &events->column[jet == 0 ? FB_JET1_PT : FB_JET2_PT][i];
            if (n_jets > (float)jet) {
                *pt *= factor;
                shift_met(c, *pt, events->column[jet == 0 ? FB_JET1_PHI : FB_JET2_PHI][i], &mx[i], &my[i]);
            } else {
                /* The official program adds c * 0 here: it decides the sign of a zero, and with it met_phi. */
                mx[i] += c * 0.0f;
                my[i] += c * 0.0f;
            }
        }
    }
}

static void store_met(fb_events *events, const float *mx, const float *my)
{
    for (size_t i = 0; i < events->n; i++) {
        float met = sqrtf(mx[i] * mx[i] + my[i] * my[i]);
        events->column[FB_MET][i] = fb_f32_round3(met);
        events->column[FB_MET_PHI][i] = fb_f32_round3(atan2f(my[i], mx[i]));
    }
}

static void store_noisy_met(fb_block *block, const float *mx, const float *my, double soft_met)
{
    block->met_is_double = true;
    for (size_t i = 0; i < block->events->n; i++) {
        double x = mx[i] + soft_met * block->noise_x[i];
        double y = my[i] + soft_met * block->noise_y[i];
        block->met[i] = rint(sqrt(x * x + y * y) * 1000.0) / 1000.0;
        block->met_phi[i] = rint(atan2(y, x) * 1000.0) / 1000.0;
        block->events->column[FB_MET][i] = (float)block->met[i];
        block->events->column[FB_MET_PHI][i] = (float)block->met_phi[i];
    }
}

static void round_momenta(fb_events *events)
{
    for (int k = FB_LEP_PT; k <= FB_JET_ALL_PT; k++) {
        if (k == FB_N_JETS) {
            continue;
        }
        float *column = events->column[k];
        for (size_t i = 0; i < events->n; i++) {
            column[i] = fb_f32_round3(column[i]);
        }
    }
}

void fb_block_distort(fb_block *block, const fb_nuisances *nuisances)
{
    fb_events *events = block->events;
    float *mx = block->met_x;
    float *my = block->met_y;
    block->nuisances = *nuisances;
    for (size_t i = 0; i < events->n; i++) {
        float sine, cosine;
        fb_f32_sincos(events->column[FB_MET_PHI][i], &sine, &cosine);
        mx[i] = events->column[FB_MET][i] * cosine;
        my[i] = events->column[FB_MET][i] * sine;
    }
    if (nuisances->value[FB_TES] != 1.0) {
        scale_tau(events, nuisances->value[FB_TES], mx, my);
    }
    if (nuisances->value[FB_JES] != 1.0) {
        scale_jets(events, nuisances->value[FB_JES], mx, my);
    }
    if (nuisances->value[FB_SOFT_MET] > 0.0) {
        store_noisy_met(block, mx, my, nuisances->value[FB_SOFT_MET]);
    } else {
        store_met(events, mx, my);
    }
    round_momenta(events);
}
