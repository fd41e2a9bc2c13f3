/* The name before a command, NAME=COMMAND: what is one, what is a command alone, and what is refused. */
#include <string.h>

#include "baseline/experiments/method_name.h"
#include "tests/support/support.h"

#define LONGEST "a23456789-123456789-123456789-123456789-123456789-123456789-123"

/* What is given, its name, its command; a name of NULL: refused. */
static const struct {
    const char *text, *name, *command;
} given[] = {{"cat", "", "cat"},
             {"mine=cat", "mine", "cat"},
             {"my-net_2.1=./mine.so", "my-net_2.1", "./mine.so"},
             {"mine=a=b", "mine", "a=b"},
             {"mine=", "mine", ""},
             {LONGEST "=cat", LONGEST, "cat"},
             {"python3 x.py --a=b", "", "python3 x.py --a=b"},
             {"\tenv\tA=1 cat", "", "\tenv\tA=1 cat"},
             {"'a/b'=cat", "", "'a/b'=cat"},
             {"\"$HOME/x\" --a=b", "", "\"$HOME/x\" --a=b"},
             {"", "", ""},
             {"./mine.so", "", "./mine.so"},
             {"a/b=cat", NULL, NULL},
             {"..=cat", NULL, NULL},
             {".hidden=cat", NULL, NULL},
             {"=cat", NULL, NULL},
             {"a:b=cat", NULL, NULL},
             {"n\xc3\xa9=cat", NULL, NULL},
             {LONGEST "4=cat", NULL, NULL},
             {"config.yaml=cat", NULL, NULL}};

START_TEST(what_is_before_a_command_is_a_name)
{
    char name[FB_METHOD_NAME_SIZE] = "?";
    const char *command = NULL;
    fb_error error = {0};
    const fb_status status = fb_method_name_before(given[_i].text, &command, name, &error);
    if (given[_i].name == NULL) {
        ck_assert_int_eq(status, FB_ERROR_USAGE);
        ck_assert_ptr_nonnull(strstr(error.text, given[_i].text));
        return;
    }
    FB_ASSERT_OK(status);
    ck_assert_str_eq(name, given[_i].name);
    ck_assert_str_eq(command, given[_i].command);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("method_name");
    TCase *cases = tcase_create("method_name");
    tcase_add_loop_test(cases, what_is_before_a_command_is_a_name, 0, sizeof given / sizeof given[0]);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
