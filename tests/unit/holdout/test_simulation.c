/* Simulated events: what must hold for every one, what must not depend on blocks and threads, and rough physics that a
 * broken generator would miss. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/simulation/simulation.h"
#include "tests/support/support.h"

enum { N_EVENTS = 100000 };

/* Events [first, first + n), read after one piece of those before them. */
static fb_events *simulate(const fb_simulation *simulation, uint64_t first, size_t n)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *before = NULL, *events = NULL;
    FB_ASSERT_OK(fb_simulation_source(simulation, &source, &error));
    if (first > 0) {
        FB_ASSERT_OK(fb_events_create((size_t)first, &before, &error));
        FB_ASSERT_OK(fb_source_read(source, before, &error));
    }
    FB_ASSERT_OK(fb_events_create(n, &events, &error));
    FB_ASSERT_OK(fb_source_read(source, events, &error));
    fb_events_free(before);
    fb_source_free(source);
    ck_assert_uint_eq(events->n, n);
    ck_assert_uint_eq(events->first_row, first);
    return events;
}

static fb_events *simulate_process(int process, size_t n)
{
    fb_error error = {0};
    fb_events *events = NULL;
    FB_ASSERT_OK(fb_events_create(n, &events, &error));
    FB_ASSERT_OK(fb_simulation_block_of_process(3, process, 0, n, events, &error));
    return events;
}

/* Rows [first, first + n) of `a` are rows [0, n) of `b`, bit by bit. */
static void assert_same_rows(const fb_events *a, size_t first, const fb_events *b, size_t n)
{
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        ck_assert_mem_eq(a->column[k] + first, b->column[k], n * sizeof(float));
    }
    ck_assert_mem_eq(a->weight + first, b->weight, n * sizeof(float));
    ck_assert_mem_eq(a->process + first, b->process, n);
}

/* --- every event -------------------------------------------------------------------------------------------------- */

/* Check writes a record for every assertion, which takes longer than making an event; this one only when it fails. */
#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            ck_abort_msg("row %zu: %s", row, #condition);                                                              \
        }                                                                                                              \
    } while (0)

static bool has_three_decimals(float x)
{
    return x == rintf(x * 1000.0f) / 1000.0f;
}

/* pT >= 20 sqrt((3 - 0.2 |eta|)^2 / 20 + 1), less the rounding of pT and of eta. */
static bool is_above_threshold(float pt, float eta)
{
    double scale = 3.0 - 0.2 * fabs((double)eta);
    return (double)pt >= 20.0 * sqrt(scale * scale / 20.0 + 1.0) - 0.001;
}

/* 3.142 is pi rounded. */
static bool is_angle(float phi)
{
    return fabsf(phi) <= 3.142f;
}

static void check_jet(const fb_events *events, size_t row, int first_column, bool there)
{
    float pt = events->column[first_column][row];
    float eta = events->column[first_column + 1][row];
    float phi = events->column[first_column + 2][row];
    if (!there) {
        REQUIRE(pt == FB_MISSING && eta == FB_MISSING && phi == FB_MISSING);
        return;
    }
    REQUIRE(is_above_threshold(pt, eta));
    REQUIRE(fabsf(eta) <= 5.0f);
    REQUIRE(is_angle(phi));
}

/* No particle has more energy than a beam of 6.5 TeV brings, but for a mismeasurement of 10 %, which is one standard
 * deviation of a forward jet: particles so near the end of the spectrum are rare enough. */
static bool has_beam_energy(const float *v, int first_column)
{
    return (double)v[first_column] * cosh((double)v[first_column + 1]) <= 1.1 * 6500.0;
}

