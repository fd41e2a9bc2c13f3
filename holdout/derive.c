#include "holdout/block.h"
#include "holdout/float32.h"

/* What the features of one event are made of. A massless vector: transverse components, z, energy. */
typedef struct vector {
    float x, y, z, e;
} vector;

typedef struct final_state {
    float lep_pt, lep_eta, lep_phi, had_phi;
    vector lep, had, jet1, jet2; /* a jet that is not there is the zero vector */
    float x, y;                  /* had + lep */
    bool has_jet1, has_jet2;
} final_state;

static vector massless(float pt, float eta, float phi)
{
    float sine, cosine;
    fb_f32_sincos(phi, &sine, &cosine);
    return (vector){pt * cosine, pt * sine, pt * sinhf(eta), pt * coshf(eta)};
}

static float mass_squared(const vector *p)
{
    return p->e * p->e - p->x * p->x - p->y * p->y - p->z * p->z;
}

static vector sum(const vector *a, const vector *b)
{
    return (vector){a->x + b->x, a->y + b->y, a->z + b->z, a->e + b->e};
}

static float sign(float x)
{
    return (float)((x > 0.0f) - (x < 0.0f));
}

/* The four features that contain the MET, in the precision in which the official program has it. */
#define REAL float
#define REAL_NAME(name) name##_f32
#define REAL_SQRT sqrtf
#define REAL_SINCOS(x, s, c) fb_f32_sincos(x, s, c)
#include "holdout/derive_met_internal.h"
#undef REAL
#undef REAL_NAME
#undef REAL_SQRT
#undef REAL_SINCOS
#define REAL double
#define REAL_NAME(name) name##_f64
#define REAL_SQRT sqrt
#define REAL_SINCOS(x, s, c) sincos(x, s, c)
#include "holdout/derive_met_internal.h"

static float delta_r(const fb_events *events, size_t i)
{
    const float pi = (float)M_PI;
    float deta = events->column[FB_LEP_ETA][i] - events->column[FB_HAD_ETA][i];
    float turned = events->column[FB_LEP_PHI][i] - events->column[FB_HAD_PHI][i] + (float)(3.0 * M_PI);
    /* numpy's remainder has the sign of the divisor; the argument is positive for any pair of azimuths. */
    float dphi = fmodf(turned, (float)(2.0 * M_PI)) - pi;
    return sqrtf(deta * deta + dphi * dphi);
}

static float lep_eta_centrality(float lep_eta, float eta1, float eta2)
{
    float difference = (eta1 - eta2) * (eta1 - eta2);
    if (difference == 0.0f) {
        difference += 1e-4f;
    }
    float distance = lep_eta - (eta1 + eta2) / 2.0f;
    return fb_f32_exp((-4.0f / difference) * (distance * distance));
}

static final_state final_state_of(const fb_events *events, size_t i)
{
    final_state s = {.lep_pt = events->column[FB_LEP_PT][i],
                     .lep_eta = events->column[FB_LEP_ETA][i],
                     .lep_phi = events->column[FB_LEP_PHI][i],
                     .had_phi = events->column[FB_HAD_PHI][i],
                     .has_jet1 = events->column[FB_N_JETS][i] >= 1.0f,
                     .has_jet2 = events->column[FB_N_JETS][i] >= 2.0f};
    s.lep = massless(s.lep_pt, s.lep_eta, s.lep_phi);
    s.had = massless(events->column[FB_HAD_PT][i], events->column[FB_HAD_ETA][i], s.had_phi);
    s.x = s.had.x + s.lep.x;
    s.y = s.had.y + s.lep.y;
    if (s.has_jet1) {
        s.jet1 =
            massless(events->column[FB_JET1_PT][i], events->column[FB_JET1_ETA][i], events->column[FB_JET1_PHI][i]);
    }
    if (s.has_jet2) {
        s.jet2 =
            massless(events->column[FB_JET2_PT][i], events->column[FB_JET2_ETA][i], events->column[FB_JET2_PHI][i]);
    }
    return s;
}

static void derive_jet_pair(const fb_events *events, size_t i, const final_state *s, float *const *out)
{
    if (!s->has_jet2) {
        out[FB_DER_DETA_JJ - FB_N_PRIMARY][i] = FB_MISSING;
        out[FB_DER_MASS_JJ - FB_N_PRIMARY][i] = FB_MISSING;
        out[FB_DER_PRODETA_JJ - FB_N_PRIMARY][i] = FB_MISSING;
        out[FB_DER_LEP_ETA_CENTRALITY - FB_N_PRIMARY][i] = FB_MISSING;
        return;
    }
    float eta1 = events->column[FB_JET1_ETA][i];
    float eta2 = events->column[FB_JET2_ETA][i];
    vector pair = sum(&s->jet1, &s->jet2);
    float squared = mass_squared(&pair);
    out[FB_DER_DETA_JJ - FB_N_PRIMARY][i] = fabsf(eta2 - eta1);
    out[FB_DER_MASS_JJ - FB_N_PRIMARY][i] = sqrtf(squared > 0.0f ? squared : 0.0f);
    out[FB_DER_PRODETA_JJ - FB_N_PRIMARY][i] = eta1 * eta2;
    out[FB_DER_LEP_ETA_CENTRALITY - FB_N_PRIMARY][i] = lep_eta_centrality(s->lep_eta, eta1, eta2);
}

void fb_block_derive(fb_block *block)
{
    const fb_events *events = block->events;
    float *const *out = block->derived;
    for (size_t i = 0; i < events->n; i++) {
        final_state s = final_state_of(events, i);
        vector visible = sum(&s.had, &s.lep);
        /* The official program takes the root of a negative number for a collinear pair; here that is 0. */
        float squared = mass_squared(&visible);
        out[FB_DER_MASS_VIS - FB_N_PRIMARY][i] = sqrtf(squared > 0.0f ? squared : 0.0f);
        out[FB_DER_DR_HAD_LEP - FB_N_PRIMARY][i] = delta_r(events, i);
        float had_pt = events->column[FB_HAD_PT][i];
        out[FB_DER_SUM_PT - FB_N_PRIMARY][i] = (had_pt + s.lep_pt) + events->column[FB_JET_ALL_PT][i];
        out[FB_DER_PT_RATIO - FB_N_PRIMARY][i] = s.lep_pt / had_pt;
        derive_jet_pair(events, i, &s, out);
        if (block->met_is_double) {
            derive_met_f64(&s, block->met[i], block->met_phi[i], out, i);
        } else {
            derive_met_f32(&s, events->column[FB_MET][i], events->column[FB_MET_PHI][i], out, i);
        }
    }
}
