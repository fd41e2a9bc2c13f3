/* One rule for the columns of all formats: the same table of cases goes through HDF5, CSV and Parquet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/event_file.h"
#include "holdout/formats/parquet/parquet_writer_internal.h"
#include "models/common/h5.h"
#include "models/common/log.h"
#include "tests/support/support.h"

#define STEM "test_holdout_columns"

enum { N_ROWS = 12, MOST_COLUMNS = FB_N_FEATURES + 8 };

/* A column of a table: numbers, or texts of `text`, of which value[i] is the number. */
typedef struct column {
    const char *name;
    float value[N_ROWS];
    const char *const *text; /* [n_text], or NULL */
    size_t n_text;
} column;

typedef struct foreign_table {
    int n;
    column column[MOST_COLUMNS];
} foreign_table;

static const char *const processes[] = {"htautau", "ztautau", "ttbar", "diboson", "wjets"};

static fb_events *events;

static column *add(foreign_table *t, const char *name)
{
    ck_assert_int_lt(t->n, MOST_COLUMNS);
    t->column[t->n].name = name;
    return &t->column[t->n++];
}

static column *named(foreign_table *t, const char *name)
{
    for (int k = 0; k < t->n; k++) {
        if (strcmp(t->column[k].name, name) == 0) {
            return &t->column[k];
        }
    }
    ck_abort_msg("no column %s", name);
}

/* Primaries, weights, detailed_labels and labels, as the program itself writes them. */
static foreign_table usual(void)
{
    foreign_table t = {0};
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        memcpy(add(&t, fb_column_name(k))->value, events->column[k], sizeof t.column[0].value);
    }
    memcpy(add(&t, "weights")->value, events->weight, sizeof t.column[0].value);
    column *process = add(&t, "detailed_labels"), *label = add(&t, "labels");
    process->text = processes;
    process->n_text = FB_N_PROCESS;
    for (size_t i = 0; i < N_ROWS; i++) {
        process->value[i] = events->process[i];
        label->value[i] = (float)fb_process_label(events->process[i]);
    }
    return t;
}

/* --- the three formats -------------------------------------------------------------------------------------------- */

static void write_csv(const foreign_table *t, const char *path, bool quotes)
{
    FILE *stream = fopen(path, "w");
    const char *quote = quotes ? "\"" : "";
    ck_assert_ptr_nonnull(stream);
    for (int row = -1; row < N_ROWS; row++) {
        for (int k = 0; k < t->n; k++) {
            const column *c = &t->column[k];
            fprintf(stream, "%s%s", k > 0 ? "," : "", quote);
            if (row < 0 || c->text != NULL) {
                fputs(row < 0 ? c->name : c->text[(size_t)c->value[row]], stream);
            } else {
                fprintf(stream, "%.9g", (double)c->value[row]);
            }
            fputs(quote, stream);
        }
        fputs(quotes ? "\r\n" : "\n", stream);
    }
    ck_assert_int_eq(fclose(stream), 0);
}

static void write_hdf5(const foreign_table *t, const char *path)
{
    fb_error error = {0};
    fb_h5 *file = NULL;
    const size_t n = N_ROWS;
    FB_ASSERT_OK(fb_h5_create(path, &file, &error));
    FB_ASSERT_OK(fb_h5_group(file, "/events", &error));
    for (int k = 0; k < t->n; k++) {
        const column *c = &t->column[k];
        char name[64];
        snprintf(name, sizeof name, "/events/%s", c->name);
        if (c->text == NULL) {
            FB_ASSERT_OK(fb_h5_array_write(file, name, FB_H5_F32, 1, &n, c->value, &error));
            continue;
        }
        fb_h5_column *set = NULL;
        uint8_t number[N_ROWS];
        for (size_t i = 0; i < n; i++) {
            number[i] = (uint8_t)c->value[i];
        }
        FB_ASSERT_OK(fb_h5_column_create(file, name, 0, c->text, (int)c->n_text, &set, &error));
        FB_ASSERT_OK(fb_h5_column_append(set, n, number, &error));
        fb_h5_column_free(set);
    }
    FB_ASSERT_OK(fb_h5_commit(file, &error));
    fb_h5_free(file);
}

