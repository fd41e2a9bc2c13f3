/* The options that commands share: their values to text and back, alone and through YAML, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/fit_options.h"
#include "baseline/analysis/train_options.h"
#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "baseline/experiments/evaluation_options.h"
#include "baseline/external/external_options.h"
#include "tests/support/support.h"

/* All options whose values have types of their own. */
typedef struct typed {
    fb_fit_choice fit;
    fb_train_settings train;
    fb_evaluation_settings evaluation;
    fb_external_method_settings external;
} typed;

static typed typed_defaults(void)
{
    return (typed){.fit = fb_fit_options_default(),
                   .train = fb_train_settings_default(),
                   .evaluation = {.n_sets = 1, .n_experiments = 1, .drawn = FB_ALL_NUISANCES},
                   .external = fb_external_method_default()};
}

static fb_option_table typed_table(typed *t)
{
    fb_option_table table = {0};
    fb_fit_options_add(&table, &t->fit);
    fb_train_options_add(&table, &t->train);
    fb_evaluation_options_add(&table, &t->evaluation, &t->evaluation.seed, NULL);
    fb_external_options_add_limits(&table, &t->external);
    return table;
}

/* Given so, written so; NULL: as it was given. Of a list the first item, the others follow. */
static const struct {
    const char *name, *given, *written;
} values[] = {{"systematics", "none", NULL},
              {"systematics", "soft-met,tes", "tes,soft_met"},
              {"systematics", "bkg_scale,tes,jes,soft_met,diboson_scale,ttbar_scale", "all"},
              {"fix", "mu=1.25", NULL},
              {"fix", "soft-met=0.50", "soft_met=0.5"},
              {"limits", "-100,1e3", "-100,1000"},
              {"interval", "hessian", NULL},
              {"priors", "white-paper", NULL},
              {"model", "dense", NULL},
              {"calibrate", "isotonic", NULL},
              {"bins", "007", "7"},
              {"bins", "1e3", "1000"},
              {"edges", "0.50", "0.5"},
              {"binning", "uniform", NULL},
              {"combination", "average", NULL},
              {"degree", "auto", NULL},
              {"degree", "3", NULL},
              {"degree", "3,1,5", NULL},
              {"degree", "2,2,2", "2"},
              {"condition-on", "jes", NULL},
              {"condition-on", "jes=1.0", "jes"},
              {"condition-on", "tes=0.98", NULL},
              {"split", "0.30,.1,3e-1,0.30", "0.3,0.1,0.3,0.3"},
              {"split", "1,2,3,0", NULL},
              {"split", "0.33333333333333331,1,1,1e-300", "0.3333333333333333,1,1,1e-300"},
              {"split-rule", "official", NULL},
              {"split-seed", "8999999999999999999", NULL},
              {"draw", "ttbar-scale", "ttbar_scale"},
              {"generator", "official", NULL},
              {"method-format", "csv", NULL}};

/* text -> value -> text -> value -> text, and through YAML. */
START_TEST(typed_values_read_back)
{
    typed first = typed_defaults(), second = typed_defaults(), third = typed_defaults();
    fb_option_table one = typed_table(&first), two = typed_table(&second), three = typed_table(&third);
    fb_option *a = fb_option_find(&one, values[_i].name), *b = fb_option_find(&two, values[_i].name);
    fb_option *c = fb_option_find(&three, values[_i].name);
    const char *expected = values[_i].written != NULL ? values[_i].written : values[_i].given;
    char of_a[FB_OPTION_TEXT_SIZE], again[FB_OPTION_TEXT_SIZE], *yaml = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_option_set(a, values[_i].given, &error));
    const char *text = fb_option_text(a, 0, of_a);
    ck_assert_str_eq(text, expected);
    FB_ASSERT_OK(fb_option_set(b, text, &error));
    ck_assert_str_eq(fb_option_text(b, 0, again), text);
    FB_ASSERT_OK(fb_config_writer_text("train", &one, &yaml, &error));
    FB_ASSERT_OK(fb_config_apply_text(yaml, "x", "train", &three, &error));
    ck_assert_str_eq(fb_option_text(c, 0, again), text);
    ck_assert_ptr_null(fb_option_text(c, 1, again));
    free(yaml);
    fb_config_forget();
}
END_TEST

/* What is read back is the value itself, not only its text. */
START_TEST(typed_values_are_the_same_bits)
{
    typed s = typed_defaults(), back = typed_defaults();
    fb_option_table table = typed_table(&s), of_back = typed_table(&back);
    char *yaml = NULL;
    fb_error error = {0};
    s.train.split.share[FB_TRAIN] = 1.0 / 3.0;
    s.fit.settings.systematics = 5;
    s.fit.settings.mu_is_fixed = true;
    s.fit.settings.mu_fixed_at = 2.0 / 3.0;
    s.fit.settings.fixed = 1U << FB_JES;
    s.fit.settings.fixed_at.value[FB_JES] = 1.0 + 1e-15;
    s.fit.settings.monte_carlo_uncertainty = false;
    s.train.templates.conditioning = (fb_conditioning){.which = 6, .value = fb_nuisance_nominal()};
    s.train.templates.conditioning.value.value[FB_SOFT_MET] = 0.1 + 0.2;
    s.train.templates.degree[0] = s.train.templates.degree[2] = 4;
    s.train.templates.degree[1] = 3;
    FB_ASSERT_OK(fb_config_writer_text("train", &table, &yaml, &error));
    FB_ASSERT_OK(fb_config_apply_text(yaml, "x", "train", &of_back, &error));
    ck_assert_mem_eq(back.train.split.share, s.train.split.share, sizeof s.train.split.share);
    ck_assert_mem_eq(back.train.templates.degree, s.train.templates.degree, sizeof s.train.templates.degree);
    ck_assert_mem_eq(&back.train.templates.conditioning.value, &s.train.templates.conditioning.value,
                     sizeof s.train.templates.conditioning.value);
    ck_assert(back.train.templates.conditioning.which == 6 && back.fit.settings.systematics == 5);
    ck_assert(back.fit.settings.mu_is_fixed && back.fit.settings.mu_fixed_at == 2.0 / 3.0);
    ck_assert(back.fit.settings.fixed == s.fit.settings.fixed && !back.fit.settings.monte_carlo_uncertainty);
    ck_assert(back.fit.settings.fixed_at.value[FB_JES] == 1.0 + 1e-15);
    free(yaml);
    fb_config_forget();
}
END_TEST

