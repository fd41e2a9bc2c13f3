/* The loops of bin_sums.h; compiled for each set of instructions. */
#include <string.h>

#include "nll/bin_sums.h"
#include "nll/bin_term.inc"
#include "nll/pair.inc"

#define INLINE static inline __attribute__((always_inline))

enum { P = FB_N_PROCESS, LANES = FB_BIN_LANES, WIDTH = FB_BIN_WIDTH, N_PARTS = LANES / WIDTH };

typedef fb_bin_vector vector;

/* One process in some bins: N, V, and h with its derivatives with respect to the u. */
typedef struct process {
    vector yield, variance;
    vector h;
    vector h1[FB_N_NUISANCE];                // [n_shapes]
    vector h2[FB_N_NUISANCE][FB_N_NUISANCE]; // [n_shapes][n_shapes], second <= first
} process;

/* One parameter's ratio and its derivatives. */
typedef struct ratio {
    vector r, r1, r2;
} ratio;

/* A sum over the blocks, lane by lane. */
typedef vector sum[N_PARTS];

typedef struct sums {
    sum value;
    sum gradient[FB_N_VARIABLE];
    sum hessian[FB_N_VARIABLE_PAIR];
    sum metric[FB_N_VARIABLE_PAIR];
} sums;

INLINE vector load(const double *numbers)
{
    return *(const vector *)numbers;
}

/* By Horner's scheme. c: [degree + 1][LANES] */
INLINE ratio polynomial(const double *c, int degree, double u)
{
    vector value = load(c + degree * LANES), first = {0.0}, second = {0.0};
    for (int j = degree - 1; j >= 0; j--) {
        second = second * u + first;
        first = first * u + value;
        value = value * u + load(c + j * LANES);
    }
    return (ratio){value, first, 2.0 * second};
}

/* h = prod_s r_s, one factor after the other, without dividing: a ratio may be zero. */
INLINE void multiply(int s, const ratio *of, process *out)
{
#pragma GCC unroll 8
    for (int q = 0; q < s; q++) {
#pragma GCC unroll 8
        for (int o = 0; o <= q; o++) {
            out->h2[q][o] *= of->r;
        }
    }
#pragma GCC unroll 8
    for (int q = 0; q < s; q++) {
        out->h2[s][q] = out->h1[q] * of->r1;
        out->h1[q] *= of->r;
    }
    out->h2[s][s] = out->h * of->r2;
    out->h1[s] = out->h * of->r1;
    out->h *= of->r;
}

/* Sum and average: h = 1 + weight * sum_s (r_s - 1). */
INLINE void add(int s, double weight, const ratio *of, process *out)
{
    const vector none = {0.0};
    out->h += weight * (of->r - 1.0);
    out->h1[s] = weight * of->r1;
#pragma GCC unroll 8
    for (int q = 0; q < s; q++) {
        out->h2[s][q] = none;
    }
    out->h2[s][s] = weight * of->r2;
}

/* number: [n_numbers][LANES], from the first bin on */
INLINE void read_process(const fb_bin_cells *cells, int n_shapes, const double *number, const fb_bin_variables *at,
                         process *out)
{
    const vector none = {0.0};
    out->yield = load(number);
    out->variance = load(number + LANES);
    out->h = none + 1.0;
    const double *c = number + 2 * LANES;
#pragma GCC unroll 8
    for (int s = 0; s < n_shapes; s++) {
        const ratio of = polynomial(c, cells->degree[s], at->u[s]);
        if (cells->is_sum) {
            add(s, cells->weight, &of, out);
        } else {
            multiply(s, &of, out);
        }
        c += (cells->degree[s] + 1) * LANES;
    }
}

/* All processes, and what they expect together. number: [P][n_numbers][LANES], from the first bin on. with_variance:
 * 1, or 0 for V = 0 */
