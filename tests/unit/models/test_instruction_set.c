/* Which set of instructions is chosen. */
#include <stdlib.h>
#include <string.h>

#include "models/common/instruction_set.h"
#include "models/common/log.h"
#include "tests/support/support.h"

static const char *const set_names[FB_N_INSTRUCTION_SETS] = {"plain", "avx2", "avx512"};

static int n_warnings;
static char warning[FB_ERROR_TEXT_SIZE];

static void listen(fb_log_level level, const char *message, void *context)
{
    (void)context;
    n_warnings += level == FB_LOG_WARNING;
    strcpy(warning, message);
}

/* Each test is a process of its own. */
START_TEST(the_environment_chooses)
{
    unsetenv("FB_INSTRUCTION_SET");
    const fb_instruction_set fastest = fb_instruction_set_best();
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        ck_assert(!fb_instruction_set_has((fb_instruction_set)set) || set <= (int)fastest);
        setenv("FB_INSTRUCTION_SET", set_names[set], 1);
        ck_assert_int_eq(fb_instruction_set_best(),
                         fb_instruction_set_has((fb_instruction_set)set) ? set : (int)fastest);
    }
    ck_assert(fb_instruction_set_has(FB_INSTRUCTIONS_PLAIN));
}
END_TEST

START_TEST(a_name_that_is_unknown_is_reported_once)
{
    fb_log_set(listen, NULL, FB_LOG_WARNING);
    setenv("FB_INSTRUCTION_SET", "plain", 1);
    ck_assert_int_eq(fb_instruction_set_best(), FB_INSTRUCTIONS_PLAIN);
    ck_assert_int_eq(n_warnings, 0);
    unsetenv("FB_INSTRUCTION_SET");
    const fb_instruction_set fastest = fb_instruction_set_best();
    setenv("FB_INSTRUCTION_SET", "abacus", 1);
    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(fb_instruction_set_best(), fastest);
    }
    ck_assert_int_eq(n_warnings, 1);
    ck_assert_ptr_nonnull(strstr(warning, "FB_INSTRUCTION_SET=abacus: must be plain, avx2 or avx512"));
    ck_assert_ptr_nonnull(strstr(warning, set_names[fastest]));
    fb_log_set(NULL, NULL, FB_LOG_WARNING);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models/instruction_set");
    TCase *tests = tcase_create("instruction_set");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, the_environment_chooses);
    tcase_add_test(tests, a_name_that_is_unknown_is_reported_once);
    return fb_run_suite(suite);
}
