/* Files of events: what is written is read back bit for bit, by every format, however it is cut into blocks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "holdout/events/checksum.h"
#include "holdout/events/sink.h"
#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "models/common/random.h"
#include "tests/support/support.h"

#define STEM "test_holdout_files"

/* More than one chunk of an HDF5 column and one piece of fb_source_read_all. */
enum { N_ROWS = FB_READ_ROWS + 1234 };

static fb_events *table;

static void make_table(void)
{
    table = fb_simulated_events(N_ROWS, 11);
    /* Values that lose bits in careless text. */
    static const float awkward[] = {0.1f, 16777217.0f, 1e-40f, 999999936.0f, -0.0f, 1.17549435e-38f, 0.333333343f};
    for (size_t k = 0; k < sizeof awkward / sizeof awkward[0]; k++) {
        table->column[FB_MET][k] = awkward[k];
        table->column[FB_JET2_PT][N_ROWS - 1 - k] = awkward[k];
        table->weight[N_ROWS / 2 + k] = awkward[k] < 0.0f ? 1.0f : awkward[k];
    }
    /* And any bits at all that are a possible momentum, most of which need nine digits. */
    fb_random random = fb_random_at(1, FB_STREAM_TOY, 0);
    for (size_t i = 100; i < 1100; i++) {
        uint32_t bits = fb_random_u32(&random);
        float value = 0.0f;
        memcpy(&value, &bits, sizeof value);
        table->column[FB_MET][i] = fabsf(value) <= 1e9f ? value : 0.0f;
        table->weight[i] = fabsf(table->column[FB_MET][i]);
    }
}

static void free_table(void)
{
    fb_events_free(table);
}

static void assert_same_bits(const fb_events *a, const fb_events *b)
{
    ck_assert_uint_eq(a->n, b->n);
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        ck_assert_msg(memcmp(a->column[k], b->column[k], a->n * sizeof(float)) == 0, "%s differs", fb_column_name(k));
    }
    ck_assert_msg(memcmp(a->weight, b->weight, a->n * sizeof(float)) == 0, "weights differ");
    ck_assert_msg(memcmp(a->process, b->process, a->n) == 0, "processes differ");
}

static fb_sink_settings complete(void)
{
    return (fb_sink_settings){
        .weights = true, .processes = true, .stage = FB_EVENTS_RAW, .origin = "here/1", .provenance = "by hand"};
}

/* Writes the first `n` rows in pieces of `piece` rows. */
static void write_rows(fb_sink *sink, size_t n, size_t piece)
{
    fb_error error = {0};
    fb_events *part = NULL;
    FB_ASSERT_OK(fb_events_create(piece, &part, &error));
    for (size_t first = 0; first < n; first += piece) {
        part->n = 0;
        fb_events_append(part, table, first, n - first < piece ? n - first : piece);
        FB_ASSERT_OK(fb_sink_write(sink, part, NULL, &error));
    }
    fb_events_free(part);
}

static void write_file(const char *path, const fb_sink_settings *settings, size_t n, size_t piece)
{
    fb_error error = {0};
    fb_sink *sink = NULL;
    FB_ASSERT_OK(fb_event_file_create(path, settings, &sink, &error));
    write_rows(sink, n, piece);
    FB_ASSERT_OK(fb_sink_commit(sink, &error));
    fb_sink_free(sink);
}

static fb_events *read_file(const char *path)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    FB_ASSERT_OK(fb_source_read_all(source, &events, &error));
    fb_source_free(source);
    return events;
}

static void check_round_trip(const char *path, int gzip)
{
    fb_sink_settings settings = complete();
    settings.gzip = gzip;
    write_file(path, &settings, N_ROWS, 7001);
    fb_events *back = read_file(path);
    ck_assert(back->has_weights && back->has_processes);
    assert_same_bits(table, back);
    fb_events_free(back);
    remove(path);
}

START_TEST(round_trips_keep_every_bit)
{
    check_round_trip(STEM ".h5", 0);
    check_round_trip(STEM "_gzip.hdf5", 6);
    check_round_trip(STEM ".csv", 0);
    check_round_trip(STEM ".parquet", 0);
}
END_TEST