static void check_row(const fb_events *events, size_t row)
{
    float v[FB_N_PRIMARY];
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        v[k] = events->column[k][row];
        REQUIRE(has_three_decimals(v[k]));
    }
    REQUIRE(v[FB_LEP_PT] >= 20.0f && fabsf(v[FB_LEP_ETA]) <= 2.5f);
    REQUIRE(is_above_threshold(v[FB_HAD_PT], v[FB_HAD_ETA]));
    REQUIRE(fabsf(v[FB_HAD_ETA]) <= 2.7f);
    REQUIRE(is_angle(v[FB_LEP_PHI]) && is_angle(v[FB_HAD_PHI]) && is_angle(v[FB_MET_PHI]));
    REQUIRE(v[FB_MET] >= 0.0f);
    REQUIRE(has_beam_energy(v, FB_LEP_PT) && has_beam_energy(v, FB_HAD_PT));
    REQUIRE(has_beam_energy(v, FB_JET1_PT) && has_beam_energy(v, FB_JET2_PT));
    double dphi = remainder((double)v[FB_LEP_PHI] - (double)v[FB_HAD_PHI], 2.0 * M_PI);
    REQUIRE(hypot((double)v[FB_LEP_ETA] - (double)v[FB_HAD_ETA], dphi) > 0.55);
    int n_jets = (int)v[FB_N_JETS];
    REQUIRE(n_jets >= 0 && (float)n_jets == v[FB_N_JETS]);
    check_jet(events, row, FB_JET1_PT, n_jets >= 1);
    check_jet(events, row, FB_JET2_PT, n_jets >= 2);
    REQUIRE(n_jets < 2 || v[FB_JET1_PT] >= v[FB_JET2_PT]);
    double two = (n_jets >= 1 ? (double)v[FB_JET1_PT] : 0.0) + (n_jets >= 2 ? (double)v[FB_JET2_PT] : 0.0);
    /* Two momenta and their sum, each rounded; further jets have at least the threshold at |eta| = 5. */
    REQUIRE((double)v[FB_JET_ALL_PT] >= two + 21.9 * (n_jets > 2 ? n_jets - 2 : 0) - 0.002);
    REQUIRE(n_jets > 2 || (double)v[FB_JET_ALL_PT] <= two + 0.002);
}

START_TEST(every_event_keeps_the_rules)
{
    fb_events *events = simulate_process(_i, N_EVENTS);
    for (size_t row = 0; row < events->n; row++) {
        check_row(events, row);
        REQUIRE(events->process[row] == _i && events->weight[row] == 1.0f);
    }
    fb_events_free(events);
}
END_TEST

/* --- the same bytes ----------------------------------------------------------------------------------------------- */

START_TEST(blocks_and_threads_do_not_matter)
{
    enum { N = 5000 };
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = N;
    fb_events *whole = simulate(&simulation, 0, N);
    static const size_t sizes[] = {1, 7, 256, 1000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        for (uint64_t first = 0; first < N; first += 997) {
            size_t n = first + sizes[s] > N ? N - (size_t)first : sizes[s];
            fb_events *part = simulate(&simulation, first, n);
            assert_same_rows(whole, first, part, n);
            fb_events_free(part);
        }
    }
    int n_threads = omp_get_max_threads();
    for (int t = 1; t <= 2; t++) {
        omp_set_num_threads(t);
        fb_events *again = simulate(&simulation, 0, N);
        assert_same_rows(whole, 0, again, N);
        fb_events_free(again);
    }
    omp_set_num_threads(n_threads);
    fb_events_free(whole);
}
END_TEST

START_TEST(seeds_and_families_differ)
{
    fb_simulation one = fb_simulation_default();
    fb_simulation two = one;
    two.seed = 2;
    fb_events *a = simulate(&one, 0, 1000);
    fb_events *b = simulate(&two, 0, 1000);
    ck_assert_mem_eq(a->process, b->process, 1000);
    ck_assert_mem_ne(a->column[FB_MET], b->column[FB_MET], 1000 * sizeof(float));
    /* No event of a simulation is among those of single processes with the same seed. */
    fb_error error = {0};
    for (int p = 0; p < FB_N_PROCESS; p++) {
        FB_ASSERT_OK(fb_simulation_block_of_process(one.seed, p, 0, 1000, b, &error));
        int n_equal = 0;
        for (int k = 0; k < 1000; k++) {
            n_equal +=
                a->column[FB_LEP_ETA][k] == b->column[FB_LEP_ETA][k] && a->column[FB_MET][k] == b->column[FB_MET][k];
        }
        ck_assert_int_eq(n_equal, 0);
    }
    fb_events_free(a);
    fb_events_free(b);
}
END_TEST

