/* The record of experiments: what was written comes back, wherever the writing was stopped. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/experiments/journal.h"
#include "tests/support/support.h"

enum { N_SETS = 2, N_PER_SET = 3, N = N_SETS * N_PER_SET, FAILED = 4 };

static const char path[] = "journal.tmp.jsonl", about[] = "{\"seed\":5,\"about\":\"this\"}";

static fb_evaluation *empty(void)
{
    const fb_evaluation_settings settings = {N_SETS, N_PER_SET, 5, FB_ALL_NUISANCES, FB_GENERATOR_STREAMS};
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_evaluation_create(&settings, &evaluation, &error));
    return evaluation;
}

/* No two numbers are the same, and none has few digits. */
static fb_evaluation *full(void)
{
    fb_evaluation *evaluation = empty();
    for (int k = 0; k < N; k++) {
        fb_experiment *x = &evaluation->experiment[k];
        double *const value[] = {&x->result.mu_hat, &x->result.delta_mu_hat, &x->result.p84, &x->result.p16,
                                 &x->result.sigma};
        const bool failed = k == FAILED;
        x->is_done = true;
        x->n_events = 1000000 + (uint64_t)k;
        x->status = failed ? FB_ERROR_NOT_CONVERGED : FB_OK;
        snprintf(x->reason, sizeof x->reason, "%s", failed ? "no \"minimum\"" : "");
        x->result.is_valid = !failed;
        x->result.at_limit = (unsigned)k;
        for (int i = 0; i < 5; i++) {
            *value[i] = failed ? NAN : (1.0 + k) / (3.0 + i);
        }
        for (int i = 0; i < FB_N_NUISANCE; i++) {
            x->result.nuisance[i] = failed ? NAN : (1.0 + k) / (7.0 + i);
        }
    }
    return evaluation;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void assert_same(const fb_experiment *a, const fb_experiment *b)
{
    ck_assert(a->is_done && b->is_done);
    ck_assert_uint_eq(a->n_events, b->n_events);
    ck_assert_int_eq(a->status, b->status);
    ck_assert_str_eq(a->reason, b->reason);
    ck_assert(a->result.is_valid == b->result.is_valid && a->result.at_limit == b->result.at_limit);
    ck_assert(same(a->result.mu_hat, b->result.mu_hat) && same(a->result.delta_mu_hat, b->result.delta_mu_hat));
    ck_assert(same(a->result.p16, b->result.p16) && same(a->result.p84, b->result.p84));
    ck_assert(same(a->result.sigma, b->result.sigma));
    for (int i = 0; i < FB_N_NUISANCE; i++) {
        ck_assert(same(a->result.nuisance[i], b->result.nuisance[i]));
    }
}

static void write_whole(const fb_evaluation *evaluation)
{
    fb_journal *journal = NULL;
    fb_error error = {0};
    remove(path);
    FB_ASSERT_OK(fb_journal_create(path, about, &journal, &error));
    for (uint64_t k = 0; k < N; k++) {
        FB_ASSERT_OK(fb_journal_add(journal, k, &evaluation->experiment[k], &error));
        FB_ASSERT_OK(fb_journal_sync(journal, &error));
    }
    fb_journal_free(journal);
}

static void write_bytes(const char *bytes, size_t n)
{
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, n, stream), n);
    ck_assert_int_eq(fclose(stream), 0);
}

START_TEST(what_was_recorded_comes_back)
{
    fb_evaluation *evaluation = full(), *back = empty();
    char *first = NULL;
    fb_error error = {0};
    write_whole(evaluation);
    FB_ASSERT_OK(fb_journal_read(path, about, back, &error));
    for (int k = 0; k < N; k++) {
        assert_same(&evaluation->experiment[k], &back->experiment[k]);
    }
    FB_ASSERT_OK(fb_journal_about(path, &first, &error));
    ck_assert_str_eq(first, about);
    free(first);
    fb_evaluation_free(evaluation);
    fb_evaluation_free(back);
}
END_TEST

/* Cut after any number of bytes, also followed by zeros as a lost machine leaves them: what is complete is kept, the
 * rest is recorded again, and the file is what it would have been. */
