/* Simulated against published distributions: prints a table, counts what is met, and says how many events a second are
 * made.
 *
 *   simulate_facts [events per process, 200000]
 *
 * The published numbers are full-statistics distributions of the data set (Zenodo 10.5281/zenodo.15131565) before the
 * final selection, read off figures: good to 1 or 2 %. Means, standard deviations and most quantiles are of histograms
 * that hold the events with mT <= 250, m_vis <= 500, sum_pt <= 1000, pt_tot <= 250, pt_h <= 400 GeV, dR <= 4.5 and
 * pt_ratio <= 9 only, some of them with wide bins. So that alike is compared with alike, the simulated numbers are of
 * the same events, and means and deviations of values moved to the middle of the same bins. Quantiles of lep_pt, had_pt
 * and met, jet multiplicities and the efficiency are of all events.
 *
 * A number is met when it is within 3 % or 0.03 standard deviations of the published one, whichever is more (diboson:
 * 10 % or 0.1), a jet fraction within 0.01, a tail of m_jj within 10 %, the efficiency within 0.003, a mean cosine or
 * correlation within 0.03, a median centrality within 0.05. A star marks what is not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "holdout/simulation/simulation.h"
#include "models/common/memory.h"

enum { N_BINS = 50 };
typedef enum observable {
    MASS_VIS,
    LEP_PT,
    HAD_PT,
    MET,
    MASS_TRANSVERSE,
    PT_H,
    PT_TOT,
    SUM_PT,
    DELTAR,
    JET1_PT,
    JET2_PT,
    DELTAETA_JJ,
    PRODETA_JJ,
    N_SHAPES,
    MASS_JJ = N_SHAPES,
    CENTRALITY, // of the lepton between the jets
    COS_H_JET1, // of the angle between pt_h and the leading jet
    COS_MET_LEP,
    COS_MET_HAD,
    LEP_ETA,
    HAD_ETA,
    PT_RATIO,
    N_OBSERVABLES
} observable;

typedef struct published {
    double mean, spread; // NAN: not known
    double q[4];         // 25, 50, 75, 95 %
} published;

static const struct {
    const char *name;
    double low, width; // of the published bins; width 0: fine enough not to matter
    bool quantiles_of_all;
    published of[FB_N_PROCESS];
} facts[N_SHAPES] = {
#define NO_Q                                                                                                           \
    {                                                                                                                  \
        NAN, NAN, NAN, NAN                                                                                             \
    }
#define NONE                                                                                                           \
    {                                                                                                                  \
        NAN, NAN, NO_Q                                                                                                 \
    }
    {"mass_vis",
     0.0,
     0.0,
     false,
     {{82.35, 22.52, {68.0, 81.0, 94.2, 114.1}},
      {67.82, 14.06, {59.0, 66.9, 75.2, 88.0}},
      {114.63, 64.75, {71.4, 100.0, 139.7, 241.5}},
      NONE}},
    {"lep_pt",
     19.58,
     6.7274,
     true,
     {{39.20, 20.81, {26.04, 33.72, 45.35, 78.11}},
      {29.47, 9.80, {23.20, 27.20, 33.05, 45.62}},
      {58.74, 33.41, {34.50, 50.83, 75.86, 133.21}},
      {NAN, NAN, {31.84, 44.50, 64.60, 121.49}}}},
    {"had_pt",
     22.475,
     11.0165,
     true,
     {{50.89, 25.73, {35.05, 45.99, 59.65, 97.59}},
      {37.66, 12.54, {29.46, 35.53, 42.88, 56.86}},
      {57.61, 34.97, {33.51, 47.35, 70.46, 127.24}},
      {NAN, NAN, {30.61, 39.83, 55.50, 101.19}}}},
    {"met",
     -0.61025,
     10.133,
     true,
     {{34.12, 33.49, {14.13, 24.93, 42.78, 103.80}},
      {16.80, 15.82, {8.13, 13.69, 21.52, 42.65}},
      {63.08, 38.56, {36.26, 57.41, 84.85, 142.21}},
      {NAN, NAN, {24.75, 39.38, 57.81, 106.45}}}},
    {"mass_transverse",
     0.0,
     4.98660,
     false,
     {{23.12, 23.13, {6.4, 15.6, 33.4, 67.2}},
      {18.55, 15.77, {6.0, 14.2, 27.7, 49.2}},
      {76.76, 45.72, {45.3, 72.1, 99.4, 165.9}},
      NONE}},
    {"pt_h",
     0.0,
     0.0,
     false,
     {{64.05, 66.95, {18.3, 39.1, 85.8, 208.8}},
      {26.50, 32.66, {8.7, 16.0, 29.8, 89.5}},
      {89.87, 55.11, {50.9, 80.2, 116.0, 194.8}},
      NONE}},
    {"pt_tot", 0.0, 0.0, false, {{21.60, 18.19, NO_Q}, {14.86, 10.49, NO_Q}, {42.12, 32.12, NO_Q}, NONE}},
    {"sum_pt",
     0.0,
     0.0,
     false,
     {{175.44, 126.12, {88.8, 131.8, 219.1, 438.8}},
      {90.53, 57.45, {59.7, 71.2, 97.9, 198.1}},
      {326.34, 139.80, {227.9, 298.4, 394.3, 600.8}},
      NONE}},
    {"deltar_had_lep", 0.55, 0.078838, false, {{2.541, 0.686, NO_Q}, {2.852, 0.508, NO_Q}, {2.333, 0.794, NO_Q}, NONE}},
    {"jet_leading_pt",
     21.322,
     11.0418,
     true,
     {{81.23, 63.30, NO_Q}, {52.06, 38.15, NO_Q}, {100.92, 53.63, NO_Q}, {NAN, NAN, {34.0, 49.0, 78.0, 175.0}}}},
    {"jet_subleading_pt",
     21.464,
     8.1399,
     false,
     {{50.07, 30.57, NO_Q}, {38.53, 20.72, NO_Q}, {63.15, 32.84, NO_Q}, NONE}},
    {"deltaeta_jet_jet",
     0.0,
     0.192478,
     false,
     {{2.664, 1.851, NO_Q}, {2.141, 1.469, NO_Q}, {1.546, 1.222, NO_Q}, NONE}},
    {"prodeta_jet_jet",
     -23.285,
     0.89906,
     false,
     {{-0.718, 4.799, NO_Q}, {0.557, 3.956, NO_Q}, {0.444, 2.521, NO_Q}, NONE}},
#undef NONE
#undef NO_Q
};

/* Share of events with 0 .. 4 and with 5 or more jets (Z: 4 or more; then NAN). */
static const double published_jets[FB_N_PROCESS][6] = {{.318, .302, .215, .105, .041, .019},
                                                       {.658, .231, .078, .023, .009, NAN},
                                                       {.007, .084, .248, .289, .207, .165},
                                                       {.406, .321, .173, .070, .023, .007}};