typedef struct event_values {
    float value[FB_N_PRIMARY];
} event_values;

static int compare_events(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(event_values));
}

/* Every event has random numbers of its own: with three decimals, sixteen columns never agree by chance. */
START_TEST(no_event_comes_twice)
{
    enum { N = 20000 };
    fb_simulation simulation = fb_simulation_default();
    fb_events *events = simulate(&simulation, 0, N);
    event_values *sorted = malloc(N * sizeof *sorted);
    ck_assert_ptr_nonnull(sorted);
    for (int row = 0; row < N; row++) {
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            sorted[row].value[k] = events->column[k][row];
        }
    }
    qsort(sorted, N, sizeof *sorted, compare_events);
    for (size_t row = 1; row < N; row++) {
        REQUIRE(compare_events(&sorted[row - 1], &sorted[row]) != 0);
    }
    free(sorted);
    fb_events_free(events);
}
END_TEST

/* --- mixture and weights ------------------------------------------------------------------------------------------ */

START_TEST(mixture_is_kept)
{
    enum { N = 20000 };
    fb_simulation simulation = fb_simulation_default();
    const double mixture[FB_N_PROCESS] = {2.0, 5.0, 1.0, 0.04};
    memcpy(simulation.mixture, mixture, sizeof mixture);
    fb_events *events = simulate(&simulation, 0, N);
    uint64_t counted[FB_N_PROCESS] = {0};
    for (uint64_t i = 0; i < N; i++) {
        uint64_t count[FB_N_PROCESS];
        if (i % 97 == 0 || i < 10) {
            fb_simulation_count(&simulation, i, count);
            for (int p = 0; p < FB_N_PROCESS; p++) {
                ck_assert_uint_eq(count[p], counted[p]);
                /* Two ends of an interval, each within a few units (Kesten 1966). */
                FB_ASSERT_NEAR((double)count[p], (double)i * mixture[p] / 8.04, 8.0);
            }
        }
        counted[events->process[i]]++;
    }
    fb_events_free(events);
    /* Far out, where counting one by one would take too long. */
    uint64_t count[FB_N_PROCESS], sum = 0, n = UINT64_C(1) << 50;
    fb_simulation_count(&simulation, n, count);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        sum += count[p];
        FB_ASSERT_NEAR((double)count[p] / (double)n, mixture[p] / 8.04, 1e-9);
    }
    ck_assert_uint_eq(sum, n);
}
END_TEST

static void sum_weights(const fb_events *events, double sum[FB_N_PROCESS])
{
    memset(sum, 0, FB_N_PROCESS * sizeof *sum);
    for (size_t k = 0; k < events->n; k++) {
        sum[events->process[k]] += (double)events->weight[k];
    }
}

START_TEST(weights_make_the_expected_yields)
{
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = N_EVENTS;
    fb_events *events = simulate(&simulation, 0, N_EVENTS);
    double sum[FB_N_PROCESS];
    sum_weights(events, sum);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        FB_ASSERT_NEAR(sum[p] / fb_process_expected[p], 1.0, 1e-5);
    }
    fb_events_free(events);
    /* Endless: a tenth of a million make a tenth of the yield, up to the unit of the counts. */
    simulation.n_events = 0;
    events = simulate(&simulation, 12345, N_EVENTS);
    sum_weights(events, sum);
    for (int p = 0; p < FB_N_PROCESS; p++) {
        FB_ASSERT_NEAR(sum[p] / fb_process_expected[p], 0.1, 2e-4);
    }
    fb_events_free(events);
}
END_TEST

static void assert_refused(const fb_simulation *simulation, const char *word)
{
    fb_error error = {0};
    fb_source *source = NULL;
    ck_assert_int_eq(fb_simulation_source(simulation, &source, &error), FB_ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, word));
    ck_assert_ptr_null(source);
}

START_TEST(bad_requests_are_refused)
{
    static const double bad[] = {0.0, -1.0, NAN, INFINITY};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        fb_simulation simulation = fb_simulation_default();
        simulation.mixture[FB_TTBAR] = bad[k];
        assert_refused(&simulation, "ttbar");
    }
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = UINT64_MAX;
    assert_refused(&simulation, "at most 72057594037927936");
}
END_TEST

