/* The distortions, the selection and the features against the official program, row by row.
 *
 * Rule of agreement: the same surviving rows; identical momenta, angles and jet counts; MET and its azimuth off by one
 * unit of the third decimal in few rows; in the other rows features within 1e-3 relative or 2e-3 absolute, the masses
 * within 1e-6 of the squared energy in m^2 (float32 cancellation: the official numbers move by as much with the CPU).
 */
#include <math.h>
#include <stdio.h>

#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/block.h"
#include "holdout/pipeline/noise.h"
#include "holdout/pipeline/stages.h"
#include "tests/support/reference.h"
#include "tests/support/support.h"

static const struct {
    const char *name;
    double tes, jes, soft_met;
    bool select;
} settings[] = {{"nominal", 1, 1, 0, true},
                {"tes_0.9", 0.9, 1, 0, true},
                {"tes_0.99", 0.99, 1, 0, true},
                {"tes_1.01", 1.01, 1, 0, true},
                {"tes_1.03", 1.03, 1, 0, true},
                {"tes_1.1", 1.1, 1, 0, true},
                {"jes_0.9", 1, 0.9, 0, true},
                {"jes_0.97", 1, 0.97, 0, true},
                {"jes_0.99", 1, 0.99, 0, true},
                {"jes_1.01", 1, 1.01, 0, true},
                {"jes_1.1", 1, 1.1, 0, true},
                {"soft_met_0.5", 1, 1, 0.5, true},
                {"soft_met_1", 1, 1, 1.0, true},
                {"soft_met_5", 1, 1, 5.0, true},
                {"combined_a", 1.02, 0.98, 2.0, true},
                {"nominal_nopost", 1, 1, 0, false},
                {"combined_a_nopost", 1.02, 0.98, 2.0, false},
                {"norms_as_called", 1, 1, 0, true}};

enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

static fb_table official;

static fb_block *distorted(const fb_events *events, fb_nuisances nuisances, bool select)
{
    fb_error error = {0};
    fb_block *block = NULL;
    fb_noise noise;
    FB_ASSERT_OK(fb_block_create(events->n, &block, &error));
    fb_block_load(block, events, 0, events->n);
    fb_noise_init_sequence(&noise, FB_NOISE_OFFICIAL_SEED, events->n);
    fb_block_fill_noise(block, &noise);
    fb_distort(block, &nuisances);
    fb_reweight(block, &nuisances);
    if (select) {
        fb_select(block);
    }
    fb_derive(block);
    return block;
}

/* The squared sum of the energies that enter a mass. */
static double squared_energy(const fb_block *block, int column, size_t i)
{
    float *const *p = block->events->column;
    double e = 0.0;
    if (column == FB_DER_MASS_VIS) {
        e = p[FB_LEP_PT][i] * cosh(p[FB_LEP_ETA][i]) + p[FB_HAD_PT][i] * cosh(p[FB_HAD_ETA][i]);
    } else if (column == FB_DER_MASS_JJ) {
        e = fabs(p[FB_JET1_PT][i]) * cosh(p[FB_JET1_ETA][i]) + fabs(p[FB_JET2_PT][i]) * cosh(p[FB_JET2_ETA][i]);
    } else {
        e = p[FB_LEP_PT][i] + p[FB_MET][i];
    }
    return e * e;
}

typedef struct agreement {
    long n_values, n_identical, n_flipped_rows, n_rows;
    double worst_feature;
} agreement;

static void compare_feature(const fb_block *block, size_t i, int column, float theirs, agreement *found)
{
    float ours = block->derived[column - FB_N_PRIMARY][i];
    bool is_mass = column == FB_DER_MASS_VIS || column == FB_DER_MASS_JJ || column == FB_DER_MT;
    found->n_values++;
    if (ours == theirs) {
        found->n_identical++;
        return;
    }
    if (isnan(theirs)) {
        ck_assert_msg(column == FB_DER_MASS_VIS && ours == 0.0f, "row %zu: %s is %g, official is NaN", i,
                      fb_column_name(column), ours);
        return;
    }
    double difference = fabs((double)ours - theirs);
    if (is_mass) {
        double squared = fabs((double)ours * ours - (double)theirs * theirs);
        ck_assert_msg(squared <= 1e-6 * squared_energy(block, column, i), "row %zu: %s is %.9g, official %.9g", i,
                      fb_column_name(column), ours, theirs);
    } else {
        ck_assert_msg(difference <= 1e-3 * fabs(theirs) || difference <= 2e-3, "row %zu: %s is %.9g, official %.9g", i,
                      fb_column_name(column), ours, theirs);
    }
    found->worst_feature = fmax(found->worst_feature, difference / fmax(1.0, fabs((double)theirs)));
}

/* True when the MET or its azimuth differs by one unit of the third decimal, as may happen on a tie. */
static bool compare_primaries(const fb_block *block, size_t i, const int *map, agreement *found)
{
    bool flipped = false;
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        float ours = block->events->column[k][i];
        float theirs = official.value[i][map[k]];
        found->n_values++;
        found->n_identical += ours == theirs;
        if (k == FB_MET || k == FB_MET_PHI) {
            double difference = fabs((double)ours - theirs);
            difference = k == FB_MET_PHI && difference > 6.28 ? fabs(difference - 6.283) : difference;
            ck_assert_msg(difference <= 1.05e-3, "row %zu: %s is %.9g, official %.9g", i, fb_column_name(k), ours,
                          theirs);
            flipped |= ours != theirs;
        } else {
            ck_assert_msg(ours == theirs, "row %zu: %s is %.9g, official %.9g", i, fb_column_name(k), ours, theirs);
        }
    }
    return flipped;
}

