/* Undefined values and jets: what columns say about one another. */
#include <math.h>

#include "holdout/validation/value_rules_internal.h"

static void in_part(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    FB_VALUE_RULES_COLUMN(pt, check->jet);
    FB_VALUE_RULES_COLUMN(eta, check->jet + 1);
    FB_VALUE_RULES_COLUMN(phi, check->jet + 2);
    for (size_t i = 0; i < events->n; i++) {
        int n = (pt[i] == FB_MISSING) + (eta[i] == FB_MISSING) + (phi[i] == FB_MISSING);
        broken[i] = (n == 1) | (n == 2);
    }
}

static void too_many(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    const float needed = check->jet == FB_JET1_PT ? 1.0f : 2.0f;
    FB_VALUE_RULES_COLUMN(pt, check->jet);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (pt[i] != FB_MISSING) & (n_jets[i] < needed);
    }
}

static void too_few(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    const float needed = check->jet == FB_JET1_PT ? 1.0f : 2.0f;
    FB_VALUE_RULES_COLUMN(pt, check->jet);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (pt[i] == FB_MISSING) & (n_jets[i] >= needed);
    }
}

static void sum_without_jets(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    (void)check;
    FB_VALUE_RULES_COLUMN(all, FB_JET_ALL_PT);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (n_jets[i] == 0.0f) & (all[i] > -FB_VALUE_RULES_SUM_LEAST);
    }
}

static void jets_without_sum(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    (void)check;
    FB_VALUE_RULES_COLUMN(all, FB_JET_ALL_PT);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (n_jets[i] >= 1.0f) & (all[i] <= -FB_VALUE_RULES_SUM_LEAST) & (all[i] != FB_MISSING);
    }
}

static void leading_is_softer(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    (void)check;
    FB_VALUE_RULES_COLUMN(pt1, FB_JET1_PT);
    FB_VALUE_RULES_COLUMN(pt2, FB_JET2_PT);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = (pt1[i] < pt2[i]) & (pt1[i] != FB_MISSING) & (pt2[i] != FB_MISSING);
    }
}

/* Every term and the sum are rounded to .001, before and after a distortion; the sum is a float32. */
static inline float slack(float n_jets, float sum)
{
    return 0.003f + 0.001f * n_jets + 1e-6f * sum;
}

/* Rows without a sum are for other rules. */
static void sum_is_too_small(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    (void)check;
    FB_VALUE_RULES_COLUMN(pt1, FB_JET1_PT);
    FB_VALUE_RULES_COLUMN(pt2, FB_JET2_PT);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    FB_VALUE_RULES_COLUMN(all, FB_JET_ALL_PT);
    for (size_t i = 0; i < events->n; i++) {
        float least = (pt1[i] > 0.0f ? pt1[i] : 0.0f) + (pt2[i] > 0.0f ? pt2[i] : 0.0f);
        broken[i] = (all[i] < least - slack(n_jets[i], least)) & (all[i] > -FB_VALUE_RULES_SUM_LEAST);
    }
}

/* The third jet and all after it are not harder than the second; without a third one the sum has to be that of the two.
 * 3 may stand for 3 or more. */
static void sum_is_too_large(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    (void)check;
    FB_VALUE_RULES_COLUMN(pt1, FB_JET1_PT);
    FB_VALUE_RULES_COLUMN(pt2, FB_JET2_PT);
    FB_VALUE_RULES_COLUMN(n_jets, FB_N_JETS);
    FB_VALUE_RULES_COLUMN(all, FB_JET_ALL_PT);
    for (size_t i = 0; i < events->n; i++) {
        float most = pt1[i] + (n_jets[i] > 1.0f ? (n_jets[i] - 1.0f) * pt2[i] : 0.0f);
        bool known = (pt1[i] != FB_MISSING) & (n_jets[i] >= 1.0f) & (n_jets[i] != 3.0f) &
                     ((n_jets[i] < 2.0f) | (pt2[i] != FB_MISSING));
        broken[i] = (all[i] > most + slack(n_jets[i], most)) & known;
    }
}

/* Energies beyond those of a beam, with room for the resolution. */
static void too_much_energy(const fb_value_check *check, const fb_events *events, uint8_t *broken)
{
    static const float most = 1.2f * 6500.0f, harmless = 80.0f; /* GeV; cosh(5) is 74 */
    FB_VALUE_RULES_COLUMN(pt, check->jet);
    FB_VALUE_RULES_COLUMN(eta, check->jet + 1);
    for (size_t i = 0; i < events->n; i++) {
        broken[i] = pt[i] > harmless && pt[i] * coshf(eta[i]) > most;
    }
}

#define RELATION(family, column, when, rare_is_tolerable, find, jet, text)                                             \
    {                                                                                                                  \
        family, column, FB_SEVERITY_ERROR, when, rare_is_tolerable, find, jet, 0.0f, 0.0f, text                        \
    }

const fb_value_check fb_value_relations[FB_VALUE_RULES_RELATIONS] = {
    RELATION("undefined", FB_JET1_ETA, FB_ALWAYS, false, in_part, FB_JET1_PT,
             "one of pt, eta, phi is -25, another is not"),
    RELATION("undefined", FB_JET2_ETA, FB_ALWAYS, false, in_part, FB_JET2_PT,
             "one of pt, eta, phi is -25, another is not"),
    RELATION("undefined", FB_JET1_PT, FB_ALWAYS, false, too_many, FB_JET1_PT, "has a value where PRI_n_jets is 0"),
    RELATION("undefined", FB_JET1_PT, FB_ONLY_RAW, false, too_few, FB_JET1_PT, "-25 where PRI_n_jets is 1 or more"),
    RELATION("undefined", FB_JET2_PT, FB_ALWAYS, false, too_many, FB_JET2_PT,
             "has a value where PRI_n_jets is below 2"),
    RELATION("undefined", FB_JET2_PT, FB_ONLY_RAW, false, too_few, FB_JET2_PT, "-25 where PRI_n_jets is 2 or more"),
    RELATION("jets", FB_JET_ALL_PT, FB_ALWAYS, false, sum_without_jets, 0, "above 0 where PRI_n_jets is 0"),
    RELATION("jets", FB_JET_ALL_PT, FB_ALWAYS, false, jets_without_sum, 0, "0 where PRI_n_jets is 1 or more"),
    RELATION("jets", FB_JET1_PT, FB_ALWAYS, true, leading_is_softer, 0, "below that of the subleading jet"),
    RELATION("jets", FB_JET_ALL_PT, FB_ALWAYS, true, sum_is_too_small, 0, "below the sum of the two jets"),
    RELATION("jets", FB_JET_ALL_PT, FB_ALWAYS, true, sum_is_too_large, 0,
             "above leading + (PRI_n_jets - 1) subleading, which no jets can reach"),
    RELATION("jets", FB_JET1_PT, FB_ALWAYS, true, too_much_energy, FB_JET1_PT,
             "pt cosh(eta) above the energy of a beam"),
    RELATION("jets", FB_JET2_PT, FB_ALWAYS, true, too_much_energy, FB_JET2_PT,
             "pt cosh(eta) above the energy of a beam"),
};
