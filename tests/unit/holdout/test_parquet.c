/* Parquet files: those that are right give the same bits as the CSV that they were made from, all others an error. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "tests/support/support.h"

#define STEM "test_holdout_parquet"
#define FOLDER FB_TEST_DATA "/parquet/"

enum { N_ROWS = 120 };

static fb_events *read_first(const char *path, size_t n)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    FB_ASSERT_OK(fb_events_create(n, &events, &error));
    FB_ASSERT_OK(fb_source_read(source, events, &error));
    fb_source_free(source);
    return events;
}

/* Reads `source` in pieces of `piece` rows and compares with `expected`. */
static void check_pieces(fb_source *source, const fb_events *expected, size_t piece)
{
    fb_error error = {0};
    fb_events *block = NULL, *all = NULL;
    FB_ASSERT_OK(fb_events_create(piece, &block, &error));
    FB_ASSERT_OK(fb_events_create(expected->n, &all, &error));
    do {
        FB_ASSERT_OK(fb_source_read(source, block, &error));
        ck_assert_uint_eq(block->first_row, all->n);
        ck_assert_uint_le(block->n, expected->n - all->n);
        fb_events_append(all, block, 0, block->n);
    } while (block->n > 0);
    fb_assert_same_events(all, expected);
    fb_events_free(block);
    fb_events_free(all);
}

static void check_file(const char *path, const fb_events *expected)
{
    static const size_t pieces[] = {1000, 120, 17, 1};
    fb_error error = {0};
    fb_source *source = NULL;
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    const fb_source_info *info = fb_source_describe(source);
    ck_assert_uint_eq(info->n_rows, expected->n);
    ck_assert(info->has_weights && info->has_processes);
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        check_pieces(source, expected, pieces[k]);
        FB_ASSERT_OK(fb_source_rewind(source, &error));
    }
    fb_source_free(source);
}

START_TEST(good_files_read_as_the_csv)
{
    static const char *const names[] = {
        "plain",   "optional_snappy", "fallback_gzip", "v2_zstd",       "v2_snappy_stored", "v2_gzip",     "v1_zstd",
        "wide",    "groups",          "duckdb_plain",  "duckdb_snappy", "duckdb_gzip",      "duckdb_zstd", "hyparquet",
        "boolean", "boolean_runs"};
    fb_events *expected = read_first(FB_TEST_DATA "/synthetic_events.csv", N_ROWS);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        char path[512];
        snprintf(path, sizeof path, FOLDER "%s.parquet", names[k]);
        check_file(path, expected);
    }
    fb_events_free(expected);
}
END_TEST

START_TEST(rewinding_works_anywhere)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *block = NULL;
    fb_events *expected = read_first(FB_TEST_DATA "/synthetic_events.csv", N_ROWS);
    FB_ASSERT_OK(fb_event_file_open(FOLDER "groups.parquet", &source, &error));
    FB_ASSERT_OK(fb_events_create(13, &block, &error));
    for (int n = 0; n < 12; n++) {
        for (int k = 0; k < n; k++) {
            FB_ASSERT_OK(fb_source_read(source, block, &error));
        }
        FB_ASSERT_OK(fb_source_rewind(source, &error));
        check_pieces(source, expected, 50);
        FB_ASSERT_OK(fb_source_rewind(source, &error));
    }
    fb_source_free(source);
    fb_events_free(block);
    fb_events_free(expected);
}
END_TEST

START_TEST(primaries_alone_are_data)
{
    fb_events *expected = read_first(FB_TEST_DATA "/synthetic_events.csv", N_ROWS);
    fb_events *events = read_first(FOLDER "primaries.parquet", N_ROWS);
    ck_assert(!events->has_weights && !events->has_processes);
    for (size_t i = 0; i < N_ROWS; i++) {
        expected->weight[i] = 1.0f;
        expected->process[i] = FB_PROCESS_UNKNOWN;
    }
    fb_assert_same_events(events, expected);
    fb_events_free(events);
    fb_events_free(expected);
}
END_TEST

START_TEST(no_rows_are_no_error)
{
    fb_events *events = read_first(FOLDER "empty.parquet", 10);
    ck_assert_uint_eq(events->n, 0);
    fb_events_free(events);
}
END_TEST

static void write_bytes(const char *path, const char *bytes, size_t n)
{
    remove(path); /* some file systems wait for the disk when a file is written over */
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, n, stream), n);
    ck_assert_int_eq(fclose(stream), 0);
}