/* --- as a source -------------------------------------------------------------------------------------------------- */

START_TEST(source_gives_the_same_events)
{
    fb_error error = {0};
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = 1000;
    fb_events *whole = simulate(&simulation, 0, 1000);
    fb_source *source = NULL;
    FB_ASSERT_OK(fb_simulation_source(&simulation, &source, &error));
    const fb_source_info *info = fb_source_describe(source);
    ck_assert_str_eq(info->origin, "simulate/3 seed=1 mixture=0.3,0.5,0.14,0.06");
    ck_assert(info->n_rows == 1000 && info->has_weights && info->has_processes && info->stage == FB_EVENTS_RAW);
    fb_events *block = NULL;
    FB_ASSERT_OK(fb_events_create(300, &block, &error));
    for (int pass = 0; pass < 2; pass++) {
        size_t done = 0;
        for (;;) {
            FB_ASSERT_OK(fb_source_read(source, block, &error));
            if (block->n == 0) {
                break;
            }
            ck_assert_uint_eq(block->first_row, done);
            assert_same_rows(whole, done, block, block->n);
            done += block->n;
        }
        ck_assert_uint_eq(done, 1000);
        FB_ASSERT_OK(fb_source_rewind(source, &error));
    }
    fb_events *all = NULL;
    FB_ASSERT_OK(fb_source_read_all(source, &all, &error));
    ck_assert_uint_eq(all->n, 1000);
    assert_same_rows(whole, 0, all, 1000);
    fb_source_free(source);
    /* Endless ones have the same origin. */
    simulation.n_events = 0;
    FB_ASSERT_OK(fb_simulation_source(&simulation, &source, &error));
    ck_assert_str_eq(fb_source_describe(source)->origin, "simulate/3 seed=1 mixture=0.3,0.5,0.14,0.06");
    ck_assert(fb_source_describe(source)->n_rows == FB_ROWS_UNKNOWN);
    fb_source_free(source);
    fb_events_free(all);
    fb_events_free(block);
    fb_events_free(whole);
}
END_TEST

/* --- physics ------------------------------------------------------------------------------------------------------ */

/* Facts of the published full-statistics distributions of the data set, read off figures, NAN where unknown; diboson
 * means are estimates from quantiles. The simulation has to be within 3 % or 0.03 standard deviations of a mean
 * (mass_vis, mt and pt_h of the events in the figures, tests/bench/simulate_facts.c), 0.01 of a share, 0.003 of the
 * efficiency. The tolerances below add what reading errors and 100 000 events allow (a mean is known to 0.003 standard
 * deviations, a share to 0.0016, the efficiency to 0.001, the share of m_jj in ztautau, which has 11 000 such events,
 * to 4 %); a wrong mass, spectrum or angle exceeds them. */
static const struct {
    double mass_vis, mt, pt_h, n_jets, efficiency, no_jet, mass_jj, cos_met_had, median_met;
} physics[FB_N_PROCESS] = {{82.35, 23.12, 64.05, 1.31, 0.9514, 0.318, 0.2432, -0.09, 24.93},
                           {67.82, 18.55, 26.50, 0.49, 0.8990, 0.658, 0.0738, -0.15, 13.69},
                           {114.63, 76.76, 89.87, 3.14, 0.9343, 0.007, 0.0805, NAN, 57.41},
                           {NAN, NAN, NAN, 1.01, 0.9079, 0.406, NAN, NAN, NAN}};

