/* Configurations: every kind of option, its way to text and back, and what is refused. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config.h"
#include "baseline/config/config_reader.h"
#include "baseline/config/config_writer.h"
#include "models/common/text.h"
#include "tests/support/support.h"

#define PATH "test_baseline_config.yaml"

/* One option of each kind, and one that shares its value. */
typedef struct settings {
    bool flag, kept;
    uint64_t count, unset, threads;
    int integer;
    double number;
    const char *text, *nothing;
    fb_text_list list;
    enum { NONE, SOME, ALL } choice;
    double pair[2];
} settings;

static const char *const choices[] = {[NONE] = "none", [SOME] = "some", [ALL] = "all", NULL};

static fb_status parse_pair(const char *text, void *value, fb_error *error)
{
    return fb_text_to_doubles(text, 2, value) ? FB_OK : fb_fail(error, FB_ERROR_USAGE, "expected two numbers");
}

static bool write_pair(const void *value, int k, char text[FB_OPTION_TEXT_SIZE])
{
    fb_text_of_doubles(2, value, text, FB_OPTION_TEXT_SIZE);
    return k == 0;
}

static const fb_option_type pair = {.parse = parse_pair, .write = write_pair};

static fb_option_table table_of(settings *s)
{
    fb_option_table table = {0};
    fb_option_add_flag(&table, "a-flag", &s->flag, "");
    fb_option_add_no_flag(&table, "throw-away", &s->kept, "");
    fb_option_add_count(&table, "count", "N", &s->count, 0, 9e18, "");
    fb_option_add_count(&table, "the-same-count", "N", &s->count, 0, 9e18, "");
    fb_option_add_count(&table, "unset", "N", &s->unset, 0, 10, "");
    fb_option_add_count(&table, "threads", "N", &s->threads, 0, 10, "");
    fb_option_add_integer(&table, "integer", "N", &s->integer, 1, 1000, "");
    fb_option_add_number(&table, "number", "X", &s->number, -DBL_MAX, DBL_MAX, "");
    fb_option_add_text(&table, "text", "T", &s->text, "");
    fb_option_add_text(&table, "nothing", "T", &s->nothing, "");
    fb_option_add_list(&table, "list", "T", &s->list, "");
    fb_option_add_choice(&table, "choice", "C", &s->choice, choices, "");
    fb_option_add_parsed(&table, "pair", "X,Y", s->pair, &pair, "");
    return table;
}

static settings defaults(void)
{
    return (settings){.kept = true,
                      .count = 7,
                      .unset = UINT64_MAX,
                      .threads = 3,
                      .integer = 25,
                      .number = 0.5,
                      .text = "default",
                      .choice = SOME,
                      .pair = {1.0, 0.25}};
}

static fb_status apply(const char *text, settings *s, fb_error *error)
{
    fb_option_table t = table_of(s);
    return fb_config_apply_text(text, "name.yaml", "train", &t, error);
}

static char *text_of(settings *s)
{
    fb_option_table t = table_of(s);
    fb_error error = {0};
    char *text = NULL;
    FB_ASSERT_OK(fb_config_writer_text("train", &t, &text, &error));
    return text;
}

START_TEST(every_kind_is_set)
{
    settings s = defaults();
    fb_error error = {0};
    FB_ASSERT_OK(
        apply("train:\n  a_flag: Yes\n  throw-away: on\n  count: 12\n  integer: 3\n  number: -1.5e-3\n  text: 'it''s'\n"
              "  list:\n  - a\n  - \"b: c\"\n  choice: all\n  pair: 3,-4e5\n",
              &s, &error));
    ck_assert(s.flag && !s.kept && s.count == 12 && s.integer == 3 && s.number == -1.5e-3);
    ck_assert(s.choice == ALL && s.pair[0] == 3.0 && s.pair[1] == -4e5);
    ck_assert_str_eq(s.text, "it's");
    ck_assert_int_eq(s.list.n, 2);
    ck_assert_str_eq(s.list.item[1], "b: c");
    FB_ASSERT_OK(apply("train: {a-flag: off, throw_away: false, list: [d]}", &s, &error));
    ck_assert(!s.flag && s.kept && s.count == 12);
    ck_assert_int_eq(s.list.n, 3);
    ck_assert_str_eq(s.list.item[2], "d");
    fb_config_forget();
}
END_TEST

