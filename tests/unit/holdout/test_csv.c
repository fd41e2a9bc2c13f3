/* CSV files as other programs write them: quotes, ends of line, and files that are cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/csv_records_internal.h"
#include "holdout/formats/event_file.h"
#include "models/common/log.h"
#include "models/common/random.h"
#include "tests/support/support.h"

#define PATH "test_holdout_csv.csv"

static void write_text(const char *text)
{
    FILE *stream = fopen(PATH, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    ck_assert_int_eq(fclose(stream), 0);
}

START_TEST(fields_of_records)
{
    static const struct {
        const char *text, *fields; /* '|' behind each field, '/' behind each record */
    } cases[] = {{"a,b\n", "a|b|/"},
                 {"a,b\r\n\r\n\n c,\r\n", "a|b|/ c||/"},
                 {"a", "a|/"},
                 {",\n", "||/"},
                 {"\"a\",\"b\"\r\n", "a|b|/"},
                 {"\"\"\n", "|/"},
                 {"\"\",\"\"\n", "||/"},
                 {"\"a,b\",c\n", "a,b|c|/"},
                 {"\"a\"\"b\",\"\"\"\"\n", "a\"b|\"|/"},
                 {"\"a\nb\",c\nd,\"e\r\n\"\n", "a\nb|c|/d|e\r\n|/"},
                 {"\"a\n\nb\n\",\"c\nd\"\n", "a\n\nb\n|c\nd|/"},
                 {"a\"b,\"c\"\n", "a\"b|c|/"},
                 {"a\"b,c\nd\n", "a\"b|c|/d|/"},
                 {"\"a\"\n\"b\"", "a|/b|/"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_error error = {0};
        fb_csv_records records;
        char fields[256] = "";
        write_text(cases[k].text);
        FB_ASSERT_OK(fb_csv_records_open(PATH, &records, &error));
        for (bool found = true; found;) {
            FB_ASSERT_OK(fb_csv_records_next(&records, 0, &found, &error));
            while (found && records.at != NULL) {
                const char *field = fb_csv_records_field(&records);
                ck_assert_msg(field != NULL, "'%s'", cases[k].text);
                strcat(strcat(fields, field), "|");
            }
            strcat(fields, found ? "/" : "");
        }
        ck_assert_str_eq(fields, cases[k].fields);
        fb_csv_records_close(&records);
    }
}
END_TEST

/* --- whole files -------------------------------------------------------------------------------------------------- */

static char heard[1024];
static int n_heard;

static void listen(fb_log_level level, const char *message, void *context)
{
    (void)context;
    ck_assert_int_eq(level, FB_LOG_WARNING);
    snprintf(heard, sizeof heard, "%s", message);
    n_heard++;
}

/* Reads PATH, twice, and lets warnings be heard. */
static fb_status read_file(fb_events **out, fb_error *error)
{
    fb_source *source = NULL;
    n_heard = 0;
    fb_log_set(listen, NULL, FB_LOG_DEBUG);
    fb_status status = fb_event_file_open(PATH, &source, error);
    for (int turn = 0; turn < 2 && status == FB_OK; turn++) {
        fb_events_free(*out);
        status = fb_source_read_all(source, out, error);
        status = status == FB_OK ? fb_source_rewind(source, error) : status;
    }
    fb_log_set(NULL, NULL, FB_LOG_ERROR);
    fb_source_free(source);
    return status;
}

/* The header and `n` rows with the number k in column k, with `quote` around each, and `end` behind each line. */
static void write_rows(const char *quote, const char *end, int n, const char *last)
{
    FILE *stream = fopen(PATH, "w");
    char number[32];
    ck_assert_ptr_nonnull(stream);
    for (int row = -1; row < n; row++) {
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            snprintf(number, sizeof number, "%d", k % 4);
            fprintf(stream, "%s%s%s", quote, row < 0 ? fb_column_name(k) : number, quote);
            fputs(k + 1 < FB_N_PRIMARY ? "," : end, stream);
        }
    }
    fputs(last, stream);
    ck_assert_int_eq(fclose(stream), 0);
}

static void assert_warned(const char *words)
{
    ck_assert_msg(n_heard == 1 && strstr(heard, words) != NULL, "%d warnings: %s", n_heard, heard);
}

START_TEST(a_last_line_without_an_end_is_told_once)
{
    fb_error error = {0};
    fb_events *events = NULL;
    static const char row[] = "0,1,2,3,0,1,2,3,0,1,2,3,0,1,2,";
    char last[64];
    for (int quoted = 0; quoted < 2; quoted++) {
        snprintf(last, sizeof last, "%s%s", row, quoted ? "\"3\"" : "3");
        write_rows("", "\n", 5, last);
        FB_ASSERT_OK(read_file(&events, &error));
        ck_assert_uint_eq(events->n, 6);
        assert_warned(PATH ": row 5: the last line has no end");
    }
    write_rows("", "\n", 5, "");
    FB_ASSERT_OK(read_file(&events, &error));
    ck_assert_uint_eq(events->n, 5);
    ck_assert_int_eq(n_heard, 0);
    write_rows("\"", "\r\n", 5, "\r\n\n");
    FB_ASSERT_OK(read_file(&events, &error));
    ck_assert_uint_eq(events->n, 5);
    ck_assert_int_eq(n_heard, 0);
    fb_events_free(events);
    remove(PATH);
}
END_TEST