static void compare_all(const fb_events *events, const char *folder, const char *prefix, double allowed_flips)
{
    agreement found = {0};
    for (int s = 0; s < N_SETTINGS; s++) {
        char path[1024];
        int map[FB_N_FEATURES];
        fb_nuisances nuisances = fb_nuisance_nominal();
        nuisances.value[FB_TES] = settings[s].tes;
        nuisances.value[FB_JES] = settings[s].jes;
        nuisances.value[FB_SOFT_MET] = settings[s].soft_met;
        snprintf(path, sizeof path, "%s/%s_%s.csv.gz", folder, prefix, settings[s].name);
        ck_assert_msg(fb_table_read(path, &official), "cannot read %s", path);
        fb_block *block = distorted(events, nuisances, settings[s].select);
        ck_assert_msg((int)block->events->n == official.n_rows, "%s: %zu rows survive, official %d", path,
                      block->events->n, official.n_rows);
        for (int k = 0; k < FB_N_FEATURES; k++) {
            map[k] = fb_table_column(&official, fb_column_name(k));
        }
        int id = fb_table_column(&official, "id"), weights = fb_table_column(&official, "weights");
        long flipped = 0;
        for (size_t i = 0; i < block->events->n; i++) {
            ck_assert_msg((float)block->origin[i] == official.value[i][id], "%s: row %zu came from row %u", path, i,
                          block->origin[i]);
            ck_assert_msg(block->events->weight[i] == official.value[i][weights], "%s: weight of row %zu", path, i);
            if (compare_primaries(block, i, map, &found)) {
                flipped++;
                continue;
            }
            for (int k = FB_N_PRIMARY; k < FB_N_FEATURES; k++) {
                compare_feature(block, i, k, official.value[i][map[k]], &found);
            }
        }
        ck_assert_msg((double)flipped <= allowed_flips * official.n_rows, "%s: %ld of %d rows differ in the MET", path,
                      flipped, official.n_rows);
        found.n_flipped_rows += flipped;
        found.n_rows += official.n_rows;
        fb_block_free(block);
    }
    /* On the machine where this was written every value was identical; another libm may round sinh, cosh or atan2
     * otherwise. */
    ck_assert_msg((double)found.n_identical >= 0.999 * (double)found.n_values, "only %ld of %ld values are identical",
                  found.n_identical, found.n_values);
    printf("%s: %d tables, %ld rows, %ld values, %ld identical, %ld rows with another rounding of the MET, largest "
           "relative "
           "difference of a feature %.2g\n",
           prefix, N_SETTINGS, found.n_rows, found.n_values, found.n_identical, found.n_flipped_rows,
           found.worst_feature);
}

static void compare_weights(const fb_events *events, const char *folder, const char *prefix)
{
    char path[1024];
    fb_nuisances nuisances = fb_nuisance_nominal();
    nuisances.value[FB_TTBAR_SCALE] = 1.1;
    nuisances.value[FB_DIBOSON_SCALE] = 1.5;
    nuisances.value[FB_BKG_SCALE] = 1.005;
    snprintf(path, sizeof path, "%s/%s_norms_with_detailedlabel_column.csv.gz", folder, prefix);
    ck_assert_msg(fb_table_read(path, &official), "cannot read %s", path);
    fb_block *block = distorted(events, nuisances, true);
    ck_assert_int_eq((int)block->events->n, official.n_rows);
    for (int i = 0; i < official.n_rows; i++) {
        ck_assert_msg(block->events->weight[i] == official.value[i][1], "weight of row %d is %.9g, official %.9g", i,
                      block->events->weight[i], official.value[i][1]);
    }
    fb_block_free(block);
}

static fb_events *read_events(const char *path)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    FB_ASSERT_OK(fb_source_read_all(source, &events, &error));
    fb_source_free(source);
    return events;
}

START_TEST(synthetic_events_agree)
{
    fb_events *events = read_events(FB_TEST_DATA "/synthetic_events.csv");
    ck_assert_uint_eq(events->n, 2001);
    compare_all(events, FB_TEST_DATA "/systematics", "synthetic", 0.02);
    compare_weights(events, FB_TEST_DATA "/systematics", "synthetic");
    fb_events_free(events);
}
END_TEST

START_TEST(real_sample_agrees)
{
    const char *sample = fb_optional_path("FB_REAL_SAMPLE");
    const char *golden = fb_optional_path("FB_GOLDEN_DIR");
    if (sample == NULL || golden == NULL) {
        printf("real sample: not compared (FB_REAL_SAMPLE, FB_GOLDEN_DIR)\n");
        return;
    }
    char folder[512];
    snprintf(folder, sizeof folder, "%s/systematics", golden);
    fb_events *events = read_events(sample);
    ck_assert_uint_eq(events->n, 1000);
    compare_all(events, folder, "sample", 0.005);
    compare_weights(events, folder, "sample");
    fb_events_free(events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/systematics");
    TCase *tests = tcase_create("official");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, synthetic_events_agree);
    tcase_add_test(tests, real_sample_agrees);
    return fb_run_suite(suite);
}
