/* Simulated against published distributions: prints a table, and how many events a second one thread makes.
 *
 *   simulate_facts [events per process, 200000]
 *
 * The published numbers are full-statistics distributions of the data set (Zenodo 10.5281/zenodo.15131565) before the
 * final selection, read off figures: good to 1 or 2 %, and up to a sixth too small in standard deviations, where the
 * figures end early. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "holdout/simulate.h"
#include "models/ground/memory.h"

enum { N_OBSERVABLES = 13 };

typedef struct published {
    double mean, spread; // NAN: not known
    double q25, q50, q75, q95;
} published;

static const struct {
    const char *name;
    published of[FB_N_PROCESS];
} facts[N_OBSERVABLES] = {
#define NONE                                                                                                           \
    {                                                                                                                  \
        NAN, NAN, NAN, NAN, NAN, NAN                                                                                   \
    }
    {"mass_vis", {{82.4, 22.5, 68, 81, 94, 114}, {67.8, 14.1, 59, 67, 75, 88}, {115, 65, 71, 100, 140, 241}, NONE}},
    {"lep_pt",
     {{39.2, 20.8, 26, 33, 45, 77},
      {29.5, 9.8, 23, 27, 33, 46},
      {58.7, 33.4, 34, 50, 74, 124},
      {NAN, NAN, 32, 45, 65, 121}}},
    {"had_pt",
     {{50.9, 25.7, 34, 45, 60, 96},
      {37.7, 12.5, 29, 36, 43, 57},
      {57.6, 35.0, 33, 47, 70, 125},
      {NAN, NAN, 31, 40, 56, 101}}},
    {"met",
     {{34.1, 33.5, 14, 25, 42, 100},
      {16.8, 15.8, 7.5, 13.8, 21.5, 42.6},
      {63.1, 38.6, 36, 56, 83, 135},
      {NAN, NAN, 25, 39, 58, 106}}},
    {"mass_transverse",
     {{23.1, 23.1, 6, 16, 33, 67}, {18.6, 15.8, 6, 14, 28, 49}, {76.8, 45.7, 45, 72, 99, 166}, NONE}},
    {"pt_h", {{64.1, 67.0, 18, 39, 86, 209}, {26.5, 32.7, 8.7, 16, 30, 89}, {89.9, 55.1, 51, 80, 116, 195}, NONE}},
    {"pt_tot",
     {{21.6, 18.2, NAN, NAN, NAN, NAN}, {14.9, 10.5, NAN, NAN, NAN, NAN}, {42.1, 32.1, NAN, NAN, NAN, NAN}, NONE}},
    {"sum_pt", {{175, 126, 89, 132, 219, 439}, {90.5, 57.5, 60, 71, 98, 198}, {326, 140, 228, 298, 394, 601}, NONE}},
    {"deltar_had_lep",
     {{2.54, .69, NAN, NAN, NAN, NAN}, {2.85, .51, NAN, NAN, NAN, NAN}, {2.33, .79, NAN, NAN, NAN, NAN}, NONE}},
    {"jet_leading_pt",
     {{81, 63, NAN, NAN, NAN, NAN},
      {52, 38, NAN, NAN, NAN, NAN},
      {101, 54, NAN, NAN, NAN, NAN},
      {NAN, NAN, 34, 49, 78, 175}}},
    {"jet_subleading_pt",
     {{50, 31, NAN, NAN, NAN, NAN}, {38.5, 20.7, NAN, NAN, NAN, NAN}, {63, 33, NAN, NAN, NAN, NAN}, NONE}},
    {"deltaeta_jet_jet",
     {{2.66, 1.85, NAN, NAN, NAN, NAN}, {2.14, 1.47, NAN, NAN, NAN, NAN}, {1.55, 1.22, NAN, NAN, NAN, NAN}, NONE}},
    {"prodeta_jet_jet",
     {{-.72, 4.80, NAN, NAN, NAN, NAN}, {.56, 3.96, NAN, NAN, NAN, NAN}, {.44, 2.52, NAN, NAN, NAN, NAN}, NONE}},
#undef NONE
};

/* Share of events with 0 .. 4 and with 5 or more jets (Z: 4 or more; then NAN). */
static const double published_jets[FB_N_PROCESS][6] = {{.318, .302, .215, .105, .041, .019},
                                                       {.658, .231, .078, .023, .009, NAN},
                                                       {.007, .084, .248, .289, .207, .165},
                                                       {.406, .321, .173, .070, .023, .007}};
static const double published_efficiency[FB_N_PROCESS] = {.9514, .8990, .9343, .9079};