START_TEST(other_sections_change_nothing)
{
    settings s = defaults();
    fb_error error = {0};
    FB_ASSERT_OK(apply("", &s, &error));
    FB_ASSERT_OK(apply("# nothing\n", &s, &error));
    FB_ASSERT_OK(apply("fit: {whatever: [1, 2]}\n", &s, &error));
    FB_ASSERT_OK(apply("train: {}\n", &s, &error));
    ck_assert(!s.flag && s.count == 7 && s.number == 0.5 && s.list.n == 0);
    ck_assert_str_eq(s.text, "default");
}
END_TEST

START_TEST(a_picture_has_a_section)
{
    bool flag = false;
    fb_option_table table = {0};
    fb_error error = {0};
    fb_option_add_flag(&table, "fit", &flag, "");
    FB_ASSERT_OK(fb_config_apply_text("plot-scores: {fit: true}", "x", "plot-scores", &table, &error));
    ck_assert(flag);
    fb_config_forget();
}
END_TEST

START_TEST(text_reads_back_to_the_same_settings)
{
    const double numbers[] = {0.1, 1.0 / 3.0, 5e-324, -1.7976931348623157e308, 0.0, 3.0, 1e22};
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        settings s = defaults(), back = defaults();
        fb_error error = {0};
        s.flag = k % 2 == 0;
        s.count = UINT64_C(1) << (8 * k);
        s.number = s.pair[k % 2] = numbers[k];
        s.integer = 1 + (int)k;
        s.choice = (int)k % 3;
        char *text = text_of(&s);
        FB_ASSERT_OK(apply(text, &back, &error));
        ck_assert(back.flag == s.flag && back.count == s.count && back.number == s.number);
        ck_assert(back.integer == s.integer && back.choice == s.choice);
        ck_assert_mem_eq(back.pair, s.pair, sizeof s.pair);
        char *again = text_of(&back);
        ck_assert_str_eq(text, again);
        free(text);
        free(again);
    }
    fb_config_forget();
}
END_TEST

START_TEST(any_text_reads_back)
{
    const char *const texts[] = {
        "bdt",        "5",       "true", "NO",         "null",       "~",      "",       " blank ",
        "a: b",       "- a",     "#x",   "a #x",       "\"quoted\"", "it's",   "a,b",    "[a]",
        "{a",         "*a",      "&a",   "!a",         "%a",         "@",      "a\\nb",  "two\nlines\n",
        "t\tab",      "\x01",    "\x7f", "\xc2\xb5",   "\xc2\x85",   "\u2028", "\ufeff", "\uffff",
        "\U0001F600", "a\u00e9", "1/3",  "rate=0.004", "-1",         "0x10",   ".5",     "---"};
    settings s = defaults(), back = defaults();
    fb_error error = {0};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        s.text = texts[k];
        s.list.item[s.list.n++] = texts[k];
        char *text = text_of(&s);
        back.list.n = 0;
        FB_ASSERT_OK(apply(text, &back, &error));
        ck_assert_str_eq(back.text, texts[k]);
        ck_assert_int_eq(back.list.n, s.list.n);
        ck_assert_str_eq(back.list.item[k], texts[k]);
        free(text);
    }
    fb_config_forget();
}
END_TEST

START_TEST(only_what_matters_is_recorded)
{
    settings s = defaults();
    char *text = text_of(&s);
    ck_assert_ptr_nonnull(
        strstr(text, "train:\n  a-flag: false\n  throw-away: false\n  count: 7\n  integer: 25\n  number: 0.5\n"
                     "  text: default\n  list: []\n  choice: some\n  pair: \"1,0.25\"\n"));
    ck_assert_ptr_null(strstr(text, "same"));
    ck_assert_ptr_null(strstr(text, "unset"));
    ck_assert_ptr_null(strstr(text, "threads"));
    ck_assert_ptr_null(strstr(text, "nothing"));
    free(text);
}
END_TEST

