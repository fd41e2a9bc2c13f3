/* Options beside each other and given twice, whole numbers as people write them, and what a mistyped name was meant to be. */
#include <stdio.h>
#include <string.h>

#include "baseline/config/given_options.h"
#include "baseline/config/option.h"
#include "baseline/config/suggestion.h"
#include "tests/support/support.h"

static const struct {
    const char *word, *meant;
} words[] = {{"thread", "threads"},
             {"treads", "threads"},
             {"therads", "threads"},
             {"Threads", "threads"},
             {"num_of_sets", "num-of-sets"},
             {"num-of", "num-of-sets"},
             {"sede", "seed"},
             {"thread-count", NULL},
             {"x", NULL},
             {"", NULL},
             {"a-word-that-is-longer-than-any-name-could-ever-be", NULL}};

START_TEST(the_nearest_name_is_meant)
{
    fb_suggestion meant = fb_suggestion_start(words[_i].word);
    char text[FB_SUGGESTION_SIZE], expected[FB_SUGGESTION_SIZE] = "";
    fb_suggestion_offer(&meant, "overwrite");
    fb_suggestion_offer(&meant, "threads");
    fb_suggestion_offer(&meant, "num-of-sets");
    fb_suggestion_offer(&meant, "seed");
    if (words[_i].meant != NULL) {
        snprintf(expected, sizeof expected, "; did you mean --%s?", words[_i].meant);
    }
    ck_assert_str_eq(fb_suggestion_text(&meant, "--", text), expected);
}
END_TEST

static const struct {
    const char *text;
    bool is_whole;
    uint64_t value;
} numbers[] = {{"1e6", true, 1000000},
               {"2.5e3", true, 2500},
               {"1E0", true, 1},
               {"12", true, 12},
               {"9007199254740993", true, 9007199254740993}, /* beyond 2^53, digit for digit */
               {"1e15", true, 1000000000000000},
               {"1e17", false, 0}, /* no double tells it from its neighbours */
               {"1.5", false, 0},
               {"12.0", false, 0},
               {"1e-3", false, 0},
               {"2.55e1", false, 0},
               {"-1e3", false, 0},
               {"1e400", false, 0},
               {"nan", false, 0},
               {"1e", false, 0},
               {"e3", false, 0}};

START_TEST(whole_numbers_have_powers_of_ten)
{
    uint64_t value = 7;
    fb_option_table table = {0};
    fb_error error = {0};
    fb_option *option = fb_option_add_count(&table, "events", "N", &value, 0, 9e18, "");
    ck_assert_int_eq(fb_option_set(option, numbers[_i].text, &error), numbers[_i].is_whole ? FB_OK : FB_ERROR_USAGE);
    ck_assert_uint_eq(value, numbers[_i].is_whole ? numbers[_i].value : 7);
}
END_TEST

/* Which of four options are given, on the command line (T) or in a configuration (C), and what is said of it. */
static const struct {
    const char *as_kit, *interval, *widening, *augment, *said;
} beside[] = {{"", "", "", "", NULL},
              {"T", "", "", "", NULL},
              {"T", "T", "", "", "--interval and --as-kit contradict each other"},
              {"C", "T", "", "", "--interval and --as-kit (of the configuration)"},
              {"T", "C", "", "", NULL}, /* overridden */
              {"C", "C", "", "", NULL},
              {"F", "T", "", "", NULL}, /* as-kit taken back */
              {"", "", "T", "", "--widening means nothing without --augment"},
              {"", "", "T", "T", NULL},
              {"", "", "T", "C", NULL},
              {"", "", "C", "", NULL}};

static void give(fb_option *option, const char *how, const char *text)
{
    fb_error error = {0};
    if (how[0] != '\0') {
        FB_ASSERT_OK(fb_option_set(option, how[0] == 'F' ? "false" : text, &error));
        option->is_typed = how[0] == 'T';
    }
}

/* What the rule is set to, NULL: not set; the options that are typed; what is said of them. */
static const struct {
    const char *rule, *typed, *said;
} with_values[] = {{NULL, "s", NULL},
                   {"hash", "s", NULL},
                   {"official", "s", "--split-seed means nothing with --split-rule official"},
                   {"official", "", NULL},
                   {"official", "b", "--both means nothing without --part"},
                   {"official", "bp", "--both means nothing with --split-rule official"},
                   {"hash", "bp", NULL}};

START_TEST(options_that_a_value_has_ignored_are_refused)
{
    static const char *const rules[] = {"hash", "official", NULL};
    int rule = 0;
    uint64_t seed = 0, both = 0, part = 0;
    fb_option_table table = {0};
    fb_error error = {0};
    fb_option_add_choice(&table, "split-rule", "NAME", &rule, rules, "");
    fb_option_add_count(&table, "split-seed", "S", &seed, 0, 9, "")->needs = "split-rule=hash";
    fb_option_add_count(&table, "both", "N", &both, 0, 9, "")->needs = "part split-rule=hash";
    fb_option_add_count(&table, "part", "N", &part, 0, 9, "");
    if (with_values[_i].rule != NULL) {
        FB_ASSERT_OK(fb_option_set(fb_option_find(&table, "split-rule"), with_values[_i].rule, &error));
    }
    for (int k = 1; k < table.n; k++) {
        const char letter[] = {table.option[k].name[0], '\0'};
        give(&table.option[k], strstr(with_values[_i].typed, letter) != NULL ? "T" : "", "2");
    }
    const char *said = with_values[_i].said;
    ck_assert_int_eq(fb_given_options_check(&table, &error), said != NULL ? FB_ERROR_USAGE : FB_OK);
    ck_assert(said == NULL || strstr(error.text, said) != NULL);
}
END_TEST