START_TEST(it_goes_on_wherever_it_stopped)
{
    fb_evaluation *evaluation = full();
    size_t size = 0, length = 0;
    write_whole(evaluation);
    char *whole = fb_bytes_of(path, &size);
    char *torn = calloc(size + 100, 1);
    ck_assert_ptr_nonnull(torn);
    for (size_t cut = 0; cut <= size; cut++) {
        fb_evaluation *back = empty();
        fb_journal *journal = NULL;
        fb_error error = {0};
        uint64_t n_lines = 0;
        memset(torn, 0, size + 100);
        memcpy(torn, whole, cut);
        write_bytes(torn, cut % 3 == 0 ? cut + 100 : cut);
        for (size_t i = 0; i < cut; i++) {
            n_lines += whole[i] == '\n';
        }
        FB_ASSERT_OK(fb_journal_resume(path, about, back, &journal, &error));
        ck_assert_uint_eq(fb_evaluation_n_done(back), n_lines > 0 ? n_lines - 1 : 0);
        for (uint64_t k = 0; k < N; k++) {
            if (!back->experiment[k].is_done) {
                FB_ASSERT_OK(fb_journal_add(journal, k, &evaluation->experiment[k], &error));
            }
        }
        fb_journal_free(journal);
        fb_evaluation_free(back);
        char *again = fb_bytes_of(path, &length);
        ck_assert_uint_eq(length, size);
        ck_assert_mem_eq(again, whole, size);
        free(again);
    }
    free(torn);
    free(whole);
    fb_evaluation_free(evaluation);
}
END_TEST

START_TEST(another_file_is_left_alone)
{
    fb_evaluation *evaluation = full(), *back = empty();
    fb_journal *journal = NULL;
    fb_error error = {0};
    size_t before = 0, after = 0;
    write_whole(evaluation);
    char *bytes = fb_bytes_of(path, &before), *again = NULL;
    ck_assert_int_eq(fb_journal_create(path, about, &journal, &error), FB_ERROR_FILE);
    ck_assert_ptr_null(journal);
    ck_assert_int_eq(fb_journal_resume(path, "{\"seed\":6,\"about\":\"this\"}", back, &journal, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "its \"seed\" is 5 and not 6") != NULL, "%s", error.text);
    fb_journal_free(journal);
    ck_assert_uint_eq(fb_evaluation_n_done(back), 0);
    again = fb_bytes_of(path, &after);
    ck_assert_uint_eq(before, after);
    ck_assert_mem_eq(bytes, again, before);
    free(bytes);
    free(again);
    fb_evaluation_free(evaluation);
    fb_evaluation_free(back);
}
END_TEST

/* Line 2 with something else in it; the rest of it is good. */
static void refused(const char *experiment, const char *fitted)
{
    char text[1024];
    fb_evaluation *back = empty();
    fb_error error = {0};
    snprintf(text, sizeof text,
             "%s\n{\"experiment\":%s,\"events\":1,\"converged\":true,\"reason\":\"\",\"mu_hat\":1.0,"
             "\"delta_mu_hat\":1.0,\"p16\":0.0,\"p84\":2.0,\"sigma\":1.0,\"at_limit\":0,\"fitted\":%s}\n",
             about, experiment, fitted);
    write_bytes(text, strlen(text));
    ck_assert_int_eq(fb_journal_read(path, about, back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "line 2: is not an experiment of this evaluation") != NULL, "%s", error.text);
    fb_evaluation_free(back);
}

START_TEST(damaged_lines_are_named)
{
    static const char nuisances[] = "[1,1,0,1,1,1]";
    refused("-1", nuisances);
    refused("6", nuisances);
    refused("18446744073709551616", nuisances);
    refused("0.5", nuisances);
    refused("\"0\"", nuisances);
    refused("0", "[1,1,0,1,1]");
    refused("0", "[1,1,0,1,1,1,1]");
    refused("0", "null");
    refused("0,{", nuisances);
}
END_TEST

/* A first line of an analysis, and of another's method. */
static const char ours[] = "{\"analysis\":\"00ff\"}", another[] = "{\"analysis\":\"\"}";