static const double published_efficiency[FB_N_PROCESS] = {.9514, .8990, .9343, .9079};
/* Share of the events with two jets that have m_jj above these. */
static const double mass_jj_cuts[4] = {483.0, 800.0, 1118.0, 2072.0};
static const double published_tail[3][4] = {
    {.2432, .1284, .0733, .0166}, {.0738, .0229, .0087, .00079}, {.0805, .0251, .0101, .0012}};
/* Means of COS_H_JET1, COS_MET_LEP and COS_MET_HAD, the correlation of the etas of lepton and tau, the median
 * CENTRALITY: of a thousand events, hence uncertain by 0.02 to 0.05. */
static const double published_angles[3][5] = {
    {-.86, .51, -.09, .65, .50}, {-.83, .33, -.15, .75, .24}, {NAN, NAN, NAN, NAN, .17}};

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
    double jet_deta = v[FB_JET1_ETA] - v[FB_JET2_ETA];
    double middle = 0.5 * (v[FB_JET1_ETA] + v[FB_JET2_ETA]);
    out[MASS_VIS] = sqrt(2.0 * v[FB_LEP_PT] * v[FB_HAD_PT] * (cosh(deta) - cos(dphi)));
    out[LEP_PT] = v[FB_LEP_PT];
    out[HAD_PT] = v[FB_HAD_PT];
    out[MET] = v[FB_MET];
    out[MASS_TRANSVERSE] = sqrt(fmax(0.0, mt2));
    out[PT_H] = hypot(bx, by);
    out[PT_TOT] = hypot(tx, ty);
    out[SUM_PT] = v[FB_LEP_PT] + v[FB_HAD_PT] + v[FB_JET_ALL_PT];
    out[DELTAR] = hypot(deta, dphi);
    out[JET1_PT] = one ? v[FB_JET1_PT] : NAN;
    out[JET2_PT] = two ? v[FB_JET2_PT] : NAN;
    out[DELTAETA_JJ] = two ? fabs(jet_deta) : NAN;
    out[PRODETA_JJ] = two ? v[FB_JET1_ETA] * v[FB_JET2_ETA] : NAN;
    out[MASS_JJ] =
        two ? sqrt(2.0 * v[FB_JET1_PT] * v[FB_JET2_PT] * (cosh(jet_deta) - cos(v[FB_JET1_PHI] - v[FB_JET2_PHI]))) : NAN;
    out[CENTRALITY] = two ? exp(-4.0 * pow((v[FB_LEP_ETA] - middle) / jet_deta, 2)) : NAN;
    out[COS_H_JET1] = one ? cos(atan2(by, bx) - v[FB_JET1_PHI]) : NAN;
    out[COS_MET_LEP] = cos(v[FB_MET_PHI] - v[FB_LEP_PHI]);
    out[COS_MET_HAD] = cos(v[FB_MET_PHI] - v[FB_HAD_PHI]);
    out[LEP_ETA] = v[FB_LEP_ETA];
    out[HAD_ETA] = v[FB_HAD_ETA];
    out[PT_RATIO] = v[FB_LEP_PT] / v[FB_HAD_PT];
}

