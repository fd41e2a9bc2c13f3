/* Numbers and names from text, and numbers to text. */
#include <float.h>
#include <string.h>

#include "models/common/text.h"
#include "tests/support/support.h"

START_TEST(several_numbers)
{
    const double values[] = {0.1, 1.0 / 3.0, -DBL_MAX, 5e-324}, whole[] = {1.0, 2.0, 3.0, 0.0};
    double back[5] = {0};
    char text[4 * FB_NUMBER_SIZE];
    fb_text_of_doubles(4, values, text, sizeof text);
    ck_assert(fb_text_to_doubles(text, 4, back));
    ck_assert_mem_eq(back, values, sizeof values);
    fb_text_of_doubles(4, whole, text, sizeof text);
    ck_assert_str_eq(text, "1,2,3,0");
    fb_text_of_doubles(4, whole, text, 4);
    ck_assert_str_eq(text, "1,2");
    ck_assert(fb_text_to_doubles("1", 1, back));
    const char *const wrong[] = {
        "",          "1,2,3",     "1,2,3,",   "1,2,3,4,",
        "1,2,3,4,5", ",1,2,3",    "1,2,3,4x", "1, 2,3,4",
        "1,nan,3,4", "1,inf,3,4", "1;2;3;4",  "1,2,3,0.000000000000000000000000000000000000000000000000004"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        ck_assert_msg(!fb_text_to_doubles(wrong[k], 4, back), "%s", wrong[k]);
    }
}
END_TEST

START_TEST(names)
{
    const char *const list[] = {"one", "two", NULL}, *const none[] = {NULL};
    ck_assert_int_eq(fb_text_find("one", list), 0);
    ck_assert_int_eq(fb_text_find("two", list), 1);
    ck_assert_int_eq(fb_text_find("tw", list), -1);
    ck_assert_int_eq(fb_text_find("", list), -1);
    ck_assert_int_eq(fb_text_find("one", none), -1);
}
END_TEST

/* What a message may hold of names and texts in files. */
START_TEST(nothing_acts_on_a_terminal)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {{"", ""},
                 {"plain, 'quoted' \\ %d", "plain, 'quoted' \\ %d"},
                 {"\x1b[31mred\x1b]0;title\x07", "?[31mred?]0;title?"},
                 {"two\nlines\r\tand\x7f", "two?lines??and?"},
                 {"\u00e4\u20ac\U0001f600", "\u00e4\u20ac\U0001f600"},
                 {"\xc2\x9b"
                  "31m",
                  "??31m"}, /* CSI as one character */
                 {"\x9b"
                  "31m",
                  "?31m"},
                 {"\xff\xc3", "??"},
                 {"a\u202eb\u2028c\u200f\u2066", "a???b???c??????"}, /* turned text, an end of line */
                 {"\u2026\u2020", "\u2026\u2020"},
                 {"\xe2\x82", "??"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[64];
        fb_error error = {0};
        strcpy(text, cases[k].text);
        fb_text_make_printable(text);
        ck_assert_str_eq(text, cases[k].shown);
        ck_assert_int_eq(fb_fail(&error, FB_ERROR_DATA, "%s", cases[k].text), FB_ERROR_DATA);
        ck_assert_str_eq(error.text, cases[k].shown);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *cases = tcase_create("text");
    tcase_add_test(cases, several_numbers);
    tcase_add_test(cases, names);
    tcase_add_test(cases, nothing_acts_on_a_terminal);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