#define FITTED ",\"at_limit\":0,\"fitted\":[1,1,0,1,1,1]}\n"
#define CONVERGED "{\"experiment\":3,\"events\":9,\"converged\":true,\"reason\":\"\","
#define FAILED_FIT "{\"experiment\":3,\"events\":9,\"converged\":false,\"reason\":\"why\","
#define VALUES(mu_hat, delta, p16, p84, sigma)                                                                         \
    "\"mu_hat\":" mu_hat ",\"delta_mu_hat\":" delta ",\"p16\":" p16 ",\"p84\":" p84 ",\"sigma\":" sigma

/* What a journal of one or two lines is read as; `words` of the error, NULL: it is good. */
static void read_as(const char *first, const char *lines, const char *words)
{
    char text[2048];
    fb_evaluation *back = empty();
    fb_error error = {0};
    snprintf(text, sizeof text, "%s\n%s", first, lines);
    write_bytes(text, strlen(text));
    const fb_status status = fb_journal_read(path, first, back, &error);
    ck_assert_msg(status == (words == NULL ? FB_OK : FB_ERROR_DATA), "%s: %s", lines, error.text);
    ck_assert_msg(words == NULL || strstr(error.text, words) != NULL, "%s: %s", words, error.text);
    ck_assert_msg(words == NULL || strncmp(error.text, path, strlen(path)) == 0, "%s", error.text);
    fb_evaluation_free(back);
}

START_TEST(lines_without_sense_are_refused)
{
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") FITTED, NULL);
    read_as(ours, CONVERGED VALUES("null", "0.5", "1.0", "2.0", "0.5") FITTED,
            "line 2: experiment 3: \"mu_hat\" is null; a number from -1e12 to 1e12 is needed");
    read_as(ours, CONVERGED VALUES("1.5", "-0.5", "1.0", "2.0", "0.5") FITTED,
            "\"delta_mu_hat\" is -0.5; a number from 0 to 1e12 is needed");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "null", "0.5") FITTED, "\"p84\" is null; a number");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "-0.5") FITTED,
            "\"sigma\" is -0.5; a number from 0 to 1e12 is needed");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "3.0", "2.0", "0.5") FITTED,
            "\"p16\" 3, \"p84\" 2 and \"sigma\" 0.5; p16 <= mu_hat <= p84 is needed");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") ",\"at_limit\":128,\"fitted\":[1,1,0,1,1,1]}\n",
            "\"at_limit\" is 128;");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") ",\"at_limit\":0,\"fitted\":[1,1,null,1,1,1]}\n",
            "\"fitted\" is null; a number from -1e12 to 1e12 is needed");
    read_as(ours,
            "{\"experiment\":3,\"events\":-9,\"converged\":true,\"reason\":\"\"," VALUES("1.5", "0.5", "1.0", "2.0",
                                                                                         "0.5") FITTED,
            "\"events\" is -9; a number >= 0 is needed");
    read_as(ours, CONVERGED VALUES("1e300", "0.5", "1.0", "2.0", "0.5") FITTED,
            "; a number from -1e12 to 1e12 is needed");
    read_as(ours, CONVERGED VALUES("2.5", "0.5", "1.0", "2.0", "0.5") FITTED, "\"mu_hat\" is 2.5, \"p16\" 1,");
    read_as(ours, CONVERGED "\"mu_hat\":1.5," VALUES("1.5", "0.5", "1.0", "2.0", "0.5") FITTED,
            "is not an experiment of this evaluation");
    read_as(ours,
            "{\"experiment\":3,\"events\":9,\"converged\":false,\"reason\":\"\"," VALUES("1.5", "0.5", "1.0", "2.0",
                                                                                         "0.5") FITTED,
            "\"reason\" is \"\"; one where it is not converged, and no other, is needed");
    read_as(ours,
            "{\"experiment\":3,\"events\":9,\"converged\":true,\"reason\":\"why\"," VALUES("1.5", "0.5", "1.0", "2.0",
                                                                                           "0.5") FITTED,
            "\"reason\" is \"why\"; one where");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") ",\"at_limit\":0,\"fitted\":[7,1,0,1,1,1]}\n",
            "\"fitted\" has 7 for tes; its range is 0.9 to 1.1");
    read_as(ours, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") ",\"at_limit\":8,\"fitted\":[1,1.1,5,1,1,1]}\n",
            NULL);
    /* What failed has what could be found, or nothing; but no words. */
    read_as(ours, FAILED_FIT VALUES("null", "null", "null", "null", "null") FITTED, NULL);
    read_as(ours, FAILED_FIT VALUES("1.5", "null", "null", "null", "null") FITTED, NULL);
    read_as(ours, FAILED_FIT VALUES("\"one\"", "null", "null", "null", "null") FITTED,
            "\"mu_hat\" is \"one\"; a number or null is needed");
}
END_TEST