static void write_parquet(const foreign_table *t, const char *path)
{
    fb_error error = {0};
    fb_parquet_writer *writer = NULL;
    fb_parquet_writer_column description[MOST_COLUMNS] = {0};
    const void *rows[MOST_COLUMNS];
    uint8_t number[MOST_COLUMNS][N_ROWS];
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    for (int k = 0; k < t->n; k++) {
        const column *c = &t->column[k];
        description[k] = (fb_parquet_writer_column){.name = c->name, .text = c->text, .n_texts = c->n_text};
        for (size_t i = 0; i < N_ROWS && c->text != NULL; i++) {
            number[k][i] = (uint8_t)c->value[i];
        }
        rows[k] = c->text != NULL ? (const void *)number[k] : c->value;
    }
    FB_ASSERT_OK(fb_parquet_writer_create(stream, path, description, (size_t)t->n, 100, &writer, &error));
    FB_ASSERT_OK(fb_parquet_writer_append(writer, N_ROWS, rows, &error));
    FB_ASSERT_OK(fb_parquet_writer_finish(writer, "a test version 1", &error));
    fb_parquet_writer_free(writer);
    ck_assert_int_eq(fclose(stream), 0);
}

enum { N_FORMATS = 4 };

static const char *write_table(const foreign_table *t, int format)
{
    static const char *const path[N_FORMATS] = {STEM ".h5", STEM ".csv", STEM "_quoted.csv", STEM ".parquet"};
    switch (format) {
    case 0:
        write_hdf5(t, path[format]);
        break;
    case 1:
    case 2:
        write_csv(t, path[format], format == 2);
        break;
    default:
        write_parquet(t, path[format]);
    }
    return path[format];
}

/* --- what is said of a table -------------------------------------------------------------------------------------- */

static char heard[2048];

static void listen(fb_log_level level, const char *message, void *context)
{
    (void)context;
    ck_assert_int_eq(level, FB_LOG_WARNING);
    ck_assert_msg(heard[0] == '\0', "a second warning: %s", message);
    snprintf(heard, sizeof heard, "%s", message);
}

/* The result of reading the table; what it warns of is in `heard`. */
static fb_status read_table(const char *path, fb_events **out, fb_error *error)
{
    fb_source *source = NULL;
    heard[0] = '\0';
    fb_log_set(listen, NULL, FB_LOG_DEBUG);
    fb_status status = fb_event_file_open(path, &source, error);
    if (status == FB_OK) {
        status = fb_source_read_all(source, out, error);
    }
    fb_log_set(NULL, NULL, FB_LOG_ERROR);
    fb_source_free(source);
    return status;
}

static void assert_words(const char *path, const char *text, const char *words)
{
    char copy[512], *at = copy;
    snprintf(copy, sizeof copy, "%s", words);
    for (const char *word = strsep(&at, ";"); word != NULL; word = strsep(&at, ";")) {
        ck_assert_msg(strstr(text, word) != NULL, "%s: '%s' lacks '%s'", path, text, word);
    }
}

/* In every format the table is read as the events, with one warning of these words or none. */
static void assert_read(const foreign_table *t, const char *warning)
{
    for (int format = 0; format < N_FORMATS; format++) {
        fb_error error = {0};
        fb_events *back = NULL;
        const char *path = write_table(t, format);
        FB_ASSERT_OK(read_table(path, &back, &error));
        fb_assert_same_events(back, events);
        fb_events_free(back);
        if (warning == NULL) {
            ck_assert_msg(heard[0] == '\0', "%s: %s", path, heard);
        } else {
            assert_words(path, heard, warning);
        }
        remove(path);
    }
}

/* In every format it is refused, with an error of these words and nothing else. */
static void assert_refused(const foreign_table *t, const char *words)
{
    for (int format = 0; format < N_FORMATS; format++) {
        fb_error error = {0};
        fb_events *back = NULL;
        const char *path = write_table(t, format);
        ck_assert_msg(read_table(path, &back, &error) == FB_ERROR_DATA, "%s, which should say '%s', is read", path,
                      words);
        assert_words(path, error.text, path);
        assert_words(path, error.text, words);
        ck_assert_msg(heard[0] == '\0', "%s: %s", path, heard);
        remove(path);
    }
}

START_TEST(the_usual_columns_in_any_order)
{
    foreign_table t = usual(), reversed = {.n = t.n};
    assert_read(&t, NULL);
    for (int k = 0; k < t.n; k++) {
        reversed.column[k] = t.column[t.n - 1 - k];
    }
    add(&reversed, "DER_mass_vis");
    assert_read(&reversed, NULL);
}
END_TEST

START_TEST(other_columns_are_ignored_and_named)
{
    static const char *const words[] = {"a", "b"};
    foreign_table t = usual();
    add(&t, "score");
    add(&t, "DER_invented_later");
    column *text = add(&t, "run era");
    text->text = words;
    text->n_text = 2;
    assert_read(&t, "ignored;'score';'DER_invented_later';'run era';official columns");
    for (int k = 0; k < 4; k++) {
        static char name[4][16];
        snprintf(name[k], sizeof name[k], "x%d", k);
        add(&t, name[k]);
    }
    assert_read(&t, "ignored;'score';'x3'");
}
END_TEST