INLINE void read_bins(const fb_bin_cells *cells, int n_shapes, const double *number, double with_variance,
                      const fb_bin_variables *at, process *of, vector *nu, vector *v)
{
    const vector none = {0.0};
    *nu = *v = none;
#pragma GCC unroll 8
    for (int p = 0; p < P; p++) {
        read_process(cells, n_shapes, number + p * cells->n_numbers * LANES, at, &of[p]);
        of[p].variance *= with_variance;
        const vector g = at->f[p] * of[p].h;
        *nu += of[p].yield * g;
        *v += of[p].variance * g * g;
    }
}

/* dt/dg_p = t_nu N_p + 2 t_v V_p g_p, and from there to f_p and u_s. */
INLINE void add_gradient(int n_shapes, int part, const fb_bin_variables *at, const process *of, const fb_bin_term *term,
                         sums *out)
{
    vector by_shape[FB_N_NUISANCE] = {{0.0}};
#pragma GCC unroll 8
    for (int p = 0; p < P; p++) {
        const double f = at->f[p];
        const vector t_g = term->t_nu * of[p].yield + 2.0 * term->t_v * of[p].variance * (f * of[p].h);
        out->gradient[p][part] += t_g * of[p].h;
#pragma GCC unroll 8
        for (int s = 0; s < n_shapes; s++) {
            by_shape[s] += f * t_g * of[p].h1[s];
        }
    }
#pragma GCC unroll 8
    for (int s = 0; s < n_shapes; s++) {
        out->gradient[P + s][part] += by_shape[s];
    }
}

/* The derivatives of nu, and those of nu - u v that go with c: a change dg_p of g_p changes nu by N_p dg_p and v by
 * 2 V_p g_p dg_p. */
INLINE void slopes(int n_shapes, const fb_bin_variables *at, const process *of, const fb_bin_term *term, vector *of_nu,
                   vector *of_both)
{
    const vector none = {0.0};
#pragma GCC unroll 8
    for (int s = 0; s < n_shapes; s++) {
        of_nu[P + s] = of_both[P + s] = none;
    }
#pragma GCC unroll 8
    for (int p = 0; p < P; p++) {
        const double f = at->f[p];
        const vector both = of[p].yield - 2.0 * term->u * of[p].variance * (f * of[p].h);
        of_nu[p] = of[p].yield * of[p].h;
        of_both[p] = both * of[p].h;
#pragma GCC unroll 8
        for (int s = 0; s < n_shapes; s++) {
            of_nu[P + s] += f * of[p].yield * of[p].h1[s];
            of_both[P + s] += f * both * of[p].h1[s];
        }
    }
}

/* t_g d2g + 2 t_v V dg dg of each process, with g = f h. */
INLINE void add_curvature(int n_shapes, int part, const fb_bin_variables *at, const process *of,
                          const fb_bin_term *term, sums *out)
{
    vector by_shapes[FB_N_NUISANCE][FB_N_NUISANCE] = {{{0.0}}};
#pragma GCC unroll 8
    for (int p = 0; p < P; p++) {
        const double f = at->f[p];
        const vector t_gg = 2.0 * term->t_v * of[p].variance, t_g = term->t_nu * of[p].yield + t_gg * (f * of[p].h);
        out->hessian[fb_pair(p, p)][part] += t_gg * of[p].h * of[p].h;
#pragma GCC unroll 8
        for (int s = 0; s < n_shapes; s++) {
            out->hessian[fb_pair(P + s, p)][part] += (t_g + t_gg * (f * of[p].h)) * of[p].h1[s];
#pragma GCC unroll 8
            for (int q = 0; q <= s; q++) {
                by_shapes[s][q] += f * (t_g * of[p].h2[s][q] + t_gg * f * of[p].h1[s] * of[p].h1[q]);
            }
        }
    }
#pragma GCC unroll 8
    for (int s = 0; s < n_shapes; s++) {
#pragma GCC unroll 8
        for (int q = 0; q <= s; q++) {
            out->hessian[fb_pair(P + s, P + q)][part] += by_shapes[s][q];
        }
    }
}

