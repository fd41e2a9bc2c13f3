#include "nll/cholesky.h"

#include <math.h>

bool fb_cholesky_factorise(int n, double *matrix)
{
    for (int j = 0; j < n; j++) {
        double *row_j = matrix + j * n;
        double rest = row_j[j];
        for (int k = 0; k < j; k++) {
            rest -= row_j[k] * row_j[k];
        }
        if (!(rest > 0.0) || !isfinite(rest)) { // NaN
            return false;
        }
        row_j[j] = sqrt(rest);
        for (int i = j + 1; i < n; i++) {
            double *row_i = matrix + i * n;
            for (int k = 0; k < j; k++) {
                row_i[j] -= row_i[k] * row_j[k];
            }
            row_i[j] /= row_j[j];
        }
    }
    return true;
}

void fb_cholesky_solve(int n, const double *factor, double *right)
{
    for (int i = 0; i < n; i++) { // L y = b
        for (int k = 0; k < i; k++) {
            right[i] -= factor[i * n + k] * right[k];
        }
        right[i] /= factor[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) { // L^T x = y
        for (int k = i + 1; k < n; k++) {
            right[i] -= factor[k * n + i] * right[k];
        }
        right[i] /= factor[i * n + i];
    }
}