/* Numbers of few digits are not left to strtof, whose bits they have. */
START_TEST(numbers_are_those_of_strtof)
{
    static const char *const odd[] = {"0",         "-0",       "-0.0",     "5.",      "-5.",
                                      ".5",        "+1",       "1e3",      "9999999", "0000001",
                                      "0.0000001", "123456.7", "16777217", "-0x1p-3", "1.0000001"};
    enum { N_ODD = sizeof odd / sizeof odd[0], N = 20000 };
    fb_error error = {0};
    fb_events *events = NULL;
    FILE *stream = fopen(PATH, "w");
    char(*text)[32] = calloc(N, sizeof *text);
    fb_random random = fb_random_at(1, FB_STREAM_TOY, 0);
    ck_assert(stream != NULL && text != NULL);
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        fprintf(stream, "%s%s", fb_column_name(k), k + 1 < FB_N_PRIMARY ? "," : "\n");
    }
    for (int row = 0; row < N; row++) {
        const int decimals = (int)(fb_random_u32(&random) % 8);
        double value = (double)(fb_random_u32(&random) % (row % 2 == 0 ? 20000000u : 1000000000u)) - 1e7;
        for (int k = 0; k < decimals; k++) {
            value /= 10.0;
        }
        snprintf(text[row], sizeof text[row], "%.*f", decimals, value);
        if (row < N_ODD) {
            strcpy(text[row], odd[row]);
        }
        fprintf(stream, "%s,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n", text[row]);
    }
    ck_assert_int_eq(fclose(stream), 0);
    FB_ASSERT_OK(read_file(&events, &error));
    for (int row = 0; row < N; row++) {
        const float expected = strtof(text[row], NULL);
        ck_assert_msg(memcmp(&events->column[0][row], &expected, sizeof expected) == 0, "'%s' reads as %.9g", text[row],
                      (double)events->column[0][row]);
    }
    fb_events_free(events);
    free(text);
    remove(PATH);
}
END_TEST

START_TEST(no_numbers_are_named)
{
    static const char *const wrong[] = {"", ".", "-", "1..2", "1.2.3", "--1", "1-", "1 ", "12a", "nan", "inf", "1e99"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        fb_error error = {0};
        fb_events *events = NULL;
        char last[64], words[64];
        snprintf(last, sizeof last, "0,%s,2,3,0,1,2,3,0,1,2,3,0,1,2,3\n", wrong[k]);
        snprintf(words, sizeof words, "row 5, column PRI_lep_eta: '%s' is not a finite number", wrong[k]);
        write_rows("", "\n", 5, last);
        ck_assert_int_eq(read_file(&events, &error), FB_ERROR_DATA);
        ck_assert_msg(strstr(error.text, words) != NULL, "%s", error.text);
        fb_events_free(events);
    }
    remove(PATH);
}
END_TEST

START_TEST(bad_quotes_are_named)
{
    static const struct {
        const char *last, *words;
    } cases[] = {{"\"0\"1,2\n", "row 5: there is text behind the closing quote"},
                 {"0,\"1\n", "row 5: a quote is opened and not closed before the end of the file"},
                 {"0,\"1 \"\"\n", "row 5: a quote is opened and not closed before the end of the file"},
                 {"\"text\",1,2,3,0,1,2,3,0,1,2,3,0,1,2,3\n", "row 5, column PRI_lep_pt: 'text' is not a finite"},
                 {"\"0,1,2,3,0,1,2,3,0,1,2,3,0,1,2,3\"\n", "row 5: has 1 fields, the header has 16"},
                 {"\"0\",\"1\"\n", "row 5: has 2 fields"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fb_error error = {0};
        fb_events *events = NULL;
        write_rows("", "\n", 5, cases[k].last);
        ck_assert_int_eq(read_file(&events, &error), FB_ERROR_DATA);
        ck_assert_msg(strstr(error.text, cases[k].words) != NULL, "%s", error.text);
        fb_events_free(events);
    }
    remove(PATH);
}
END_TEST

/* Not the whole file is taken for one field. */
START_TEST(a_quote_that_is_never_closed)
{
    fb_error error = {0};
    fb_events *events = NULL;
    write_rows("", "\n", 5, "\"0,1\n");
    FILE *stream = fopen(PATH, "a");
    for (int row = 0; row < 100000; row++) {
        fputs("0,1,2,3,0,1,2,3,0,1,2,3,0,1,2,3\n", stream);
    }
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_int_eq(read_file(&events, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "row 5: a quote is opened and not closed within a million bytes") != NULL, "%s",
                  error.text);
    remove(PATH);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/csv");
    TCase *tests = tcase_create("csv");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, fields_of_records);
    tcase_add_test(tests, a_last_line_without_an_end_is_told_once);
    tcase_add_test(tests, numbers_are_those_of_strtof);
    tcase_add_test(tests, no_numbers_are_named);
    tcase_add_test(tests, bad_quotes_are_named);
    tcase_add_test(tests, a_quote_that_is_never_closed);
    return fb_run_suite(suite);
}
