/** \file cholesky.h
 * Cholesky's factors of the small symmetric matrices of the fit, of at most a row per parameter: A = L L^T (Golub and
 * Van Loan, Matrix Computations, 4th edition, section 4.2). Plain loops in a fixed order: the same bits with any
 * library of linear algebra around, and no memory but the caller's.
 */
#ifndef FB_NLL_CHOLESKY_H
#define FB_NLL_CHOLESKY_H

#include <stdbool.h>

/** Replaces the lower triangle of `matrix` [n][n] by L; what is above the diagonal is neither read nor changed. False
 * when the matrix is not positive definite or has a NaN, and what it then holds is of no use. */
bool fb_cholesky_factorise(int n, double *matrix);

/** Solves A x = b: `right` [n] is b and becomes x. `factor` is from fb_cholesky_factorise. */
void fb_cholesky_solve(int n, const double *factor, double *right);

#endif