START_TEST(gzip_makes_the_file_smaller)
{
    fb_sink_settings settings = complete();
    size_t plain = 0, compressed = 0;
    write_file(STEM "_plain.h5", &settings, N_ROWS, N_ROWS);
    settings.gzip = 1;
    write_file(STEM "_small.h5", &settings, N_ROWS, N_ROWS);
    free(fb_bytes_of(STEM "_plain.h5", &plain));
    free(fb_bytes_of(STEM "_small.h5", &compressed));
    ck_assert_uint_lt(compressed, plain);
    remove(STEM "_plain.h5");
    remove(STEM "_small.h5");
}
END_TEST

/* Data as a participant gets them: each weight is 1, no process is known. */
START_TEST(files_without_weights)
{
    static const char *const paths[] = {STEM "_data.h5", STEM "_data.csv", STEM "_data.parquet"};
    const fb_sink_settings settings = {.stage = FB_EVENTS_OBSERVED, .origin = "", .provenance = ""};
    for (int k = 0; k < 3; k++) {
        write_file(paths[k], &settings, 100, 100);
        fb_events *back = read_file(paths[k]);
        ck_assert(!back->has_weights && !back->has_processes);
        ck_assert_uint_eq(back->n, 100);
        for (size_t i = 0; i < back->n; i++) {
            ck_assert_float_eq(back->weight[i], 1.0f);
            ck_assert_uint_eq(back->process[i], FB_PROCESS_UNKNOWN);
            ck_assert_float_eq(back->column[FB_LEP_PT][i], table->column[FB_LEP_PT][i]);
        }
        fb_events_free(back);
        remove(paths[k]);
    }
}
END_TEST

START_TEST(facts_come_back)
{
    fb_error error = {0};
    fb_source *source = NULL;
    const fb_sink_settings settings = complete();
    write_file(STEM "_facts.h5", &settings, 10, 10);
    FB_ASSERT_OK(fb_event_file_open(STEM "_facts.h5", &source, &error));
    const fb_source_info *info = fb_source_describe(source);
    ck_assert_uint_eq(info->n_rows, 10);
    ck_assert_int_eq(info->stage, FB_EVENTS_RAW);
    ck_assert_str_eq(info->origin, "here/1");
    ck_assert_str_eq(info->provenance, "by hand");
    ck_assert_str_eq(info->name, STEM "_facts.h5");
    fb_source_free(source);
    remove(STEM "_facts.h5");
}
END_TEST

/* Columns in reverse order with derived ones and an id between them, ends of line as on Windows, a blank last line. */
static void write_foreign_csv(const char *path, size_t n)
{
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    fputs("labels,DER_mass_vis,detailed_labels,id", stream);
    for (int k = FB_N_PRIMARY - 1; k >= 0; k--) {
        fprintf(stream, ",%s", fb_column_name(k));
    }
    fputs(",DER_invented_later,weights\r\n", stream);
    for (size_t i = 0; i < n; i++) {
        int process = table->process[i];
        fprintf(stream, "%s,nan,%s,%zu", fb_process_label(process) ? "1" : "0.0", fb_process_name(process), 7 * i);
        for (int k = FB_N_PRIMARY - 1; k >= 0; k--) {
            fprintf(stream, ",%.9g", (double)table->column[k][i]);
        }
        fprintf(stream, ",,%.9g\r\n", (double)table->weight[i]);
    }
    fputs("\r\n", stream);
    ck_assert_int_eq(fclose(stream), 0);
}

START_TEST(foreign_csv_is_understood)
{
    enum { N = 500 };
    write_foreign_csv(STEM "_foreign.csv", N);
    fb_events *back = read_file(STEM "_foreign.csv");
    const size_t all = table->n;
    table->n = N;
    assert_same_bits(table, back);
    table->n = all;
    fb_events_free(back);
    remove(STEM "_foreign.csv");
}
END_TEST