static const struct {
    const char *yaml, *words;
} wrong_types[] = {
    {"systematics: bla", "line 2, column 16: --systematics: 'bla': unknown systematic 'bla'; known are tes, jes,"},
    {"fix: [tes=1.0, jes=x]", "line 2, column 18: --fix: 'jes=x': fit: 'x' in 'jes=x' is not a number"},
    {"fix: [tes=2]", "line 2, column 9: --fix: 'tes=2': fit: tes cannot be fixed at 2, its range is [0.9, 1.1]"},
    {"fix:\n  - mu=1\n  - mass=125", "line 4, column 5: --fix: 'mass=125': fit: unknown parameter 'mass'"},
    {"fix: [tes=1.0, mu=1,\n    tes=1.01]", "line 3, column 5: --fix tes=1.01: 'tes' is given already, as tes=1.0"},
    {"set: [trees=3, trees=3]", "line 2, column 18: --set trees=3: 'trees' is given already, as trees=3"},
    {"condition-on: [tes, tes=1.01]", "line 2, column 23: --condition-on tes=1.01: 'tes' is given already, as tes"},
    {"interval: wide", "line 2, column 13: --interval: 'wide' is not symmetric, profile or hessian"},
    {"priors: kit-like", "--priors: 'kit-like' is not official, white-paper or kit"},
    {"model: forest", "line 2, column 10: --model: 'forest': unknown model 'forest'; known: bdt, dense"},
    {"binning: x", "--binning: 'x' is not quantile or uniform"},
    {"degree: 9", "line 2, column 11: --degree: '9': expected 'auto', one degree, or three"},
    {"degree: 1,2", "--degree: '1,2': expected"},
    {"condition-on: [tes, mu]",
     "line 2, column 23: --condition-on: 'mu': 'mu': a classifier can be conditioned on tes, jes or soft_met"},
    {"split: 0,1,1,1", "line 2, column 10: --split: '0,1,1,1': expected four numbers >= 0 for train,validation,"},
    {"draw: [tes]", "line 2, column 9: 'draw' takes single values"},
    {"condition-on: tes", "line 2, column 17: 'condition-on' is a list"}};

START_TEST(wrong_values_have_places)
{
    typed s = typed_defaults();
    fb_option_table table = typed_table(&s);
    char yaml[256];
    fb_error error = {0};
    snprintf(yaml, sizeof yaml, "train:\n  %s\n", wrong_types[_i].yaml);
    ck_assert_int_eq(fb_config_apply_text(yaml, "name.yaml", "train", &table, &error), FB_ERROR_USAGE);
    ck_assert_msg(strstr(error.text, wrong_types[_i].words) != NULL, "'%s' is not in '%s'", wrong_types[_i].words,
                  error.text);
    fb_config_forget();
}
END_TEST

/* The kit's fit, in whatever order it is asked for, keeps what floats and what is fixed. */
START_TEST(as_kit_in_any_order)
{
    static const char *const given[][2] = {{"as-kit", NULL},
                                           {"no-mc-uncertainty", NULL},
                                           {"systematics", "jes"},
                                           {"fix", "tes=1.01"},
                                           {"priors", "official"}};
    fb_fit_choice choice = fb_fit_options_default();
    fb_fit_settings expected = fb_fit_settings_kit();
    fb_option_table table = {0};
    fb_error error = {0};
    fb_fit_options_add(&table, &choice);
    FB_ASSERT_OK(fb_fit_settings_fix(&expected, "tes=1.01", &error));
    expected.systematics = 1U << FB_JES;
    for (int k = 0; k < 5; k++) {
        const char *const *one = given[(_i + k * (_i + 1)) % 5]; /* 5 is prime: each comes once */
        FB_ASSERT_OK(fb_option_set(fb_option_find(&table, one[0]), one[1], &error));
    }
    const fb_fit_settings kit = fb_fit_options_settings(&choice);
    ck_assert(kit.priors == expected.priors && kit.interval == FB_INTERVAL_HESSIAN);
    ck_assert(kit.systematics == expected.systematics && kit.fixed == expected.fixed);
    ck_assert(!kit.multistart && !kit.monte_carlo_uncertainty && kit.delta_in_sigmas == 2.0);
    ck_assert(kit.floor == expected.floor && kit.floor_kind == FB_FLOOR_CLIP);
    choice.as_kit = false;
    const fb_fit_settings without = fb_fit_options_settings(&choice);
    ck_assert(without.priors == FB_PRIORS_OFFICIAL && without.multistart && !without.monte_carlo_uncertainty);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("typed_options");
    TCase *cases = tcase_create("typed_options");
    tcase_add_loop_test(cases, typed_values_read_back, 0, sizeof values / sizeof values[0]);
    tcase_add_test(cases, typed_values_are_the_same_bits);
    tcase_add_loop_test(cases, wrong_values_have_places, 0, sizeof wrong_types / sizeof wrong_types[0]);
    tcase_add_loop_test(cases, as_kit_in_any_order, 0, 4);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