static bool is_in_figures(const double v[N_OBSERVABLES])
{
    return v[MASS_TRANSVERSE] <= 250.0 && v[MASS_VIS] <= 500.0 && v[SUM_PT] <= 1000.0 && v[PT_TOT] <= 250.0 &&
           v[PT_H] <= 400.0 && v[DELTAR] <= 4.5 && v[PT_RATIO] <= 9.0;
}

/* --- printing ----------------------------------------------------------------------------------------------------- */

typedef struct tally {
    int met, known;
} tally;

static void print_pair(double simulated, double real, double tolerance, tally *count)
{
    if (isnan(real)) {
        printf(" %8.4g           |", simulated);
        return;
    }
    bool met = fabs(simulated - real) <= tolerance;
    count->known++;
    count->met += met;
    printf(" %8.4g %8.4g%c |", simulated, real, met ? ' ' : '*');
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct sample {
    size_t n;
    double (*row)[N_OBSERVABLES]; // [n][N_OBSERVABLES]
    double *values;               // [n], scratch
} sample;

/* The defined values of observable `o` into sample->values, sorted. */
static size_t collect(const sample *s, int o, bool all)
{
    size_t used = 0;
    for (size_t k = 0; k < s->n; k++) {
        if (!isnan(s->row[k][o]) && (all || is_in_figures(s->row[k]))) {
            s->values[used++] = s->row[k][o];
        }
    }
    qsort(s->values, used, sizeof *s->values, compare);
    return used;
}

static void print_shape(const sample *s, int o, int process, tally *count)
{
    static const double at[4] = {0.25, 0.50, 0.75, 0.95};
    const published *real = &facts[o].of[process];
    double share = process == FB_DIBOSON ? 0.1 : 0.03;
    size_t used = collect(s, o, false);
    double n = 0.0, sum = 0.0, sum2 = 0.0;
    for (size_t k = 0; k < used; k++) {
        double x = s->values[k];
        if (facts[o].width > 0.0) {
            double bin = floor((x - facts[o].low) / facts[o].width);
            if (bin < 0.0 || bin >= N_BINS) {
                continue;
            }
            x = facts[o].low + (bin + 0.5) * facts[o].width;
        }
        n += 1.0;
        sum += x;
        sum2 += x * x;
    }
    double mean = sum / n;
    double spread = sqrt(fmax(0.0, sum2 / n - mean * mean));
    double unit = isnan(real->spread) ? spread : real->spread;
    printf("%-18s |", facts[o].name);
    print_pair(mean, real->mean, share * fmax(fabs(real->mean), unit), count);
    print_pair(spread, real->spread, share * unit, count);
    if (facts[o].quantiles_of_all) {
        used = collect(s, o, true);
    }
    for (int k = 0; k < 4; k++) {
        print_pair(s->values[(size_t)(at[k] * (double)used)], real->q[k], share * fmax(real->q[k], unit), count);
    }
    printf("\n");
}

static void print_jets(const fb_events *events, int process, tally *count)
{
    size_t n_with[6] = {0}, passed = 0;
    int last = isnan(published_jets[process][5]) ? 4 : 5;
    for (size_t k = 0; k < events->n; k++) {
        int n = (int)events->column[FB_N_JETS][k];
        n_with[n < last ? n : last]++;
        passed += events->column[FB_HAD_PT][k] >= 26.0f;
    }
    double n = (double)events->n;
    printf("\n%s\nhad_pt >= 26 GeV   |", fb_process_name(process));
    print_pair((double)passed / n, published_efficiency[process], 0.003, count);
    printf("\n0, 1, ... jets     |");
    for (int j = 0; j <= last; j++) {
        print_pair((double)n_with[j] / n, published_jets[process][j], 0.01, count);
    }
    printf("\n");
}

static double mean_of(const sample *s, int o)
{
    double sum = 0.0, n = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        if (!isnan(s->row[k][o])) {
            sum += s->row[k][o];
            n += 1.0;
        }
    }
    return sum / n;
}