/* Reads to the end in blocks of `capacity` rows; checks rows and row numbers, gives the checksum. */
static void read_in_blocks(fb_source *source, size_t capacity, char text[FB_CHECKSUM_TEXT_SIZE])
{
    fb_error error = {0};
    fb_events *block = NULL;
    fb_hash *checksum = NULL;
    size_t row = 0;
    FB_ASSERT_OK(fb_events_create(capacity, &block, &error));
    FB_ASSERT_OK(fb_hash_create(&checksum, &error));
    for (;;) {
        FB_ASSERT_OK(fb_source_read(source, block, &error));
        if (block->n == 0) {
            break;
        }
        ck_assert_uint_eq(block->first_row, row);
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            ck_assert(memcmp(block->column[k], table->column[k] + row, block->n * sizeof(float)) == 0);
        }
        FB_ASSERT_OK(fb_checksum_update(checksum, block, &error));
        row += block->n;
    }
    ck_assert_uint_eq(row, N_ROWS);
    fb_checksum_text(checksum, text);
    fb_hash_free(checksum);
    fb_events_free(block);
}

START_TEST(blocks_and_formats_give_the_same_rows_and_checksum)
{
    static const char *const paths[] = {STEM "_blocks.h5", STEM "_blocks.csv", STEM "_blocks.parquet"};
    static const size_t capacities[] = {FB_READ_ROWS, 1009, 70000};
    const fb_sink_settings settings = complete();
    char first[FB_CHECKSUM_TEXT_SIZE] = "", text[FB_CHECKSUM_TEXT_SIZE];
    for (int k = 0; k < 3; k++) {
        fb_error error = {0};
        fb_source *source = NULL;
        uint64_t n_rows = 0;
        write_file(paths[k], &settings, N_ROWS, 4096);
        FB_ASSERT_OK(fb_event_file_open(paths[k], &source, &error));
        FB_ASSERT_OK(fb_source_count(source, &n_rows, &error));
        ck_assert_uint_eq(n_rows, N_ROWS);
        for (int c = 0; c < 3; c++) {
            read_in_blocks(source, capacities[c], text);
            FB_ASSERT_OK(fb_source_rewind(source, &error));
            if (first[0] == '\0') {
                strcpy(first, text);
            }
            ck_assert_str_eq(text, first);
        }
        fb_source_free(source);
        remove(paths[k]);
    }
    ck_assert_int_eq(strncmp(first, "xxh128:", 7), 0);
}
END_TEST

START_TEST(checksum_notices_everything)
{
    fb_error error = {0};
    fb_events *copy = NULL;
    char before[FB_CHECKSUM_TEXT_SIZE], after[FB_CHECKSUM_TEXT_SIZE];
    FB_ASSERT_OK(fb_events_create(10, &copy, &error));
    fb_events_append(copy, table, 0, 10);
    for (int what = 0; what < 4; what++) {
        fb_hash *checksum = NULL;
        FB_ASSERT_OK(fb_hash_create(&checksum, &error));
        copy->column[FB_MET_PHI][9] += what == 1 ? 1e-3f : 0.0f;
        copy->weight[3] *= what == 2 ? 2.0f : 1.0f;
        copy->process[0] = what == 3 ? (copy->process[0] + 1) % FB_N_PROCESS : copy->process[0];
        FB_ASSERT_OK(fb_checksum_update(checksum, copy, &error));
        fb_checksum_text(checksum, after);
        fb_hash_free(checksum);
        ck_assert(what == 0 || strcmp(before, after) != 0);
        strcpy(before, after);
    }
    fb_events_free(copy);
}
END_TEST

static void assert_no_temporary(const char *path)
{
    char name[256];
    snprintf(name, sizeof name, "%s.tmp%ld", path, (long)getpid());
    ck_assert_msg(access(name, F_OK) != 0, "%s was left behind", name);
}

START_TEST(uncommitted_files_leave_nothing)
{
    static const char *const paths[] = {STEM "_new.h5", STEM "_new.csv", STEM "_new.parquet"};
    const fb_sink_settings settings = complete();
    for (int k = 0; k < 3; k++) {
        fb_error error = {0};
        fb_sink *sink = NULL;
        FB_ASSERT_OK(fb_event_file_create(paths[k], &settings, &sink, &error));
        write_rows(sink, 1000, 100);
        ck_assert_int_ne(access(paths[k], F_OK), 0);
        fb_sink_free(sink);
        ck_assert_int_ne(access(paths[k], F_OK), 0);
        assert_no_temporary(paths[k]);
    }
}
END_TEST

