/* The parts of the simulation: what the hard process makes, and what the detector sees of it. */
#include <math.h>

#include "holdout/events/events.h"
#include "holdout/simulation/sim_detector_internal.h"
#include "holdout/simulation/sim_hard_internal.h"
#include "holdout/simulation/sim_kinematics.inc"
#include "tests/support/support.h"

/* Adds what `particle` takes of the momenta of the two protons. */
static void add_shares(const fb_sim_particle *particle, double *plus, double *minus)
{
    double pt = fb_sim_kinematics_pt(particle), factor = exp(particle->eta);
    *plus += pt * factor;
    *minus += pt / factor;
}

/* All that is made comes from partons that the event counts, and these from the protons; neutrinos may have the
 * rest. */
START_TEST(particles_take_what_the_protons_have)
{
    fb_sim_plan plan = fb_sim_hard_plan((fb_sim_channel)_i);
    for (size_t row = 0; row < 20000; row++) {
        fb_sim_random random = fb_sim_random_at(5, row);
        fb_sim_event event;
        while (!fb_sim_hard_produce(&random, &plan, &event)) {
        }
        double plus = 0.0, minus = 0.0;
        add_shares(&event.lepton, &plus, &minus);
        add_shares(&event.tau, &plus, &minus);
        for (int k = 0; k < event.n_jets; k++) {
            add_shares(&event.jet[k], &plus, &minus);
        }
        ck_assert(plus <= event.plus * (1.0 + 1e-9) && minus <= event.minus * (1.0 + 1e-9));
        ck_assert(event.plus <= FB_SIM_COLLISION_ENERGY && event.minus <= FB_SIM_COLLISION_ENERGY);
    }
}
END_TEST

/* A calorimeter without noise elsewhere sees max(0, response pT + sigma n) of a soft jet, the missing momentum has the
 * rest: a jet that fluctuates below 0 is missed, not seen at its average. */
START_TEST(soft_jets_are_seen_or_missed)
{
    enum { N = 20000 };
    fb_sim_event event = {.lepton = {50.0, 0.0, 0.0}, .tau = {-50.0, 0.0, 0.0}, .n_jets = 1, .jet = {{0.0, 1.0, 0.0}}};
    /* What cancels the noise of the missing momentum. */
    event.soft_et = -FB_SIM_MET_NOISE * FB_SIM_MET_NOISE / (FB_SIM_MET_STOCHASTIC * FB_SIM_MET_STOCHASTIC);
    double seen = 0.0;
    int n_missed = 0;
    for (uint64_t i = 0; i < N; i++) {
        fb_sim_random random = fb_sim_random_at(5, i);
        float row[FB_N_PRIMARY];
        ck_assert(fb_sim_detector_measure(&random, &event, row));
        double missing = (double)row[FB_MET] * sin((double)row[FB_MET_PHI]);
        seen += 1.0 - missing;
        n_missed += missing > 0.998; /* two roundings off 1 */
    }
    const fb_sim_resolution *part = &fb_sim_settings_jet_central;
    double mean = FB_SIM_HADRONIC_RESPONSE;
    double sigma = sqrt(part->stochastic * part->stochastic + part->constant * part->constant +
                        part->noise * part->noise); /* at 1 GeV */
    double below = 0.5 * erfc(mean / sigma / sqrt(2.0));
    double expected = mean * (1.0 - below) + sigma * exp(-0.5 * mean * mean / (sigma * sigma)) / sqrt(2.0 * M_PI);
    FB_ASSERT_NEAR(seen / N, expected, 0.03); /* 4 standard deviations */
    FB_ASSERT_NEAR((double)n_missed / N, below, 0.015);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("simulation_parts");
    TCase *test_case = tcase_create("simulation_parts");
    tcase_set_timeout(test_case, 300);
    tcase_add_loop_test(test_case, particles_take_what_the_protons_have, 0, FB_SIM_N_CHANNEL);
    tcase_add_test(test_case, soft_jets_are_seen_or_missed);
    suite_add_tcase(suite, test_case);
    return fb_run_suite(suite);
}