/* The offsets in `far` are 5 GiB larger than its own. A file with such a hole takes no room. */
START_TEST(offsets_beyond_4_gib)
{
    const off_t gap = (off_t)5 << 30;
    size_t n = 0;
    char *bytes = fb_bytes_of(FOLDER "far.parquet", &n);
    int file = open(STEM "_far.parquet", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(pwrite(file, bytes, 4, 0), 4);
    ck_assert_int_eq(pwrite(file, bytes + 4, n - 4, gap + 4), (ssize_t)(n - 4));
    ck_assert_int_eq(close(file), 0);
    fb_events *expected = read_first(FB_TEST_DATA "/synthetic_events.csv", N_ROWS);
    check_file(STEM "_far.parquet", expected);
    remove(STEM "_far.parquet");
    fb_events_free(expected);
    free(bytes);
}
END_TEST

/* Opens and reads to the end, if it goes that far. */
static fb_status read_through(const char *path, fb_error *error)
{
    fb_source *source = NULL;
    fb_events *events = NULL;
    fb_status status = fb_event_file_open(path, &source, error);
    if (status == FB_OK) {
        status = fb_source_read_all(source, &events, error);
    }
    fb_events_free(events);
    fb_source_free(source);
    return status;
}

typedef struct refusal {
    const char *name;
    const char *words[3]; /* that the error names */
} refusal;

static void check_refusals(const refusal *list, size_t n, const char *common)
{
    for (size_t k = 0; k < n; k++) {
        char path[512];
        fb_error error = {0};
        snprintf(path, sizeof path, FOLDER "%s.parquet", list[k].name);
        ck_assert_msg(read_through(path, &error) == FB_ERROR_DATA, "%s: '%s'", list[k].name, error.text);
        ck_assert_msg(strstr(error.text, path) != NULL && strstr(error.text, common) != NULL, "%s: '%s'", list[k].name,
                      error.text);
        for (int w = 0; w < 3 && list[k].words[w] != NULL; w++) {
            ck_assert_msg(strstr(error.text, list[k].words[w]) != NULL, "%s: '%s' lacks '%s'", list[k].name, error.text,
                          list[k].words[w]);
        }
    }
}

#define CHECK_REFUSALS(list, common) check_refusals(list, sizeof(list) / sizeof(list)[0], common)

START_TEST(bad_contents_are_named)
{
    static const refusal list[] = {
        {"bad_null", {"row 7", "PRI_met", "missing (null)"}},
        {"bad_null_v2", {"row 9", "PRI_met", "missing (null)"}},
        {"bad_missing", {"PRI_met is missing"}},
        {"bad_unknown", {"PRI_met is missing", "'PRI_mett'"}},
        {"bad_twice", {"PRI_had_pt appears twice"}},
        {"bad_text", {"row 11", "detailed_labels", "'wjets' is not htautau"}},
        {"bad_text_coded", {"row 1,", "detailed_labels", "'wj?ts' is not htautau"}},
        {"bad_label", {"row 0", "labels", "'2' is not 0 or 1"}},
        {"bad_contradiction", {"row 0", "labels", "contradicts detailed_labels 'ztautau'"}},
        {"bad_labels_alone", {"labels without detailed_labels"}},
        {"bad_number_for_text", {"detailed_labels", "holds numbers"}},
        {"bad_text_for_number", {"PRI_met", "holds texts"}},
        {"bad_weight", {"row 11", "weights", "-1"}},
        {"bad_nan", {"row 11", "PRI_met", "nan"}},
    };
    CHECK_REFUSALS(list, "");
}
END_TEST

START_TEST(other_kinds_of_parquet_are_refused_with_a_way_out)
{
    static const refusal copied[] = {{"refused_delta", {"PRI_n_jets", "encoding DELTA_BINARY_PACKED"}},
                                     {"refused_split", {"PRI_met", "encoding BYTE_STREAM_SPLIT"}},
                                     {"refused_split_late", {"PRI_met", "encoding BYTE_STREAM_SPLIT"}},
                                     {"refused_bit_packed", {"PRI_met", "encoding BIT_PACKED"}},
                                     {"refused_brotli", {"PRI_met", "compression BROTLI"}},
                                     {"duckdb_v2", {"PRI_lep_pt", "encoding BYTE_STREAM_SPLIT"}}};
    static const refusal cast[] = {{"refused_decimal", {"PRI_met", "decimal"}}};
    static const refusal within[] = {{"refused_nested", {"PRI_met", "nested"}}};
    static const refusal excluded[] = {{"refused_repeated", {"PRI_met", "nested"}}};
    static const refusal others[] = {{"refused_int96", {"PRI_met", "type INT96 (a time)"}},
                                     {"refused_encrypted", {"encryption"}},
                                     {"refused_elsewhere", {"PRI_met", "data in another file"}}};
    static const refusal arrow[] = {{"refused_lz4", {"PRI_met", "compression LZ4"}}};
    CHECK_REFUSALS(copied, "duckdb -c \"COPY (SELECT * FROM ");
    CHECK_REFUSALS(cast, "duckdb -c \"COPY (SELECT COLUMNS('^(PRI_|DER_|weights|labels)')::FLOAT, "
                         "detailed_labels::VARCHAR AS detailed_labels FROM ");
    CHECK_REFUSALS(excluded, "duckdb -c \"COPY (SELECT * EXCLUDE (\\\"PRI_met\\\") FROM ");
    CHECK_REFUSALS(within, "duckdb -c \"COPY (SELECT * EXCLUDE (\\\"PRI_met\\\"), UNNEST(\\\"PRI_met\\\") FROM ");
    CHECK_REFUSALS(arrow, "python3 -c \"import sys, pyarrow.parquet");
    CHECK_REFUSALS(others, "write the file again");
}
END_TEST

START_TEST(what_a_file_says_of_itself_is_checked)
{
    static const refusal list[] = {
        {"damaged_magic", {"PAR1"}},
        {"damaged_footer_size", {"footer of 1048576 bytes"}},
        {"damaged_rows", {"fewer rows than the file"}},
        {"damaged_group_rows", {"rows of a row group"}},
        {"damaged_claim", {"claims 1099511627776 rows"}},
        {"damaged_few_values", {"PRI_lep_pt", "fewer values than its row group"}},
        {"damaged_chunk_values", {"PRI_met", "11 values"}},
        {"damaged_chunk_size", {"PRI_met", "not inside the file"}},
        {"damaged_chunk_offset", {"PRI_met", "not inside the file"}},
        {"damaged_chunk_type", {"PRI_met", "contradicts the schema"}},
        {"damaged_page_values", {"PRI_met", "more values than its row group"}},
        {"damaged_page_short", {"PRI_met", "shorter than its values"}},
        {"damaged_page_stored", {"PRI_met", "beyond the end of its chunk"}},
        {"damaged_page_two_sizes", {"PRI_met", "two sizes"}},
        {"damaged_snappy", {"PRI_met", "do not expand"}},
        {"damaged_gzip", {"PRI_met", "do not expand"}},
        {"damaged_zstd", {"PRI_met", "do not expand"}},
        {"damaged_bomb", {"PRI_met", "1073741824", "at most 268435456"}},
        {"damaged_bomb_text", {"detailed_labels", "claims to expand"}},
        {"damaged_larger", {"PRI_met", "larger than its values"}},
        {"damaged_crc", {"PRI_met", "checksum"}},
        {"damaged_index", {"PRI_met", "beyond the end of the dictionary"}},
        {"damaged_width", {"PRI_met", "no sensible width"}},
        {"damaged_entries", {"PRI_met", "dictionary is shorter"}},
        {"damaged_boolean", {"labels", "dictionary of truth values"}},
        {"damaged_boolean_short", {"labels", "truth values are fewer"}},
        {"damaged_dictionaries", {"PRI_met", "second dictionary"}},
        {"damaged_no_dictionary", {"PRI_met", "no dictionary"}},
        {"damaged_levels", {"PRI_met", "within its levels"}},
        {"damaged_levels_v2", {"PRI_met", "levels are larger"}},
        {"damaged_repetition", {"PRI_met", "repetition levels"}},
        {"far", {"PRI_lep_pt", "not inside the file"}},
    };
    CHECK_REFUSALS(list, "");
}
END_TEST

START_TEST(cut_files_are_refused)
{
    static const char *const names[] = {"plain", "optional_snappy", "v2_zstd"};
    const char *path = STEM "_cut.parquet";
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        char whole[512];
        size_t n = 0;
        snprintf(whole, sizeof whole, FOLDER "%s.parquet", names[k]);
        char *bytes = fb_bytes_of(whole, &n);
        for (size_t cut = 0; cut < n; cut += cut < n - 64 ? 37 : 1) {
            fb_error error = {0};
            write_bytes(path, bytes, cut);
            ck_assert_msg(read_through(path, &error) == FB_ERROR_DATA, "%s cut to %zu bytes", names[k], cut);
            /* The same with its end, footer and all, moved to the front. */
            write_bytes(path, bytes + cut, n - cut);
            ck_assert_msg(cut == 0 || read_through(path, &error) != FB_OK, "%s without %zu bytes", names[k], cut);
        }
        free(bytes);
    }
    remove(path);
}
END_TEST