static double correlation(const sample *s, int a, int b)
{
    double mean_a = mean_of(s, a), mean_b = mean_of(s, b), aa = 0.0, bb = 0.0, ab = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        double x = s->row[k][a] - mean_a, y = s->row[k][b] - mean_b;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return ab / sqrt(aa * bb);
}

static void print_angles(const sample *s, int process, tally *count)
{
    size_t used = collect(s, MASS_JJ, false);
    printf("m_jj > 483, 800, 1118, 2072 |");
    for (int c = 0; c < 4; c++) {
        size_t above = 0;
        for (size_t k = 0; k < used; k++) {
            above += s->values[k] > mass_jj_cuts[c];
        }
        double real = published_tail[process][c];
        print_pair((double)above / (double)used, real, 0.1 * real, count);
    }
    const double *real = published_angles[process];
    printf("\ncos of pt_h jet 1, MET lep, MET had; corr etas; median centrality |");
    print_pair(mean_of(s, COS_H_JET1), real[0], 0.03, count);
    print_pair(mean_of(s, COS_MET_LEP), real[1], 0.03, count);
    print_pair(mean_of(s, COS_MET_HAD), real[2], 0.03, count);
    print_pair(correlation(s, LEP_ETA, HAD_ETA), real[3], 0.03, count);
    used = collect(s, CENTRALITY, true);
    print_pair(s->values[used / 2], real[4], 0.05, count);
    printf("\n");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static fb_status report(int process, fb_events *events, sample *s, tally *total, fb_error *error)
{
    double start = seconds();
    fb_status status = fb_simulation_block_of_process(1, process, 0, s->n, events, error);
    if (status != FB_OK) {
        return status;
    }
    double rate = (double)s->n / (seconds() - start);
    for (size_t k = 0; k < s->n; k++) {
        observe(events, k, s->row[k]);
    }
    tally count = {0};
    print_jets(events, process, &count);
    printf("%-18s |%20s |%20s |%20s |%20s |%20s |%20s |\n", "simulated, published", "mean         ", "std          ",
           "25 %         ", "50 %         ", "75 %         ", "95 %         ");
    for (int o = 0; o < N_SHAPES; o++) {
        print_shape(s, o, process, &count);
    }
    if (process != FB_DIBOSON) {
        print_angles(s, process, &count);
    }
    printf("%d of %d met; %.0f events a second on all threads\n", count.met, count.known, rate);
    total->met += count.met;
    total->known += count.known;
    return FB_OK;
}

/* Events a second in the mixture that `simulate` makes. */
static fb_status report_mixture(fb_events *events, fb_error *error)
{
    fb_simulation simulation = fb_simulation_default();
    fb_source *source = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_simulation_source(&simulation, &source, error));
    double start = seconds();
    FB_TRY(fb_source_read(source, events, error));
    printf("default mixture: %.0f events a second on all threads\n", (double)events->n / (seconds() - start));
cleanup:
    fb_source_free(source);
    return status;
}

int main(int argc, char **argv)
{
    sample s = {.n = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000};
    fb_error error = {0};
    fb_events *events = NULL;
    fb_status status = FB_OK;
    tally total = {0};
    FB_TRY(fb_events_create(s.n, &events, &error));
    FB_TRY(fb_memory_allocate(s.n, sizeof *s.values, &s.values, &error));
    FB_TRY(fb_memory_allocate(s.n, sizeof *s.row, &s.row, &error));
    for (int p = 0; p < FB_N_PROCESS; p++) {
        FB_TRY(report(p, events, &s, &total, &error));
    }
    printf("\n%d of %d met\n", total.met, total.known);
    FB_TRY(report_mixture(events, &error));
cleanup:
    if (status != FB_OK) {
        fprintf(stderr, "simulate_facts: %s: %s\n", fb_status_text(status), error.text);
    }
    free(s.row);
    free(s.values);
    fb_events_free(events);
    return fb_status_exit_code(status);
}
