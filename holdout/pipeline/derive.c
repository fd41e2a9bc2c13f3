#include <math.h>

#include "holdout/math/math_f64.inc"
#include "holdout/math/numpy_f32.inc"
#include "holdout/pipeline/stages.h"

/* Rows that are worked on together: all of their intermediate columns stay in the nearer caches. */
enum { CHUNK = 256 };

/* Massless vectors: transverse components, z, energy. */
typedef struct vectors {
    float x[CHUNK], y[CHUNK], z[CHUNK], e[CHUNK];
} vectors;

/* What the features of some rows are made of. */
typedef struct final_state {
    const fb_vector_math *f;
    size_t n;
    const float *in[FB_N_PRIMARY];     /* [n] */
    float *out[FB_N_DERIVED];          /* [n] */
    vectors lep, had, jet1, jet2, vis; /* a jet that is not there is the zero vector; vis: had + lep */
} final_state;

static const float pi = (float)M_PI, two_pi = (float)(2.0 * M_PI), three_pi = (float)(3.0 * M_PI);

/* The object whose pt, eta and phi are columns `pt` and the two after it. */
static void massless(const final_state *s, int pt, vectors *v)
{
    s->f->sincos_f32(s->n, s->in[pt + 2], v->y, v->x);
    s->f->sinhcosh_f32(s->n, s->in[pt + 1], v->z, v->e);
    for (size_t i = 0; i < s->n; i++) {
        v->x[i] *= s->in[pt][i];
        v->y[i] *= s->in[pt][i];
        v->z[i] *= s->in[pt][i];
        v->e[i] *= s->in[pt][i];
    }
}

/* A jet, where there are at least so many. */
static void massless_jet(const final_state *s, int pt, float least, vectors *v)
{
    const float *n_jets = s->in[FB_N_JETS];
    float eta[CHUNK];
    for (size_t i = 0; i < s->n; i++) {
        eta[i] = n_jets[i] >= least ? s->in[pt + 1][i] : 0.0f; /* that of an undefined jet is out of reach */
    }
    s->f->sincos_f32(s->n, s->in[pt + 2], v->y, v->x);
    s->f->sinhcosh_f32(s->n, eta, v->z, v->e);
    for (size_t i = 0; i < s->n; i++) {
        const bool is_there = n_jets[i] >= least;
        const float size = s->in[pt][i];
        v->x[i] = is_there ? size * v->x[i] : 0.0f;
        v->y[i] = is_there ? size * v->y[i] : 0.0f;
        v->z[i] = is_there ? size * v->z[i] : 0.0f;
        v->e[i] = is_there ? size * v->e[i] : 0.0f;
    }
}

static void add(size_t n, const vectors *a, const vectors *b, vectors *sum)
{
    for (size_t i = 0; i < n; i++) {
        sum->x[i] = a->x[i] + b->x[i];
        sum->y[i] = a->y[i] + b->y[i];
        sum->z[i] = a->z[i] + b->z[i];
        sum->e[i] = a->e[i] + b->e[i];
    }
}

/* The official program takes the root of a negative number for a collinear pair; here that is 0. */
static void invariant_mass(size_t n, const vectors *p, float *mass)
{
    for (size_t i = 0; i < n; i++) {
        const float squared = p->e[i] * p->e[i] - p->x[i] * p->x[i] - p->y[i] * p->y[i] - p->z[i] * p->z[i];
        mass[i] = sqrtf(squared > 0.0f ? squared : 0.0f);
    }
}

static float sign(float x)
{
    return (float)((x > 0.0f) - (x < 0.0f));
}

/* The names that the two precisions share. */
#define fb_sincos_f32 fb_f32_sincos
#define fb_sincos_f64 fb_f64_sincos

/* The four features that contain the MET, in the precision in which the official program has it. */
#define REAL float
#define REAL_NAME(name) name##_f32
#define REAL_SQRT sqrtf
#include "holdout/pipeline/derive_met.inc"
#undef REAL
#undef REAL_NAME
#undef REAL_SQRT
#define REAL double
#define REAL_NAME(name) name##_f64
#define REAL_SQRT sqrt
#include "holdout/pipeline/derive_met.inc"