START_TEST(reading_stops_at_an_error_until_rewound)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *block = NULL;
    FB_ASSERT_OK(fb_event_file_open(FOLDER "bad_null.parquet", &source, &error));
    FB_ASSERT_OK(fb_events_create(4, &block, &error));
    for (int round = 0; round < 2; round++) {
        FB_ASSERT_OK(fb_source_read(source, block, &error));
        ck_assert_uint_eq(block->n, 4);
        ck_assert_int_eq(fb_source_read(source, block, &error), FB_ERROR_DATA);
        ck_assert_uint_eq(block->n, 0);
        ck_assert_int_eq(fb_source_read(source, block, &error), FB_ERROR_DATA);
        FB_ASSERT_OK(fb_source_rewind(source, &error));
    }
    fb_source_free(source);
    fb_events_free(block);
}
END_TEST

/* What make_parquet.mjs leaves out of the derived columns, as NaN; the others in their rows. */
START_TEST(missing_derived_values_are_nan)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *block = NULL;
    FB_ASSERT_OK(fb_event_file_open(FOLDER "derived_null.parquet", &source, &error));
    FB_ASSERT_OK(fb_events_create(7, &block, &error));
    FB_ASSERT_OK(fb_events_keep_derived(block, &error));
    for (int n = 0; n < 40; n++) {
        const size_t i = (size_t)(n % 7);
        if (i == 0) {
            FB_ASSERT_OK(fb_source_read(source, block, &error));
        }
        const float wanted[] = {n % 3 == 0 ? NAN : (float)n, n >= 10 && n < 30 ? NAN : 7.0f, NAN,
                                n == 39 ? NAN : (float)n / 2.0f};
        const int column[] = {FB_DER_PT_H, FB_DER_MASS_VIS, FB_DER_SUM_PT, FB_DER_PT_TOT};
        for (int k = 0; k < 4; k++) {
            const float value = block->derived[column[k] - FB_N_PRIMARY][i];
            ck_assert_msg(isnan(wanted[k]) ? isnan(value) : value == wanted[k], "row %d, %s: %g", n,
                          fb_column_name(column[k]), (double)value);
        }
    }
    fb_source_free(source);
    fb_events_free(block);
}
END_TEST