/* The observables of row k, NAN where they are not defined. */
static void observe(const fb_events *events, size_t k, double out[N_OBSERVABLES])
{
    double v[FB_N_PRIMARY];
    for (int c = 0; c < FB_N_PRIMARY; c++) {
        v[c] = (double)events->column[c][k];
    }
    double lx = v[FB_LEP_PT] * cos(v[FB_LEP_PHI]), ly = v[FB_LEP_PT] * sin(v[FB_LEP_PHI]);
    double hx = v[FB_HAD_PT] * cos(v[FB_HAD_PHI]), hy = v[FB_HAD_PT] * sin(v[FB_HAD_PHI]);
    double mx = v[FB_MET] * cos(v[FB_MET_PHI]), my = v[FB_MET] * sin(v[FB_MET_PHI]);
    double bx = lx + hx + mx, by = ly + hy + my;
    double tx = bx, ty = by;
    bool one = v[FB_N_JETS] >= 1, two = v[FB_N_JETS] >= 2;
    if (one) {
        tx += v[FB_JET1_PT] * cos(v[FB_JET1_PHI]);
        ty += v[FB_JET1_PT] * sin(v[FB_JET1_PHI]);
    }
    if (two) {
        tx += v[FB_JET2_PT] * cos(v[FB_JET2_PHI]);
        ty += v[FB_JET2_PT] * sin(v[FB_JET2_PHI]);
    }
    double deta = v[FB_LEP_ETA] - v[FB_HAD_ETA];
    double dphi = remainder(v[FB_LEP_PHI] - v[FB_HAD_PHI], 2.0 * M_PI);
    double mt2 = pow(v[FB_MET] + v[FB_LEP_PT], 2) - pow(lx + mx, 2) - pow(ly + my, 2);
    out[0] = sqrt(2.0 * v[FB_LEP_PT] * v[FB_HAD_PT] * (cosh(deta) - cos(dphi)));
    out[1] = v[FB_LEP_PT];
    out[2] = v[FB_HAD_PT];
    out[3] = v[FB_MET];
    out[4] = sqrt(fmax(0.0, mt2));
    out[5] = hypot(bx, by);
    out[6] = hypot(tx, ty);
    out[7] = v[FB_LEP_PT] + v[FB_HAD_PT] + v[FB_JET_ALL_PT];
    out[8] = hypot(deta, dphi);
    out[9] = one ? v[FB_JET1_PT] : NAN;
    out[10] = two ? v[FB_JET2_PT] : NAN;
    out[11] = two ? fabs(v[FB_JET1_ETA] - v[FB_JET2_ETA]) : NAN;
    out[12] = two ? v[FB_JET1_ETA] * v[FB_JET2_ETA] : NAN;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_pair(double simulated, double real)
{
    if (isnan(real)) {
        printf(" %8.2f %8s |", simulated, "");
    } else {
        printf(" %8.2f %8.4g |", simulated, real);
    }
}

static void print_observable(const char *name, double *values, size_t n, const published *real)
{
    double sum = 0.0, sum2 = 0.0;
    for (size_t k = 0; k < n; k++) {
        sum += values[k];
        sum2 += values[k] * values[k];
    }
    double mean = sum / (double)n;
    qsort(values, n, sizeof *values, compare);
    printf("%-18s |", name);
    print_pair(mean, real->mean);
    print_pair(sqrt(fmax(0.0, sum2 / (double)n - mean * mean)), real->spread);
    print_pair(values[n / 4], real->q25);
    print_pair(values[n / 2], real->q50);
    print_pair(values[n * 3 / 4], real->q75);
    print_pair(values[n * 19 / 20], real->q95);
    printf("\n");
}

static void print_jets(const fb_events *events, int process)
{
    size_t count[6] = {0}, passed = 0;
    int last = isnan(published_jets[process][5]) ? 4 : 5;
    for (size_t k = 0; k < events->n; k++) {
        int n = (int)events->column[FB_N_JETS][k];
        count[n < last ? n : last]++;
        passed += events->column[FB_HAD_PT][k] >= 26.0f;
    }
    printf("\n%s: had_pt >= 26 GeV %.4f (published %.4f); jets", fb_process_name(process),
           (double)passed / (double)events->n, published_efficiency[process]);
    for (int j = 0; j <= last; j++) {
        printf("  %d%s %.3f (%.3f)", j, j == last ? "+" : "", (double)count[j] / (double)events->n,
               published_jets[process][j]);
    }
    printf(
        "\n%-18s |%12s sim  real |%12s sim  real |%12s sim  real |%12s sim  real |%12s sim  real |%12s sim  real |\n",
        "", "mean", "std", "25 %", "50 %", "75 %", "95 %");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static fb_status report(int process, fb_events *events, size_t n, double *values, fb_error *error)
{
    double start = seconds();
    fb_status status = fb_simulate_process(1, process, 0, n, events, error);
    if (status != FB_OK) {
        return status;
    }
    double rate = (double)n / (seconds() - start);
    print_jets(events, process);
    for (int o = 0; o < N_OBSERVABLES; o++) {
        size_t used = 0;
        for (size_t k = 0; k < n; k++) {
            double all[N_OBSERVABLES];
            observe(events, k, all);
            if (!isnan(all[o])) {
                values[used++] = all[o];
            }
        }
        if (used > 0) {
            print_observable(facts[o].name, values, used, &facts[o].of[process]);
        }
    }
    printf("%.0f events a second on all threads\n", rate);
    return FB_OK;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    fb_error error = {0};
    fb_events *events = NULL;
    double *values = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_events_create(n, &events, &error));
    FB_TRY(fb_allocate(n, sizeof *values, &values, &error));
    for (int p = 0; p < FB_N_PROCESS; p++) {
        FB_TRY(report(p, events, n, values, &error));
    }
cleanup:
    if (status != FB_OK) {
        fprintf(stderr, "simulate_facts: %s: %s\n", fb_status_text(status), error.text);
    }
    free(values);
    fb_events_free(events);
    return fb_status_exit_code(status);
}