static void assert_near(const char *what, int process, double simulated, double real, double tolerance)
{
    ck_assert_msg(isnan(real) || fabs(simulated - real) <= tolerance, "%s of %s: %g, published %g +- %g", what,
                  fb_process_name(process), simulated, real, tolerance);
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

START_TEST(facts_are_near_the_published_ones)
{
    fb_events *events = simulate_process(_i, N_EVENTS);
    double mass = 0.0, mt = 0.0, pt_h = 0.0, n_drawn = 0.0, n_jets = 0.0, passed = 0.0, cosine = 0.0;
    double with[3] = {0.0}, heavy = 0.0;
    for (size_t k = 0; k < events->n; k++) {
        double lep = (double)events->column[FB_LEP_PT][k], lep_phi = (double)events->column[FB_LEP_PHI][k];
        double had = (double)events->column[FB_HAD_PT][k], had_phi = (double)events->column[FB_HAD_PHI][k];
        double met = (double)events->column[FB_MET][k], met_phi = (double)events->column[FB_MET_PHI][k];
        double deta = (double)events->column[FB_LEP_ETA][k] - (double)events->column[FB_HAD_ETA][k];
        double event_mass = sqrt(2.0 * lep * had * (cosh(deta) - cos(lep_phi - had_phi)));
        double event_mt = sqrt(2.0 * lep * met * (1.0 - cos(lep_phi - met_phi)));
        double event_pt_h = hypot(lep * cos(lep_phi) + had * cos(had_phi) + met * cos(met_phi),
                                  lep * sin(lep_phi) + had * sin(had_phi) + met * sin(met_phi));
        double sum_pt = lep + had + (double)events->column[FB_JET_ALL_PT][k];
        if (event_mass <= 500.0 && event_mt <= 250.0 && event_pt_h <= 400.0 && sum_pt <= 1000.0) {
            n_drawn += 1.0;
            mass += event_mass;
            mt += event_mt;
            pt_h += event_pt_h;
        }
        int jets = (int)events->column[FB_N_JETS][k];
        n_jets += jets;
        with[jets < 2 ? jets : 2] += 1.0;
        if (jets >= 2) {
            double jet_deta = (double)events->column[FB_JET1_ETA][k] - (double)events->column[FB_JET2_ETA][k];
            double jet_dphi = (double)events->column[FB_JET1_PHI][k] - (double)events->column[FB_JET2_PHI][k];
            double product = (double)events->column[FB_JET1_PT][k] * (double)events->column[FB_JET2_PT][k];
            heavy += 2.0 * product * (cosh(jet_deta) - cos(jet_dphi)) > 483.0 * 483.0;
        }
        passed += had >= 26.0;
        cosine += cos(met_phi - had_phi);
    }
    double n = (double)events->n;
    assert_near("mass_vis", _i, mass / n_drawn, physics[_i].mass_vis, 0.03 * physics[_i].mass_vis);
    assert_near("mass_transverse", _i, mt / n_drawn, physics[_i].mt, 0.04 * physics[_i].mt);
    assert_near("pt_h", _i, pt_h / n_drawn, physics[_i].pt_h, 0.05 * physics[_i].pt_h);
    assert_near("n_jets", _i, n_jets / n, physics[_i].n_jets, 0.04 * physics[_i].n_jets);
    assert_near("efficiency", _i, passed / n, physics[_i].efficiency, 0.005);
    assert_near("share without jets", _i, with[0] / n, physics[_i].no_jet, 0.015);
    assert_near("share with two jets of 483 GeV", _i, heavy / with[2], physics[_i].mass_jj, 0.2 * physics[_i].mass_jj);
    assert_near("cosine of MET and tau", _i, cosine / n, physics[_i].cos_met_had, 0.04);
    qsort(events->column[FB_MET], events->n, sizeof(float), compare_floats);
    double median = (double)events->column[FB_MET][events->n / 2];
    assert_near("median MET", _i, median, physics[_i].median_met, 0.03 * physics[_i].median_met);
    fb_events_free(events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("simulate");
    TCase *test_case = tcase_create("simulate");
    tcase_set_timeout(test_case, 300);
    tcase_add_loop_test(test_case, every_event_keeps_the_rules, 0, FB_N_PROCESS);
    tcase_add_test(test_case, blocks_and_threads_do_not_matter);
    tcase_add_test(test_case, seeds_and_families_differ);
    tcase_add_test(test_case, no_event_comes_twice);
    tcase_add_test(test_case, mixture_is_kept);
    tcase_add_test(test_case, weights_make_the_expected_yields);
    tcase_add_test(test_case, bad_requests_are_refused);
    tcase_add_test(test_case, source_gives_the_same_events);
    tcase_add_loop_test(test_case, facts_are_near_the_published_ones, 0, FB_N_PROCESS);
    suite_add_tcase(suite, test_case);
    return fb_run_suite(suite);
}
