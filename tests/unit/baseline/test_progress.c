/* What is said of the progress of a task. */
#include <string.h>

#include "baseline/support/progress.h"
#include "tests/support/support.h"

static const struct {
    fb_progress task; /* begun at second 100 */
    double now;
    const char *text;
} texts[] = {
    {{.what = "read"}, 100.4, "read, 0 s"},
    {{.what = "experiments", .total = 100}, 101, "experiments 0 of 100 (0 %), 1 s"},
    /* no time to go before anything is done, however long it takes */
    {{.what = "experiments", .total = 100, .events = 7340000},
     150,
     "experiments 0 of 100 (0 %), 7.34 M events, 147 k/s, 50 s"},
    {{.what = "rows", .total = 2000000, .done = 500000}, 101, "rows 500 k of 2.00 M (25 %), 1 s"},
    {{.what = "rows", .total = 2000000, .done = 500000},
     103.5,
     "rows 500 k of 2.00 M (25 %), 143 k/s, 4 s, 11 s to go"},
    /* what an earlier run has done is no speed of this one: 8 in 80 seconds, 12 to go */
    {{.what = "experiments", .total = 100, .first = 80, .done = 88},
     180,
     "experiments 88 of 100 (88 %), 0.10/s, 1 min 20 s, 2 min 00 s to go"},
    {{.what = "experiments", .total = 100, .first = 92, .done = 92}, 110, "experiments 92 of 100 (92 %), 10 s"},
    /* half of the next one's events went through: 2.5 of 4 in 25 seconds */
    {{.what = "experiments", .total = 4, .done = 2, .events = 2500000, .events_then = 2000000},
     125,
     "experiments 2 of 4 (50 %), 2.50 M events, 100 k/s, 25 s, 15 s to go"},
    /* the events of a whole batch, and more than were to come: nearly done, and never less than nothing */
    {{.what = "experiments", .total = 4, .done = 2, .events = 9000000, .events_then = 2000000},
     125,
     "experiments 2 of 4 (50 %), 9.00 M events, 360 k/s, 25 s, 1 s to go"},
    {{.what = "experiments", .total = 1000, .done = 10},
     4700,
     "experiments 10 of 1000 (1 %), 0.0022/s, 1 h 16 min, 126 h 30 min to go"},
    {{.what = "templates", .total = 34, .done = 34}, 110, "templates 34 of 34 (100 %), 3.40/s, 10 s"},
};

START_TEST(text_says_what_is_known)
{
    fb_progress task = texts[_i].task;
    char text[FB_PROGRESS_SIZE];
    task.started = 100.0;
    ck_assert_str_eq(fb_progress_text(&task, texts[_i].now, text), texts[_i].text);
}
END_TEST

START_TEST(long_names_fit)
{
    char name[2 * FB_PROGRESS_SIZE], text[FB_PROGRESS_SIZE];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const fb_progress task = {.what = name, .total = 3, .done = 1, .events = 5};
    ck_assert_uint_eq(strlen(fb_progress_text(&task, 100.0, text)), FB_PROGRESS_SIZE - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("progress");
    TCase *cases = tcase_create("progress");
    tcase_add_loop_test(cases, text_says_what_is_known, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(cases, long_names_fit);
    suite_add_tcase(suite, cases);
    return fb_run_suite(suite);
}