static void derive_visible(final_state *s)
{
    const float *lep_pt = s->in[FB_LEP_PT], *had_pt = s->in[FB_HAD_PT], *jet_all_pt = s->in[FB_JET_ALL_PT];
    const float *lep_eta = s->in[FB_LEP_ETA], *had_eta = s->in[FB_HAD_ETA];
    const float *lep_phi = s->in[FB_LEP_PHI], *had_phi = s->in[FB_HAD_PHI];
    float *dr = s->out[FB_DER_DR_HAD_LEP - FB_N_PRIMARY];
    float *sum_pt = s->out[FB_DER_SUM_PT - FB_N_PRIMARY], *ratio = s->out[FB_DER_PT_RATIO - FB_N_PRIMARY];
    for (size_t i = 0; i < s->n; i++) {
        const float deta = lep_eta[i] - had_eta[i];
        const float dphi = fb_f32_remainder(lep_phi[i] - had_phi[i] + three_pi, two_pi) - pi;
        dr[i] = sqrtf(deta * deta + dphi * dphi);
        sum_pt[i] = (had_pt[i] + lep_pt[i]) + jet_all_pt[i];
        ratio[i] = lep_pt[i] / had_pt[i];
    }
    invariant_mass(s->n, &s->vis, s->out[FB_DER_MASS_VIS - FB_N_PRIMARY]);
}

static void derive_jet_pair(final_state *s)
{
    const float *n_jets = s->in[FB_N_JETS], *lep_eta = s->in[FB_LEP_ETA];
    const float *eta1 = s->in[FB_JET1_ETA], *eta2 = s->in[FB_JET2_ETA];
    float *deta = s->out[FB_DER_DETA_JJ - FB_N_PRIMARY], *product = s->out[FB_DER_PRODETA_JJ - FB_N_PRIMARY];
    float *mass = s->out[FB_DER_MASS_JJ - FB_N_PRIMARY];
    float *centrality = s->out[FB_DER_LEP_ETA_CENTRALITY - FB_N_PRIMARY];
    float exponent[CHUNK];
    vectors pair;
    add(s->n, &s->jet1, &s->jet2, &pair);
    invariant_mass(s->n, &pair, mass);
    for (size_t i = 0; i < s->n; i++) {
        float difference = (eta1[i] - eta2[i]) * (eta1[i] - eta2[i]);
        difference = difference == 0.0f ? 1e-4f : difference;
        const float distance = lep_eta[i] - (eta1[i] + eta2[i]) / 2.0f;
        exponent[i] = (-4.0f / difference) * (distance * distance);
    }
    s->f->exp_f32(s->n, exponent, centrality);
    for (size_t i = 0; i < s->n; i++) {
        const bool has_pair = n_jets[i] >= 2.0f;
        deta[i] = has_pair ? fabsf(eta2[i] - eta1[i]) : FB_MISSING;
        product[i] = has_pair ? eta1[i] * eta2[i] : FB_MISSING;
        mass[i] = has_pair ? mass[i] : FB_MISSING;
        centrality[i] = has_pair ? centrality[i] : FB_MISSING;
    }
}

static void derive_chunk(fb_block *block, size_t first, size_t n)
{
    final_state s = {.f = block->vector_math, .n = n};
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        s.in[k] = block->events->column[k] + first;
    }
    for (int k = 0; k < FB_N_DERIVED; k++) {
        s.out[k] = block->derived[k] + first;
    }
    massless(&s, FB_LEP_PT, &s.lep);
    massless(&s, FB_HAD_PT, &s.had);
    massless_jet(&s, FB_JET1_PT, 1.0f, &s.jet1);
    massless_jet(&s, FB_JET2_PT, 2.0f, &s.jet2);
    add(n, &s.had, &s.lep, &s.vis);
    derive_visible(&s);
    derive_jet_pair(&s);
    if (block->met_is_double) {
        derive_met_f64(&s, block->met + first, block->met_phi + first);
    } else {
        derive_met_f32(&s, s.in[FB_MET], s.in[FB_MET_PHI]);
    }
}

void fb_derive(fb_block *block)
{
    for (size_t first = 0; first < block->events->n; first += CHUNK) {
        const size_t left = block->events->n - first;
        derive_chunk(block, first, left < CHUNK ? left : CHUNK);
    }
}