/* Another's method may answer an interval from above to below, and then has a negative sigma. */
START_TEST(the_interval_of_another_is_its_own)
{
    read_as(another, CONVERGED VALUES("1.5", "-0.5", "2.0", "1.0", "-0.5") FITTED, NULL);
    read_as(another, CONVERGED VALUES("1.5", "0.5", "2.0", "1.0", "0.5") FITTED, "the sign of p84 - p16");
    read_as(another, CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "-0.5") FITTED, "the sign of p84 - p16");
    read_as(another, CONVERGED VALUES("null", "0.5", "1.0", "2.0", "0.5") FITTED, "\"mu_hat\" is null");
    read_as(another,
            CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") ",\"at_limit\":0,"
                                                                "\"fitted\":[null,null,null,null,null,null]}\n",
            NULL);
}
END_TEST

START_TEST(an_experiment_has_one_result)
{
    const char line[] = CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") FITTED;
    const char other[] = CONVERGED VALUES("1.5", "0.5", "1.0", "2.5", "0.5") FITTED;
    char both[1024];
    snprintf(both, sizeof both, "%s%s", line, line);
    read_as(ours, both, NULL);
    snprintf(both, sizeof both, "%s%s", line, other);
    read_as(ours, both, "line 3: experiment 3 is there twice: its \"p84\" is 2.5, before it was 2.0");
}
END_TEST

START_TEST(a_zero_byte_does_not_end_a_journal)
{
    char text[1024];
    fb_evaluation *back = empty();
    fb_error error = {0};
    const int n = snprintf(text, sizeof text, "%s\n%s%s", ours,
                           CONVERGED VALUES("1.5", "0.5", "1.0", "2.0", "0.5") FITTED, "x\n{}\n");
    text[n - 5] = '\0'; /* the x of the third line */
    write_bytes(text, (size_t)n);
    ck_assert_int_eq(fb_journal_read(path, ours, back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "line 3: has a zero byte") != NULL, "%s", error.text);
    fb_evaluation_free(back);
}
END_TEST

START_TEST(a_journal_without_a_line_is_none)
{
    fb_evaluation *back = empty();
    char *first = NULL;
    fb_error error = {0};
    write_bytes(about, strlen(about));
    ck_assert_int_eq(fb_journal_read(path, about, back, &error), FB_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(error.text, "no complete line"));
    ck_assert_int_eq(fb_journal_about(path, &first, &error), FB_ERROR_DATA);
    ck_assert_ptr_null(first);
    remove(path);
    ck_assert_int_eq(fb_journal_read(path, about, back, &error), FB_ERROR_FILE);
    fb_evaluation_free(back);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_journal");
    TCase *tests = tcase_create("journal");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, what_was_recorded_comes_back);
    tcase_add_test(tests, it_goes_on_wherever_it_stopped);
    tcase_add_test(tests, another_file_is_left_alone);
    tcase_add_test(tests, damaged_lines_are_named);
    tcase_add_test(tests, lines_without_sense_are_refused);
    tcase_add_test(tests, the_interval_of_another_is_its_own);
    tcase_add_test(tests, an_experiment_has_one_result);
    tcase_add_test(tests, a_zero_byte_does_not_end_a_journal);
    tcase_add_test(tests, a_journal_without_a_line_is_none);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