START_TEST(ignored_options_are_refused)
{
    bool as_kit = false;
    const char *interval = "symmetric";
    double widening = 1.0;
    uint64_t augment = 0;
    fb_option_table table = {0};
    fb_error error = {0};
    fb_option_add_flag(&table, "as-kit", &as_kit, "")->excludes = "intervals interval priors";
    fb_option_add_text(&table, "interval", "KIND", &interval, "");
    fb_option_add_number(&table, "widening", "X", &widening, 0, 10, "")->needs = "augment";
    fb_option_add_count(&table, "augment", "N", &augment, 0, 10, "");
    give(fb_option_find(&table, "as-kit"), beside[_i].as_kit, NULL);
    give(fb_option_find(&table, "interval"), beside[_i].interval, "profile");
    give(fb_option_find(&table, "widening"), beside[_i].widening, "2");
    give(fb_option_find(&table, "augment"), beside[_i].augment, "2");
    const fb_status status = fb_given_options_check(&table, &error);
    ck_assert_int_eq(status, beside[_i].said != NULL ? FB_ERROR_USAGE : FB_OK);
    ck_assert(beside[_i].said == NULL || strstr(error.text, beside[_i].said) != NULL);
}
END_TEST

/* What is given in turn, "name value", and what is said of the last one; NULL: nothing. */
static const struct {
    const char *given[3], *said;
} repeated[] = {{{"seed 1", "number 2", "flag"}, NULL},
                {{"seed 1", "seed 2"}, "--seed 2: is given already, as 1, and takes one value"},
                {{"seed 1", "flag", "seed 1"}, "--seed 1: is given already"},
                {{"number 0.5", "number 2"}, "--number 2: is given already, as 0.5"},
                {{"text a", "text b"}, "--text b: is given already, as a"},
                {{"rule hash", "rule official"}, "--rule official: is given already, as hash"},
                {{"flag", "flag"}, NULL},
                {{"list a=1", "list a=1", "list b"}, NULL},
                {{"set trees=3", "set depth=2"}, NULL},
                {{"set trees=3", "set depth=2", "set trees=4"}, "--set trees=4: 'trees' is given already, as trees=3"},
                {{"set l_r=3", "set l-r=4"}, "--set l-r=4: 'l-r' is given already, as l_r=3"},
                {{"set tree=3", "set trees=4"}, NULL},
                {{"set trees", "set trees=4"}, "--set trees=4: 'trees' is given already, as trees"}};

START_TEST(one_value_is_given_once)
{
    static const char *const rules[] = {"hash", "official", NULL};
    int rule = 0;
    bool flag = false;
    uint64_t seed = 0;
    double number = 0.0;
    const char *text = NULL, *const *given = repeated[_i].given;
    fb_text_list list = {0}, set = {0};
    fb_option_table table = {0};
    fb_given_options all = {0};
    fb_error error = {0};
    fb_option_add_choice(&table, "rule", "NAME", &rule, rules, "");
    fb_option_add_flag(&table, "flag", &flag, "");
    fb_option_add_count(&table, "seed", "S", &seed, 0, 9, "");
    fb_option_add_number(&table, "number", "X", &number, 0, 9, "");
    fb_option_add_text(&table, "text", "T", &text, "");
    fb_option_add_list(&table, "list", "T", &list, "");
    fb_option_add_list(&table, "set", "KEY=VALUE", &set, "");
    for (int k = 0; k < 3 && given[k] != NULL; k++) {
        char name[16] = "";
        const size_t length = strcspn(given[k], " ");
        const bool is_last = k == 2 || given[k + 1] == NULL;
        memcpy(name, given[k], length);
        const char *value = given[k][length] != '\0' ? given[k] + length + 1 : NULL;
        const fb_status status = fb_given_options_set(&all, fb_option_find(&table, name), value, &error);
        ck_assert_int_eq(status, is_last && repeated[_i].said != NULL ? FB_ERROR_USAGE : FB_OK);
    }
    ck_assert(repeated[_i].said == NULL || strstr(error.text, repeated[_i].said) != NULL);
    fb_given_options_clear(&all);
}
END_TEST

/* What a configuration gave is replaced, and not kept beside it. */
START_TEST(a_key_is_overridden)
{
    fb_text_list set = {.n = 2, .item = {"trees=60", "depth=2"}};
    fb_option_table table = {0};
    fb_given_options all = {0};
    fb_error error = {0};
    fb_option_add_list(&table, "set", "KEY=VALUE", &set, "");
    FB_ASSERT_OK(fb_given_options_set(&all, &table.option[0], "trees=50", &error));
    FB_ASSERT_OK(fb_given_options_set(&all, &table.option[0], "rate=1", &error));
    ck_assert_int_eq(set.n, 3);
    ck_assert_str_eq(set.item[0], "trees=50");
    ck_assert_str_eq(set.item[1], "depth=2");
    ck_assert_str_eq(set.item[2], "rate=1");
    fb_given_options_clear(&all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("option");
    TCase *cases = tcase_create("option");
    tcase_add_loop_test(cases, the_nearest_name_is_meant, 0, sizeof words / sizeof words[0]);
    tcase_add_loop_test(cases, whole_numbers_have_powers_of_ten, 0, sizeof numbers / sizeof numbers[0]);
    tcase_add_loop_test(cases, ignored_options_are_refused, 0, sizeof beside / sizeof beside[0]);
    tcase_add_loop_test(cases, options_that_a_value_has_ignored_are_refused, 0,
                        sizeof with_values / sizeof with_values[0]);
    tcase_add_loop_test(cases, one_value_is_given_once, 0, sizeof repeated / sizeof repeated[0]);
    tcase_add_test(cases, a_key_is_overridden);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
