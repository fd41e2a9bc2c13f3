/* The linear form of a hardened score: a case with the answer in closed form, a literal twin, and events. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/templates/hardening.h"
#include "tests/support/support.h"

enum { N = FB_HARDENING_MOST_SUMS, P = FB_HARDENING_PARAMETERS };

static double phi(double x)
{
    return exp(-0.5 * x * x) / sqrt(2.0 * M_PI);
}

/* A background of B events at x = delta theta and a signal of mu S events at x = m, both Gaussian with width 1; at mu = 0,
 * theta = 0. The derivatives of ln nu(x) by mu and theta, z_1 = S phi(x - m) / (B phi(x)) and z_2 = delta x, have
 *
 *     C_11 = J_11 = S^2 / B exp(m^2),   C_12 = J_12 = J_21 = S delta m,   C_22 = J_22 = B delta^2,
 *
 * so that J^T C^-1 J = J, and with the constraint of theta, Q = J_22 + 1 and D = J_11 Q - J_12^2,
 *
 *     A_1 = Q / D,   A_2 = -J_12 / D,   sigma^2 = Q / D,   A of the constant = 0. */
START_TEST(two_gaussians_have_the_answer_in_closed_form)
{
    static const double S = 30.0, B = 2000.0, m = 0.8, delta = 0.06, STEP = 1e-3;
    fb_error error = {0};
    fb_hardening h = {.n_sums = 3};
    for (double x = -9.0; x < 9.0; x += STEP) {
        const double nu = B * phi(x), z[3] = {S * phi(x - m) / nu, delta * x, 1.0};
        for (int k = 0; k < 3; k++) {
            h.slope[k][0] += STEP * S * phi(x - m) * z[k];
            h.slope[k][1] += STEP * nu * delta * x * z[k];
            for (int l = 0; l < 3; l++) {
                h.covariance[k][l] += STEP * nu * z[k] * z[l];
            }
        }
    }
    FB_ASSERT_OK(fb_hardening_solve(&h, &error));
    const double j11 = S * S / B * exp(m * m), j12 = S * delta * m, q = B * delta * delta + 1.0,
                 d = j11 * q - j12 * j12;
    FB_ASSERT_NEAR(h.form[0], q / d, 1e-6);
    FB_ASSERT_NEAR(h.form[1], -j12 / d, 1e-6);
    FB_ASSERT_NEAR(h.form[2], 0.0, 1e-6);
    FB_ASSERT_NEAR(h.sigma, sqrt(q / d), 1e-6);
    /* Without theta the error would be 1 / sqrt(J_11); a fit that bins z_1 alone would lose what z_2 says of theta. */
    ck_assert_double_gt(h.sigma, 1.05 / sqrt(j11));
}
END_TEST

/* The inverse of a [N][N] matrix of which n rows are used, by Gauss and Jordan. */
static void invert(int n, double a[N][N])
{
    double inverse[N][N] = {{0}};
    for (int i = 0; i < n; i++) {
        inverse[i][i] = 1.0;
    }
    for (int i = 0; i < n; i++) {
        int pivot = i;
        for (int r = i; r < n; r++) {
            pivot = fabs(a[r][i]) > fabs(a[pivot][i]) ? r : pivot;
        }
        for (int c = 0; c < n; c++) {
            double t = a[i][c];
            a[i][c] = a[pivot][c];
            a[pivot][c] = t;
            t = inverse[i][c];
            inverse[i][c] = inverse[pivot][c];
            inverse[pivot][c] = t;
        }
        const double scale = a[i][i];
        for (int c = 0; c < n; c++) {
            a[i][c] /= scale;
            inverse[i][c] /= scale;
        }
        for (int r = 0; r < n; r++) {
            const double factor = a[r][i];
            for (int c = 0; c < n && r != i; c++) {
                a[r][c] -= factor * a[i][c];
                inverse[r][c] -= factor * inverse[i][c];
            }
        }
    }
    memcpy(a, inverse, sizeof inverse);
}

/* A = e_mu^T (J^T C^-1 J + P)^-1 J^T C^-1, as it stands. */
static void twin(const fb_hardening *h, double form[N], double *sigma)
{
    double c[N][N], m[N][N] = {{0}}, jc[P][N] = {{0}};
    memcpy(c, h->covariance, sizeof c);
    invert(h->n_sums, c);
    for (int a = 0; a < P; a++) {
        for (int k = 0; k < h->n_sums; k++) {
            for (int l = 0; l < h->n_sums; l++) {
                jc[a][k] += h->slope[l][a] * c[l][k];
            }
        }
        for (int b = 0; b < P; b++) {
            m[a][b] = a == b && a > 0 ? 1.0 : 0.0;
            for (int k = 0; k < h->n_sums; k++) {
                m[a][b] += jc[a][k] * h->slope[k][b];
            }
        }
    }
    invert(P, m);
    *sigma = sqrt(m[0][0]);
    for (int k = 0; k < h->n_sums; k++) {
        form[k] = 0.0;
        for (int a = 0; a < P; a++) {
            form[k] += m[0][a] * jc[a][k];
        }
    }
}

