/** \file bin_sums.h
 * The sums over bins behind t, eight bins at once, for each set of vector instructions; all sets give the same bits.
 *
 * Here t depends on variables that are the same in all bins: the normalisation f_p of each process p and the arguments
 * u_s of the shapes' polynomials. In bin i, with h_pi(u) the shape dependences combined as the templates say,
 *
 *   g_pi = f_p h_pi(u),      nu_i = sum_p N_pi g_pi,      v_i = sum_p V_pi g_pi^2,      t = sum_i t_i(nu_i, v_i; n_i)
 *
 * with t_i of nll/bin_term.inc. How the variables follow from mu and the nuisance parameters is the business of
 * nll/expectation.h.
 *
 * The order of additions is fixed: bin i goes to the partial sum i mod 8, and the eight are added as a tree.
 */
#ifndef FB_NLL_BIN_SUMS_H
#define FB_NLL_BIN_SUMS_H

#include <stdbool.h>

#include "holdout/events/nuisance.h"
#include "holdout/events/process.h"
#include "models/common/instruction_set.h"

enum {
    FB_BIN_LANES = 8,                                            ///< bins of a block
    FB_N_VARIABLE = FB_N_PROCESS + FB_N_NUISANCE,                ///< f_p at place p, u_s at place FB_N_PROCESS + s
    FB_N_VARIABLE_PAIR = FB_N_VARIABLE * (FB_N_VARIABLE + 1) / 2 ///< entries of a symmetric matrix (pair.inc)
};

/** How many derivatives to compute. */
typedef enum fb_order { FB_VALUE, FB_GRADIENT, FB_HESSIAN } fb_order;

/** Templates, block by block. Bins that fill up the last block have no yields. */
typedef struct fb_bin_cells {
    int n_blocks;
    bool is_sum;               ///< h = 1 + weight sum_s (r_s - 1), else h = prod_s r_s
    double weight;             ///< of each r_s - 1
    int n_shapes;              ///< number of u: FB_N_SHAPE or FB_N_NUISANCE, with r = 1 for those that are not needed
    int degree[FB_N_NUISANCE]; ///< [n_shapes] of the polynomials r_s(u_s)
    int n_numbers;             ///< of one process in one bin: 2 + sum_s (degree_s + 1)
    double *number; ///< [n_blocks][FB_N_PROCESS][n_numbers][FB_BIN_LANES], at FB_ALIGNMENT: N, V, and for one shape
                    ///< after the other the coefficients of its polynomial, the lowest power first
} fb_bin_cells;

/** What the bins are compared with. */
typedef struct fb_bin_data {
    double *
        number; ///< [n_blocks][3][FB_BIN_LANES], at FB_ALIGNMENT: n, 1/n (0 for n = 0), and 1 or, where the bin is left
                ///< out of t, 0
    double with_variance; ///< 1; 0: v = 0
    bool is_clipped;      ///< what happens to a bin with v = 0 below the floor: clip, else continue by the quadratic
    double floor;         ///< events, > 0
} fb_bin_data;

/** Where to evaluate. */
typedef struct fb_bin_variables {
    double f[FB_N_PROCESS];
    double u[FB_N_NUISANCE]; ///< [n_shapes]
} fb_bin_variables;

/** t and its derivatives with respect to the variables. */
typedef struct fb_bin_totals {
    double value;
    double gradient[FB_N_VARIABLE];
    double hessian[FB_N_VARIABLE_PAIR];
    double metric[FB_N_VARIABLE_PAIR]; ///< sum_i w_i (dnu_i/da) (dnu_i/db) with w_i = 2 / (nu_i + v_i): the expected
                                       ///< information, at least positive semi-definite
} fb_bin_totals;

typedef struct fb_bin_sums {
    /** nu and v of the bins of one block.
     *  \param nu, v  [FB_BIN_LANES], at FB_ALIGNMENT */
    void (*expect)(const fb_bin_cells *cells, const fb_bin_variables *at, int block, double *nu, double *v);
    /** t and its derivatives up to `order`; those beyond are left as they were. */
    void (*add_up)(const fb_bin_cells *cells, const fb_bin_data *counts, const fb_bin_variables *at, fb_order order,
                   fb_bin_totals *out);
} fb_bin_sums;

/** They are compiled for each set of instructions (bin_sums_kernel.c). */
extern const fb_bin_sums fb_bin_sums_kernel_plain, fb_bin_sums_kernel_avx2, fb_bin_sums_kernel_avx512;

/** The functions for a set that the machine has. */
const fb_bin_sums *fb_bin_sums_for(fb_instruction_set set);

/** The functions for fb_instruction_set_best. */
const fb_bin_sums *fb_bin_sums_best(void);

#endif