START_TEST(an_index_is_ignored)
{
    static const char *const names[] = {"Unnamed: 0", "Unnamed: 0.1", "__index_level_0__", "index", "id"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        foreign_table t = usual();
        add(&t, names[k]);
        char words[64];
        snprintf(words, sizeof words, "'%s' (an index)", names[k]);
        assert_read(&t, words);
    }
}
END_TEST

/* HDF5 has no nameless datasets. */
START_TEST(a_nameless_index_is_ignored)
{
    foreign_table t = usual();
    add(&t, "");
    for (int format = 1; format < N_FORMATS; format++) {
        fb_error error = {0};
        fb_events *back = NULL;
        const char *path = write_table(&t, format);
        FB_ASSERT_OK(read_table(path, &back, &error));
        fb_assert_same_events(back, events);
        fb_events_free(back);
        assert_words(path, heard, "'' (an index)");
        remove(path);
    }
}
END_TEST

START_TEST(names_are_exact)
{
    static const struct {
        const char *from, *to, *words;
    } cases[] = {{"weights", "Weights", "'Weights';did you mean 'weights'"},
                 {"weights", "WEIGHTS", "'WEIGHTS';did you mean 'weights'"},
                 {"labels", "Labels", "'Labels';did you mean 'labels'"},
                 {"detailed_labels", "Detailed_Labels", "'Detailed_Labels';did you mean 'detailed_labels'"},
                 {"PRI_met", "pri_met", "'pri_met';did you mean 'PRI_met'"},
                 {"PRI_met", "PRI_mett", "PRI_met is missing;'PRI_mett'"},
                 {"PRI_met", "PRI_tau_pt", "'PRI_tau_pt';challenge of 2014"},
                 {"weights", "Weight", "'Weight';challenge of 2014"},
                 {"detailed_labels", "process", "labels without detailed_labels"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        foreign_table t = usual();
        named(&t, cases[k].from)->name = cases[k].to;
        assert_refused(&t, cases[k].words);
    }
}
END_TEST

START_TEST(labels_agree_with_the_processes)
{
    foreign_table t = usual();
    column *label = named(&t, "labels");
    size_t signal = 0;
    while (events->process[signal] != FB_HTAUTAU) {
        signal++;
    }
    char words[128];
    label->value[signal] = 0.0f;
    snprintf(words, sizeof words, "row %zu, column labels: 0 contradicts detailed_labels 'htautau'", signal);
    assert_refused(&t, words);
    label->value[signal] = 2.0f;
    snprintf(words, sizeof words, "row %zu, column labels: '2' is not 0 or 1", signal);
    assert_refused(&t, words);
    t = usual();
    size_t background = 0;
    while (events->process[background] == FB_HTAUTAU) {
        background++;
    }
    named(&t, "labels")->value[background] = 1.0f;
    snprintf(words, sizeof words, "row %zu, column labels: 1 contradicts detailed_labels '%s'", background,
             fb_process_name(events->process[background]));
    assert_refused(&t, words);
}
END_TEST

/* An enumeration of HDF5 that has a name of ours and others is refused at once, texts where a row has another one. */
START_TEST(processes_have_their_names)
{
    foreign_table t = usual();
    named(&t, "detailed_labels")->value[7] = FB_N_PROCESS;
    named(&t, "detailed_labels")->n_text = FB_N_PROCESS + 1;
    assert_refused(&t, "detailed_labels;'wjets'");
    t = usual();
    named(&t, "detailed_labels")->text = NULL;
    t.n--; /* the labels */
    assert_refused(&t, "detailed_labels");
}
END_TEST

static void make_events(void)
{
    events = fb_simulated_events(N_ROWS, 4);
}

static void free_events(void)
{
    fb_events_free(events);
}

int main(void)
{
    Suite *suite = suite_create("holdout/columns");
    TCase *tests = tcase_create("columns");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, make_events, free_events);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_usual_columns_in_any_order);
    tcase_add_test(tests, other_columns_are_ignored_and_named);
    tcase_add_test(tests, an_index_is_ignored);
    tcase_add_test(tests, a_nameless_index_is_ignored);
    tcase_add_test(tests, names_are_exact);
    tcase_add_test(tests, labels_agree_with_the_processes);
    tcase_add_test(tests, processes_have_their_names);
    return fb_run_suite(suite);
}