/* Sums of random rows. */
static fb_hardening random_sums(int n_sums, uint64_t seed)
{
    fb_hardening h = {.n_sums = n_sums};
    for (uint64_t i = 0; i < 500; i++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, i);
        double z[N];
        for (int k = 0; k < n_sums; k++) {
            z[k] = k == n_sums - 1 ? 1.0 : fb_random_normal(&random) + (k == 0 ? 0.5 : 0.0);
        }
        for (int k = 0; k < n_sums; k++) {
            for (int a = 0; a < P; a++) {
                h.slope[k][a] += z[k] * (0.3 * fb_random_normal(&random) + (a < n_sums ? 0.2 * z[a] : 0.0));
            }
            for (int l = 0; l < n_sums; l++) {
                h.covariance[k][l] += z[k] * z[l];
            }
        }
    }
    return h;
}

START_TEST(the_form_is_that_of_the_formula)
{
    static const double ROUNDING = 1e-7; /* of the 1e-10 on the diagonal, times the condition of the matrices */
    fb_error error = {0};
    for (int n = 2; n <= N; n++) {
        fb_hardening h = random_sums(n, (uint64_t)n);
        double form[N], sigma = 0.0;
        FB_ASSERT_OK(fb_hardening_solve(&h, &error));
        twin(&h, form, &sigma);
        FB_ASSERT_NEAR(h.sigma, sigma, ROUNDING * sigma);
        for (int k = 0; k < n; k++) {
            FB_ASSERT_NEAR(h.form[k], form[k], ROUNDING * (fabs(form[0]) + fabs(form[k])));
        }
    }
}
END_TEST

/* The unit of a component changes nothing, and one that says what another says does no harm. */
START_TEST(units_and_copies_of_components_do_not_matter)
{
    fb_error error = {0};
    fb_hardening h = random_sums(5, 3), scaled = h, copied = h;
    copied.n_sums = 6;
    for (int k = 0; k < 5; k++) {
        const double unit = k == 2 ? 1e4 : 1.0;
        for (int a = 0; a < P; a++) {
            scaled.slope[k][a] *= unit;
        }
        for (int l = 0; l < 5; l++) {
            scaled.covariance[k][l] *= unit;
            scaled.covariance[l][k] *= unit;
        }
        copied.covariance[5][k] = copied.covariance[k][5] = h.covariance[1][k];
    }
    copied.covariance[5][5] = h.covariance[1][1];
    memcpy(copied.slope[5], h.slope[1], sizeof h.slope[1]);
    FB_ASSERT_OK(fb_hardening_solve(&h, &error));
    FB_ASSERT_OK(fb_hardening_solve(&scaled, &error));
    FB_ASSERT_OK(fb_hardening_solve(&copied, &error));
    FB_ASSERT_NEAR(scaled.sigma, h.sigma, 1e-9);
    FB_ASSERT_NEAR(scaled.form[2] * 1e4, h.form[2], 1e-9);
    FB_ASSERT_NEAR(copied.sigma, h.sigma, 1e-7);
    FB_ASSERT_NEAR(copied.form[1] + copied.form[5], h.form[1], 1e-6);
}
END_TEST

START_TEST(sums_that_say_nothing_of_mu_are_refused)
{
    fb_error error = {0};
    fb_hardening h = {.n_sums = 3, .covariance = {{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}}};
    ck_assert_int_eq(fb_hardening_solve(&h, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "do not determine mu") != NULL);
    h.slope[0][0] = -1.0; /* more signal, less of it */
    ck_assert_int_eq(fb_hardening_solve(&h, &error), FB_ERROR_DATA);
}
END_TEST

START_TEST(the_points_are_two_widths_away)
{
    double point[2];
    FB_ASSERT_NEAR(fb_hardening_points(FB_PRIORS_OFFICIAL, FB_TES, point), 4.0, 1e-12);
    FB_ASSERT_NEAR(point[0], 0.98, 1e-12);
    FB_ASSERT_NEAR(point[1], 1.02, 1e-12);
    FB_ASSERT_NEAR(fb_hardening_points(FB_PRIORS_OFFICIAL, FB_SOFT_MET, point), 2.0 * log(2.0), 1e-12);
    FB_ASSERT_NEAR(point[0], 0.5, 1e-12);
    FB_ASSERT_NEAR(point[1], 2.0, 1e-12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/hardening");
    TCase *tests = tcase_create("hardening");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, two_gaussians_have_the_answer_in_closed_form);
    tcase_add_test(tests, the_form_is_that_of_the_formula);
    tcase_add_test(tests, units_and_copies_of_components_do_not_matter);
    tcase_add_test(tests, sums_that_say_nothing_of_mu_are_refused);
    tcase_add_test(tests, the_points_are_two_widths_away);
    return fb_run_suite(suite);
}