/* What the slopes of nu and v contribute to Hessian and metric. */
INLINE void add_squares(int n_shapes, int part, const vector *of_nu, const vector *of_both, const fb_bin_term *term,
                        sums *out)
{
#pragma GCC unroll 16
    for (int a = 0; a < P + n_shapes; a++) {
        const vector both = term->c * of_both[a], nu = term->fisher * of_nu[a];
#pragma GCC unroll 16
        for (int b = 0; b <= a; b++) {
            out->hessian[fb_pair(a, b)][part] += both * of_both[b];
            out->metric[fb_pair(a, b)][part] += nu * of_nu[b];
        }
    }
}

/* The bins of one part of each block. */
INLINE void add_part(int n_shapes, fb_order order, int part, const fb_bin_cells *cells, const fb_bin_data *counts,
                     const fb_bin_variables *at, sums *out)
{
    const double *number = cells->number + part * WIDTH, *n = counts->number + part * WIDTH;
    for (int block = 0; block < cells->n_blocks; block++) {
        process of[P];
        vector nu, v, of_nu[FB_N_VARIABLE], of_both[FB_N_VARIABLE];
        read_bins(cells, n_shapes, number, counts->with_variance, at, of, &nu, &v);
        const fb_bin_term term = fb_bin_term_at(load(n), load(n + LANES), nu, v, counts->is_clipped, counts->floor);
        out->value[part] += load(n + 2 * LANES) * term.t;
        if (order >= FB_GRADIENT) {
            add_gradient(n_shapes, part, at, of, &term, out);
        }
        if (order >= FB_HESSIAN) {
            slopes(n_shapes, at, of, &term, of_nu, of_both);
            add_curvature(n_shapes, part, at, of, &term, out);
            add_squares(n_shapes, part, of_nu, of_both, &term, out);
        }
        number += P * cells->n_numbers * LANES;
        n += 3 * LANES;
    }
}

/* out: [n] */
static void add_lanes(int n, const sum *of, double *out)
{
    for (int k = 0; k < n; k++) {
        double lane[LANES];
        memcpy(lane, of[k], sizeof lane);
        out[k] = ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
    }
}

INLINE void add_bins(int n_shapes, fb_order order, const fb_bin_cells *cells, const fb_bin_data *counts,
                     const fb_bin_variables *at, fb_bin_totals *out)
{
    const int n = P + n_shapes, n_pairs = n * (n + 1) / 2;
    sums of;
    memset(&of, 0, sizeof of);
    for (int part = 0; part < N_PARTS; part++) {
        add_part(n_shapes, order, part, cells, counts, at, &of);
    }
    add_lanes(1, &of.value, &out->value);
    if (order >= FB_GRADIENT) {
        add_lanes(n, of.gradient, out->gradient);
    }
    if (order >= FB_HESSIAN) {
        add_lanes(n_pairs, of.hessian, out->hessian);
        add_lanes(n_pairs, of.metric, out->metric);
    }
}

/* The number of shapes is known where the loops are inlined. */
static void add_up(const fb_bin_cells *cells, const fb_bin_data *counts, const fb_bin_variables *at, fb_order order,
                   fb_bin_totals *out)
{
    if (cells->n_shapes == FB_N_SHAPE) {
        add_bins(FB_N_SHAPE, order, cells, counts, at, out);
    } else {
        add_bins(FB_N_NUISANCE, order, cells, counts, at, out);
    }
}

INLINE void expect_bins(int n_shapes, const fb_bin_cells *cells, const fb_bin_variables *at, int block, double *nu,
                        double *v)
{
    const double *number = cells->number + (size_t)block * P * (size_t)cells->n_numbers * LANES;
    for (int bin = 0; bin < LANES; bin += WIDTH) {
        process of[P];
        read_bins(cells, n_shapes, number + bin, 1.0, at, of, (vector *)(nu + bin), (vector *)(v + bin));
    }
}

static void expect(const fb_bin_cells *cells, const fb_bin_variables *at, int block, double *nu, double *v)
{
    if (cells->n_shapes == FB_N_SHAPE) {
        expect_bins(FB_N_SHAPE, cells, at, block, nu, v);
    } else {
        expect_bins(FB_N_NUISANCE, cells, at, block, nu, v);
    }
}

const fb_bin_sums FB_KERNEL(fb_bin_sums_kernel) = {expect, add_up};