START_TEST(nothing_to_record_is_still_a_section)
{
    uint64_t threads = 2;
    fb_option_table table = {0};
    fb_error error = {0};
    char *text = NULL;
    fb_option_add_count(&table, "threads", "N", &threads, 0, 10, "");
    FB_ASSERT_OK(fb_config_writer_text("merge", &table, &text, &error));
    ck_assert_ptr_nonnull(strstr(text, "\nmerge: {}\n"));
    FB_ASSERT_OK(fb_config_apply_text(text, "x", "merge", &table, &error));
    ck_assert_uint_eq(threads, 2);
    fb_config_forget();
    free(text);
}
END_TEST

START_TEST(what_is_no_utf8_is_not_recorded)
{
    const char *const texts[] = {"\xff",    "a\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                 "\xe2\x82"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        settings s = defaults();
        s.text = texts[k];
        fb_option_table t = table_of(&s);
        fb_error error = {0};
        char *text = NULL;
        ck_assert_int_eq(fb_config_writer_text("train", &t, &text, &error), FB_ERROR_USAGE);
        ck_assert_ptr_null(text);
        ck_assert_ptr_nonnull(strstr(error.text, "--text"));
    }
}
END_TEST

static const struct {
    const char *text, *words;
    fb_status status;
} wrong[] = {
    {"train:\n  counts: 3\n",
     "name.yaml: line 2, column 3: 'counts' is no key of train; known are a-flag, throw-away, count,", FB_ERROR_USAGE},
    {"\n\ntrane: {}\n", "name.yaml: line 3, column 1: 'trane' is no section; known are simulate,", FB_ERROR_USAGE},
    {"train:\n  count: -3\n", "name.yaml: line 2, column 10: --count: '-3' is not a whole number", FB_ERROR_USAGE},
    {"train:\n  count: 1.5\n", "line 2, column 10: --count: '1.5'", FB_ERROR_USAGE},
    {"train: {flag: 1, unset: 11}", "line 1, column 9: 'flag'", FB_ERROR_USAGE},
    {"train: {a_flag: on, unset:\n  11}", "line 2, column 3: --unset: '11' is not a whole number from 0 to 10",
     FB_ERROR_USAGE},
    {"train:\n  number: 1.0.\n", "line 2, column 11: --number: '1.0.'", FB_ERROR_USAGE},
    {"train:\n  text: x\n\n  a-flag: 1\n", "line 4, column 11: --a-flag: '1' is not true or false", FB_ERROR_USAGE},
    {"train:\n  integer: 0\n", "line 2, column 12: --integer: '0' is not a whole number from 1 to 1000",
     FB_ERROR_USAGE},
    {"train:\n  choice: few\n", "line 2, column 11: --choice: 'few' is not none, some or all", FB_ERROR_USAGE},
    {"train:\n  pair: 1\n", "line 2, column 9: --pair: '1': expected two numbers", FB_ERROR_USAGE},
    {"train:\n  pair: [1, 2]\n", "line 2, column 9: 'pair' takes single values", FB_ERROR_USAGE},
    {"train:\n  throw-away: x\n", "line 2, column 15: --throw-away: 'x' is not true or false", FB_ERROR_USAGE},
    {"train:\n  list: x\n", "line 2, column 9: 'list' is a list", FB_ERROR_USAGE},
    {"train:\n  text: [x]\n", "line 2, column 9: 'text' takes single values", FB_ERROR_USAGE},
    {"train:\n  list: [a, []]\n", "line 2, column 13: 'list' takes single values", FB_ERROR_USAGE},
    {"fit: &a {count: x}\ntrain: *a\n", "line 1, column 17: --count: 'x'", FB_ERROR_USAGE},
    {"train: x\n", "line 1, column 8: 'train' is a section", FB_ERROR_USAGE},
    {"train:\n  text: ~\n", "line 2, column 9: there is a key without a value", FB_ERROR_DATA},
    {"train:\n  list: [a,\n    b, null]\n", "line 3, column 8: there is a key without a value", FB_ERROR_DATA},
    {"train:\n  a_flag: yes\n  a-flag: yes\n", "line 3, column 3: 'a-flag' is given twice, first in line 2",
     FB_ERROR_DATA},
    {"train:\n  text: \"a\\0b\"\n", "line 2, column 9: a text cannot hold a zero byte", FB_ERROR_DATA},
    {"train:\n  text: 'x\n", "line 3, column 1: is not YAML", FB_ERROR_DATA},
    {"train:\n  text: *x\n", "line 2, column 9: is not YAML: found undefined alias", FB_ERROR_DATA},
    {"train:\n  text: \x01\n", "name.yaml: line 2, column 9: is not YAML: control characters", FB_ERROR_DATA},
    {"train:\n  list: [a, [b]]\n", "line 2, column 14: too deep", FB_ERROR_DATA},
    {"fit: &a\n  a: *a\n", "line 2, column 3: too deep", FB_ERROR_DATA},
    {"train: {}\n? [a]\n: b\n", "line 2, column 3: a key must be a word", FB_ERROR_DATA},
    {"train: {}\n---\nfit: {}\n", "name.yaml: line 3, column 1: a second document", FB_ERROR_DATA},
    {"x\n", "line 1, column 1: expected sections", FB_ERROR_DATA}};