START_TEST(paths_that_are_no_files)
{
    fb_error error = {0};
    ck_assert_int_eq(read_through("nowhere.parquet", &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "No such file"));
    ck_assert_int_eq(mkdir(STEM "_folder.parquet", 0700), 0);
    ck_assert_int_eq(read_through(STEM "_folder.parquet", &error), FB_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.text, "folder"));
    rmdir(STEM "_folder.parquet");
}
END_TEST

/* The published sample beside its text, when FB_REAL_SAMPLE names the latter. */
START_TEST(real_sample)
{
    const char *csv = fb_optional_path("FB_REAL_SAMPLE");
    char parquet[1024];
    if (csv == NULL || strlen(csv) < 4) {
        return;
    }
    snprintf(parquet, sizeof parquet, "%.*s.parquet", (int)strlen(csv) - 4, csv);
    if (access(parquet, R_OK) != 0) {
        return;
    }
    fb_events *expected = read_first(csv, 100000);
    ck_assert_uint_gt(expected->n, 0);
    check_file(parquet, expected);
    fb_events_free(expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout_parquet");
    TCase *tests = tcase_create("parquet");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, good_files_read_as_the_csv);
    tcase_add_test(tests, rewinding_works_anywhere);
    tcase_add_test(tests, primaries_alone_are_data);
    tcase_add_test(tests, no_rows_are_no_error);
    tcase_add_test(tests, offsets_beyond_4_gib);
    tcase_add_test(tests, bad_contents_are_named);
    tcase_add_test(tests, other_kinds_of_parquet_are_refused_with_a_way_out);
    tcase_add_test(tests, what_a_file_says_of_itself_is_checked);
    tcase_add_test(tests, cut_files_are_refused);
    tcase_add_test(tests, reading_stops_at_an_error_until_rewound);
    tcase_add_test(tests, missing_derived_values_are_nan);
    tcase_add_test(tests, paths_that_are_no_files);
    tcase_add_test(tests, real_sample);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