START_TEST(existing_file_stays_until_the_commit)
{
    static const char *const paths[] = {STEM "_old.h5", STEM "_old.csv", STEM "_old.parquet"};
    const fb_sink_settings settings = complete();
    for (int k = 0; k < 3; k++) {
        fb_error error = {0};
        fb_sink *sink = NULL;
        for (int commit = 0; commit < 2; commit++) {
            FILE *stream = fopen(paths[k], "w");
            ck_assert_ptr_nonnull(stream);
            fputs("precious", stream);
            ck_assert_int_eq(fclose(stream), 0);
            FB_ASSERT_OK(fb_event_file_create(paths[k], &settings, &sink, &error));
            write_rows(sink, 1000, 100);
            size_t n = 0;
            char *bytes = fb_bytes_of(paths[k], &n);
            ck_assert_str_eq(bytes, "precious");
            free(bytes);
            if (commit) {
                FB_ASSERT_OK(fb_sink_commit(sink, &error));
            }
            fb_sink_free(sink);
            bytes = fb_bytes_of(paths[k], &n);
            ck_assert_int_eq(strcmp(bytes, "precious") == 0, commit == 0);
            free(bytes);
        }
        assert_no_temporary(paths[k]);
        remove(paths[k]);
    }
}
END_TEST

START_TEST(same_events_make_the_same_bytes)
{
    static const char *const extensions[] = {".h5", ".csv", ".parquet"};
    const fb_sink_settings settings = complete();
    for (int k = 0; k < 3; k++) {
        char *bytes[2];
        size_t n[2];
        for (int run = 0; run < 2; run++) {
            char path[64];
            snprintf(path, sizeof path, STEM "_same%d%s", run, extensions[k]);
            write_file(path, &settings, 5000, run == 0 ? 5000 : 333);
            bytes[run] = fb_bytes_of(path, &n[run]);
            remove(path);
            if (run == 0 && k == 0) {
                usleep(1100000); /* times in HDF5 files are whole seconds */
            }
        }
        ck_assert_uint_eq(n[0], n[1]);
        ck_assert_int_eq(memcmp(bytes[0], bytes[1], n[0]), 0);
        free(bytes[0]);
        free(bytes[1]);
    }
}
END_TEST

/* Weights alone: the same ones, the primaries left as they were, and after the next rewind everything again. */
static void check_weights_only(const char *path)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *whole = NULL, *block = NULL;
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    FB_ASSERT_OK(fb_source_read_all(source, &whole, &error));
    FB_ASSERT_OK(fb_events_create(50, &block, &error));
    FB_ASSERT_OK(fb_source_rewind_for(source, true, &error));
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        block->column[k][0] = NAN;
    }
    FB_ASSERT_OK(fb_source_read(source, block, &error));
    ck_assert_uint_eq(block->n, 50);
    ck_assert_mem_eq(block->weight, whole->weight, 50 * sizeof(float));
    ck_assert_mem_eq(block->process, whole->process, 50);
    ck_assert_msg(isnan(block->column[FB_MET][0]), "%s: a column was read that is not needed", path);
    FB_ASSERT_OK(fb_source_rewind_for(source, false, &error));
    FB_ASSERT_OK(fb_source_read(source, block, &error));
    ck_assert_mem_eq(block->column[FB_MET], whole->column[FB_MET], 50 * sizeof(float));
    fb_events_free(whole);
    fb_events_free(block);
    fb_source_free(source);
}

START_TEST(only_the_columns_needed_are_read)
{
    fb_sink_settings settings = complete();
    write_file(STEM "_weights.h5", &settings, 100, 100);
    check_weights_only(STEM "_weights.h5");
    check_weights_only(FB_TEST_DATA "/parquet/groups.parquet");
    unlink(STEM "_weights.h5");
}
END_TEST