START_TEST(wrong_files_are_refused_with_the_place)
{
    settings s = defaults();
    fb_error error = {0};
    fb_status status = apply(wrong[_i].text, &s, &error);
    ck_assert_msg(status == wrong[_i].status, "%s: %s", wrong[_i].text, error.text);
    ck_assert_msg(strstr(error.text, wrong[_i].words) != NULL, "'%s' is not in '%s'", wrong[_i].words, error.text);
    ck_assert_ptr_null(strchr(error.text, '\n'));
    fb_config_forget();
}
END_TEST

START_TEST(files_are_written_and_read)
{
    settings s = defaults(), back = defaults();
    fb_option_table t = table_of(&back);
    fb_error error = {0};
    s.count = 99;
    char *text = text_of(&s);
    FILE *file = fopen(PATH, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    FB_ASSERT_OK(fb_config_apply(PATH, "train", &t, &error));
    ck_assert_uint_eq(back.count, 99);
    remove(PATH);
    ck_assert_int_eq(fb_config_apply(PATH, "train", &t, &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, PATH));
    free(text);
    fb_config_forget();
}
END_TEST

START_TEST(size_is_limited)
{
    static char text[FB_CONFIG_MAX_BYTES + 2];
    settings s = defaults();
    fb_error error = {0};
    memset(text, '#', sizeof text - 1);
    ck_assert_int_eq(apply(text, &s, &error), FB_ERROR_DATA);
    text[FB_CONFIG_MAX_BYTES] = '\0';
    FB_ASSERT_OK(apply(text, &s, &error));
    fb_config_forget();
}
END_TEST

/* What libyaml alone takes seconds for, or memory without end, ends at once: Check's own limit is 4 seconds. */
static const struct {
    const char *first, *again, *last; /* first, as many of `again` as there is room for, last */
    const char *words;
} bombs[] = {{"", "[", "", "line 1, column 5: too deep"},
             {"", "{a: ", "", "line 1, column 14: too deep"},
             {"", "- ", "", "line 1, column 9: too deep"},
             {"", "? ", "", "too deep"},
             {"train: [", "1,", "]", "line 1, column 8195: more than 4096 values"},
             {"train: [", "&a 1,", "]", "more than 4096 values"},
             {"train: {", "a: 1, ", "}", "more than 4096 values"},
             {"", "---\n", "", "line 3, column 1: a second document"},
             {"fit: &a [", "1,\n", "1]\n", "more than 4096 values"}};

START_TEST(bombs_end_at_once)
{
    static char text[FB_CONFIG_MAX_BYTES + 1];
    const size_t n = strlen(bombs[_i].again);
    settings s = defaults();
    fb_error error = {0};
    size_t used = (size_t)snprintf(text, sizeof text, "%s", bombs[_i].first);
    for (; used + n + strlen(bombs[_i].last) < sizeof text; used += n) {
        memcpy(text + used, bombs[_i].again, n + 1);
    }
    strcpy(text + used, bombs[_i].last);
    ck_assert_int_eq(apply(text, &s, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, bombs[_i].words) != NULL, "'%s' is not in '%s'", bombs[_i].words, error.text);
    fb_config_forget();
}
END_TEST

/* Ten lists, each of ten times the one before: 10^10 values in a few lines. */
START_TEST(aliases_of_aliases_end_at_once)
{
    char text[1024] = "fit:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    settings s = defaults();
    fb_error error = {0};
    for (int k = 1; k < 10; k++) {
        size_t used = strlen(text);
        used += (size_t)snprintf(text + used, sizeof text - used, "  a%d: &a%d [", k, k);
        for (int i = 0; i < 10; i++) {
            used += (size_t)snprintf(text + used, sizeof text - used, "*a%d%s", k - 1, i < 9 ? ", " : "]\n");
        }
    }
    ck_assert_int_eq(apply(text, &s, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "name.yaml: line 2, column 12: too deep") != NULL, "%s", error.text);
    /* and within the depth: sixty times the same sixty-four values */
    char *at = text + sprintf(text, "train: {list: &a [");
    for (int k = 0; k < 63; k++) {
        at += sprintf(at, "x,");
    }
    at += sprintf(at, "x]}\nfit: {");
    for (int k = 0; k < 70; k++) {
        at += sprintf(at, "b%d: *a,", k);
    }
    strcpy(at, "}\n");
    ck_assert_int_eq(apply(text, &s, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "more than 4096 values") != NULL, "%s", error.text);
    fb_config_forget();
}
END_TEST

START_TEST(the_tree_has_places)
{
    const char text[] = "fit: {count: 1}\ntrain:\n  text: x\n  list:\n    - a\n    -  b\n";
    fb_config_reader *r = NULL;
    fb_config_node root;
    fb_error error = {0};
    FB_ASSERT_OK(fb_config_reader_parse(text, strlen(text), "x", &r, &error));
    ck_assert_str_eq(fb_config_reader_bytes(r), text);
    ck_assert(fb_config_reader_root(r, &root));
    ck_assert(root.kind == FB_CONFIG_SECTION && root.n == 4);
    const fb_config_node train = fb_config_reader_child(r, &root, 3), key = fb_config_reader_child(r, &train, 2);
    const fb_config_node list = fb_config_reader_child(r, &train, 3), item = fb_config_reader_child(r, &list, 1);
    ck_assert_str_eq(key.text, "list");
    ck_assert(key.line == 4 && key.column == 3 && list.kind == FB_CONFIG_LIST && list.n == 2);
    ck_assert_str_eq(item.text, "b");
    ck_assert(item.line == 6 && item.column == 8 && item.n == 0);
    fb_config_reader_free(r);
    FB_ASSERT_OK(fb_config_reader_parse("# nothing", 9, "x", &r, &error));
    ck_assert(!fb_config_reader_root(r, &root));
    fb_config_reader_free(r);
    fb_config_reader_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *cases = tcase_create("config");
    tcase_add_test(cases, every_kind_is_set);
    tcase_add_test(cases, other_sections_change_nothing);
    tcase_add_test(cases, a_picture_has_a_section);
    tcase_add_test(cases, text_reads_back_to_the_same_settings);
    tcase_add_test(cases, any_text_reads_back);
    tcase_add_test(cases, only_what_matters_is_recorded);
    tcase_add_test(cases, nothing_to_record_is_still_a_section);
    tcase_add_test(cases, what_is_no_utf8_is_not_recorded);
    tcase_add_loop_test(cases, wrong_files_are_refused_with_the_place, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(cases, files_are_written_and_read);
    tcase_add_test(cases, size_is_limited);
    tcase_add_loop_test(cases, bombs_end_at_once, 0, sizeof bombs / sizeof bombs[0]);
    tcase_add_test(cases, aliases_of_aliases_end_at_once);
    tcase_add_test(cases, the_tree_has_places);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