/* The derived columns come back where they are asked for, and nothing else changes. */
static void check_derived(const char *path)
{
    fb_error error = {0};
    fb_events *events = NULL, *block = NULL;
    fb_sink *sink = NULL;
    fb_source *source = NULL;
    fb_sink_settings settings = complete();
    settings.derived = true;
    FB_ASSERT_OK(fb_events_create(3000, &events, &error));
    FB_ASSERT_OK(fb_events_keep_derived(events, &error));
    fb_events_append(events, table, 0, 3000);
    for (int k = 0; k < FB_N_DERIVED; k++) {
        for (size_t i = 0; i < events->n; i++) {
            events->derived[k][i] = (float)(i % 500) + 0.125f * (float)k;
        }
    }
    FB_ASSERT_OK(fb_event_file_create(path, &settings, &sink, &error));
    FB_ASSERT_OK(fb_sink_write(sink, events, events->derived, &error));
    FB_ASSERT_OK(fb_sink_commit(sink, &error));
    fb_sink_free(sink);
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    ck_assert(fb_source_describe(source)->has_derived);
    FB_ASSERT_OK(fb_events_create(1700, &block, &error));
    FB_ASSERT_OK(fb_events_keep_derived(block, &error));
    FB_ASSERT_OK(fb_source_read(source, block, &error));
    FB_ASSERT_OK(fb_source_read(source, block, &error));
    ck_assert_uint_eq(block->n, 1300);
    for (int k = 0; k < FB_N_DERIVED; k++) {
        ck_assert_mem_eq(block->derived[k], events->derived[k] + 1700, 1300 * sizeof(float));
    }
    fb_source_free(source);
    fb_events_free(block);
    block = read_file(path);
    ck_assert_ptr_null(block->derived[0]);
    assert_same_bits(events, block);
    fb_events_free(block);
    fb_events_free(events);
    unlink(path);
}

START_TEST(derived_columns_are_read_where_they_are_kept)
{
    check_derived(STEM "_derived.h5");
    check_derived(STEM "_derived.csv");
    check_derived(STEM "_derived.parquet");
}
END_TEST

START_TEST(values_that_make_no_sense_are_refused)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *block = NULL;
    FB_ASSERT_OK(fb_source_from_events(table, "table", &source, &error));
    FB_ASSERT_OK(fb_events_create(N_ROWS, &block, &error));
    table->column[FB_N_JETS][7] = 1000.0f;
    FB_ASSERT_OK(fb_source_read(source, block, &error));
    table->column[FB_N_JETS][7] = 1001.0f;
    FB_ASSERT_OK(fb_source_rewind(source, &error));
    ck_assert_int_eq(fb_source_read(source, block, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "row 7, column PRI_n_jets: 1001") != NULL);
    table->column[FB_N_JETS][7] = 0.0f;
    table->process[9] = FB_N_PROCESS;
    FB_ASSERT_OK(fb_source_rewind(source, &error));
    ck_assert_int_eq(fb_source_read(source, block, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "row 9, column detailed_labels: 4") != NULL);
    fb_events_free(block);
    fb_source_free(source);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/files");
    TCase *tests = tcase_create("files");
    suite_add_tcase(suite, tests);
    tcase_add_unchecked_fixture(tests, make_table, free_table);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, round_trips_keep_every_bit);
    tcase_add_test(tests, gzip_makes_the_file_smaller);
    tcase_add_test(tests, files_without_weights);
    tcase_add_test(tests, facts_come_back);
    tcase_add_test(tests, foreign_csv_is_understood);
    tcase_add_test(tests, blocks_and_formats_give_the_same_rows_and_checksum);
    tcase_add_test(tests, checksum_notices_everything);
    tcase_add_test(tests, uncommitted_files_leave_nothing);
    tcase_add_test(tests, existing_file_stays_until_the_commit);
    tcase_add_test(tests, same_events_make_the_same_bytes);
    tcase_add_test(tests, only_the_columns_needed_are_read);
    tcase_add_test(tests, derived_columns_are_read_where_they_are_kept);
    tcase_add_test(tests, values_that_make_no_sense_are_refused);
    return fb_run_suite(suite);
}
