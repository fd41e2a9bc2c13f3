/* Parquet files that are written: what is read back, their columns and encodings. */
#include <fcntl.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdout/events/sink.h"
#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "holdout/formats/parquet/parquet_values_internal.h"
#include "holdout/formats/parquet/parquet_writer_internal.h"
#include "tests/support/support.h"

#define STEM "test_holdout_parquet_writer"

/* A file while its footer is looked at. */
typedef struct opened {
    fb_parquet_file file;
    fb_parquet_meta meta;
} opened;

static opened open_meta(const char *path)
{
    fb_error error = {0};
    struct stat facts;
    opened o = {.file = {.descriptor = open(path, O_RDONLY), .path = path}};
    ck_assert_int_ge(o.file.descriptor, 0);
    ck_assert_int_eq(fstat(o.file.descriptor, &facts), 0);
    o.file.size = (uint64_t)facts.st_size;
    FB_ASSERT_OK(fb_parquet_meta_read(&o.file, &o.meta, &error));
    return o;
}

static void close_meta(opened *o)
{
    fb_parquet_meta_clear(&o->meta);
    close(o->file.descriptor);
}

/* All values of column `k`, which is of float32. */
static float *read_column(const opened *o, size_t k)
{
    fb_error error = {0};
    fb_parquet_values values = {.pages = {.file = &o->file, .column = &o->meta.column[k]}};
    float *out = calloc(o->meta.n_rows, sizeof *out);
    uint64_t row = 0;
    for (size_t g = 0; g < o->meta.n_groups; g++) {
        fb_parquet_values_start(&values, &o->meta.chunk[g * o->meta.n_columns + k], row, o->meta.rows[g]);
        FB_ASSERT_OK(fb_parquet_values_read(&values, out + row, o->meta.rows[g], &error));
        row += o->meta.rows[g];
    }
    fb_parquet_values_clear(&values);
    return out;
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

/* Writes `events` in pieces of `piece` rows; derived column d of row i is 1000 d + i. */
static void write_file(const char *path, const fb_events *events, const fb_sink_settings *settings, size_t piece)
{
    fb_error error = {0};
    fb_sink *sink = NULL;
    fb_events *part = NULL;
    float *derived[FB_N_DERIVED];
    for (int d = 0; d < FB_N_DERIVED; d++) {
        derived[d] = calloc(piece, sizeof(float));
    }
    FB_ASSERT_OK(fb_event_file_create(path, settings, &sink, &error));
    FB_ASSERT_OK(fb_events_create(piece, &part, &error));
    for (size_t first = 0; first < events->n; first += piece) {
        part->n = 0;
        fb_events_append(part, events, first, events->n - first < piece ? events->n - first : piece);
        for (int d = 0; d < FB_N_DERIVED; d++) {
            for (size_t i = 0; i < part->n; i++) {
                derived[d][i] = (float)(1000 * (size_t)d + first + i);
            }
        }
        FB_ASSERT_OK(fb_sink_write(sink, part, settings->derived ? derived : NULL, &error));
    }
    FB_ASSERT_OK(fb_sink_commit(sink, &error));
    fb_sink_free(sink);
    fb_events_free(part);
    for (int d = 0; d < FB_N_DERIVED; d++) {
        free(derived[d]);
    }
}

static const fb_sink_settings complete = {
    .weights = true, .processes = true, .stage = FB_EVENTS_RAW, .origin = "here/1", .provenance = "by hand"};

START_TEST(several_groups_keep_every_bit)
{
    enum { N = 2 * FB_PARQUET_WRITER_GROUP_ROWS + 1234 };
    fb_events *events = fb_simulated_events(N, 3);
    static const float awkward[] = {0.1f, 16777217.0f, 1e-40f, 999999936.0f, -0.0f, 1.17549435e-38f, 0.333333343f};
    for (size_t k = 0; k < sizeof awkward / sizeof awkward[0]; k++) {
        events->column[FB_MET][FB_PARQUET_WRITER_GROUP_ROWS - 3 + k] = awkward[k];
        events->column[FB_JET2_PT][k] = awkward[k];
    }
    write_file(STEM "_groups.parquet", events, &complete, 7001);
    fb_events *back = read_file(STEM "_groups.parquet");
    ck_assert(back->has_weights && back->has_processes);
    fb_assert_same_events(events, back);
    opened o = open_meta(STEM "_groups.parquet");
    ck_assert_uint_eq(o.meta.n_groups, 3);
    ck_assert_uint_eq(o.meta.rows[0], FB_PARQUET_WRITER_GROUP_ROWS);
    ck_assert_uint_eq(o.meta.rows[1], FB_PARQUET_WRITER_GROUP_ROWS);
    ck_assert_uint_eq(o.meta.rows[2], 1234);
    close_meta(&o);
    remove(STEM "_groups.parquet");
    fb_events_free(back);
    fb_events_free(events);
}
END_TEST

/* The published file, in its order. */
static const char *const official[] = {
    "PRI_lep_pt",
    "PRI_lep_eta",
    "PRI_lep_phi",
    "PRI_had_pt",
    "PRI_had_eta",
    "PRI_had_phi",
    "PRI_jet_leading_pt",
    "PRI_jet_leading_eta",
    "PRI_jet_leading_phi",
    "PRI_jet_subleading_pt",
    "PRI_jet_subleading_eta",
    "PRI_jet_subleading_phi",
    "PRI_n_jets",
    "PRI_jet_all_pt",
    "PRI_met",
    "PRI_met_phi",
    "weights",
    "detailed_labels",
    "labels",
    "DER_mass_transverse_met_lep",
    "DER_mass_vis",
    "DER_pt_h",
    "DER_deltaeta_jet_jet",
    "DER_mass_jet_jet",
    "DER_prodeta_jet_jet",
    "DER_deltar_had_lep",
    "DER_pt_tot",
    "DER_sum_pt",
    "DER_pt_ratio_lep_had",
    "DER_met_phi_centrality",
    "DER_lep_eta_centrality",
};

enum { N_OFFICIAL = sizeof official / sizeof official[0], AT_WEIGHTS = 16, AT_TEXTS, AT_LABELS, AT_DERIVED };

static void check_schema(const fb_parquet_meta *meta)
{
    ck_assert_uint_eq(meta->n_columns, N_OFFICIAL);
    for (size_t k = 0; k < N_OFFICIAL; k++) {
        ck_assert_str_eq(meta->column[k].name, official[k]);
        ck_assert_int_eq(meta->column[k].type, k == AT_TEXTS ? FB_PARQUET_BYTE_ARRAY : FB_PARQUET_FLOAT);
        ck_assert_int_eq(meta->column[k].meaning, k == AT_TEXTS ? 0 : -1); /* UTF8 */
        ck_assert(meta->column[k].optional);
        ck_assert_int_eq(meta->chunk[k].codec, FB_PARQUET_SNAPPY);
    }
}

START_TEST(columns_are_those_of_the_published_file)
{
    fb_sink_settings settings = complete;
    fb_events *events = fb_simulated_events(3000, 4);
    settings.derived = true;
    write_file(STEM "_columns.parquet", events, &settings, 1000);
    opened o = open_meta(STEM "_columns.parquet");
    check_schema(&o.meta);
    float *label = read_column(&o, AT_LABELS);
    for (size_t i = 0; i < events->n; i++) {
        ck_assert_float_eq(label[i], events->process[i] == FB_HTAUTAU ? 1.0f : 0.0f);
    }
    free(label);
    for (size_t d = 0; d < FB_N_DERIVED; d++) {
        float *value = read_column(&o, AT_DERIVED + d);
        for (size_t i = 0; i < events->n; i++) {
            ck_assert_float_eq(value[i], (float)(1000 * d + i));
        }
        free(value);
    }
    close_meta(&o);
    remove(STEM "_columns.parquet");
    fb_events_free(events);
}
END_TEST

START_TEST(the_published_sample_has_the_same_columns)
{
    const char *csv = fb_optional_path("FB_REAL_SAMPLE");
    char path[1024];
    if (csv == NULL) {
        return; /* the list above was copied from it */
    }
    snprintf(path, sizeof path, "%.*s.parquet", (int)(strlen(csv) - strlen(".csv")), csv);
    if (access(path, R_OK) == 0) {
        opened o = open_meta(path);
        check_schema(&o.meta);
        close_meta(&o);
    }
}
END_TEST

/* Labels repeat, momenta of many digits do not. */
START_TEST(encoding_fits_the_values)
{
    enum { N = 5000 };
    fb_events *events = fb_simulated_events(N, 5);
    for (size_t i = 0; i < N; i++) {
        events->column[FB_MET][i] = 1.0f + (float)i / N;
    }
    write_file(STEM "_encodings.parquet", events, &complete, N);
    opened o = open_meta(STEM "_encodings.parquet");
    const uint32_t dictionary = 1u << FB_PARQUET_RLE_DICTIONARY | 1u << FB_PARQUET_PLAIN | 1u << FB_PARQUET_RLE;
    for (size_t k = 0; k < o.meta.n_columns; k++) {
        const bool few = k == FB_N_JETS || k >= AT_WEIGHTS;
        ck_assert_msg(!few || o.meta.chunk[k].encodings == dictionary, "%s", o.meta.column[k].name);
        ck_assert_msg(!few || o.meta.chunk[k].end - o.meta.chunk[k].begin < N, "%s", o.meta.column[k].name);
    }
    ck_assert_uint_eq(o.meta.chunk[FB_MET].encodings, 1u << FB_PARQUET_PLAIN | 1u << FB_PARQUET_RLE);
    close_meta(&o);
    remove(STEM "_encodings.parquet");
    fb_events_free(events);
}
END_TEST

START_TEST(blocks_and_threads_do_not_change_the_bytes)
{
    enum { N = FB_PARQUET_WRITER_GROUP_ROWS + 500 };
    static const struct {
        int threads;
        size_t piece;
    } runs[] = {{1, N}, {2, 4096}, {5, 65536}};
    const int threads = omp_get_max_threads();
    fb_events *events = fb_simulated_events(N, 6);
    char *first = NULL;
    size_t n_first = 0;
    for (size_t k = 0; k < sizeof runs / sizeof runs[0]; k++) {
        size_t n = 0;
        omp_set_num_threads(runs[k].threads);
        write_file(STEM "_bytes.parquet", events, &complete, runs[k].piece);
        char *bytes = fb_bytes_of(STEM "_bytes.parquet", &n);
        if (k == 0) {
            first = bytes;
            n_first = n;
            continue;
        }
        ck_assert_uint_eq(n, n_first);
        ck_assert_int_eq(memcmp(bytes, first, n), 0);
        free(bytes);
    }
    omp_set_num_threads(threads);
    free(first);
    remove(STEM "_bytes.parquet");
    fb_events_free(events);
}
END_TEST

START_TEST(no_rows_make_a_file)
{
    fb_error error = {0};
    fb_events *events = NULL;
    FB_ASSERT_OK(fb_events_create(1, &events, &error));
    write_file(STEM "_none.parquet", events, &complete, 1);
    opened o = open_meta(STEM "_none.parquet");
    ck_assert_uint_eq(o.meta.n_groups, 0);
    ck_assert_uint_eq(o.meta.n_columns, FB_N_PRIMARY + 3);
    close_meta(&o);
    fb_events *back = read_file(STEM "_none.parquet");
    ck_assert_uint_eq(back->n, 0);
    fb_events_free(back);
    fb_events_free(events);
    remove(STEM "_none.parquet");
}
END_TEST

/* As in CSV the text says so, and a reader that needs the process refuses it. */
START_TEST(unknown_process_is_called_so)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *back = NULL;
    fb_events *events = fb_simulated_events(10, 7);
    events->process[3] = FB_PROCESS_UNKNOWN;
    write_file(STEM "_unknown.parquet", events, &complete, 10);
    FB_ASSERT_OK(fb_event_file_open(STEM "_unknown.parquet", &source, &error));
    ck_assert_int_eq(fb_source_read_all(source, &back, &error), FB_ERROR_DATA);
    ck_assert_msg(strstr(error.text, "row 3, column detailed_labels: 'unknown' is not htautau") != NULL, "%s",
                  error.text);
    fb_source_free(source);
    fb_events_free(back);
    fb_events_free(events);
    remove(STEM "_unknown.parquet");
}
END_TEST

/* The smallest files for their rows that there can be: the reader believes them. */
START_TEST(equal_rows_come_back)
{
    enum { N = 3 * FB_PARQUET_WRITER_GROUP_ROWS };
    fb_error error = {0};
    fb_events *events = NULL;
    const fb_sink_settings settings = {.stage = FB_EVENTS_OBSERVED, .origin = "", .provenance = ""};
    FB_ASSERT_OK(fb_events_create(N, &events, &error));
    events->n = N;
    for (size_t i = 0; i < N; i++) {
        events->weight[i] = 1.0f;
        events->process[i] = FB_PROCESS_UNKNOWN;
    }
    write_file(STEM "_equal.parquet", events, &settings, 65536);
    fb_events *back = read_file(STEM "_equal.parquet");
    fb_assert_same_events(events, back);
    fb_events_free(back);
    fb_events_free(events);
    remove(STEM "_equal.parquet");
}
END_TEST

START_TEST(facts_come_back)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = fb_simulated_events(10, 8);
    write_file(STEM "_facts.parquet", events, &complete, 10);
    FB_ASSERT_OK(fb_event_file_open(STEM "_facts.parquet", &source, &error));
    const fb_source_info *info = fb_source_describe(source);
    ck_assert_int_eq(info->stage, FB_EVENTS_RAW);
    ck_assert_str_eq(info->origin, "here/1");
    ck_assert_str_eq(info->provenance, "by hand");
    fb_source_free(source);
    fb_events_free(events);
    remove(STEM "_facts.parquet");
}
END_TEST

/* Each byte of a page has a checksum, but for the header before it; those of the footer have none. */
START_TEST(checksums_notice_a_changed_byte)
{
    enum { N = 300, STEP = 17 };
    fb_error error = {0};
    fb_events *events = fb_simulated_events(N, 9), *back = NULL;
    size_t n = 0, noticed = 0, tried = 0;
    FB_ASSERT_OK(fb_events_create(N, &back, &error));
    write_file(STEM "_sum.parquet", events, &complete, N);
    opened o = open_meta(STEM "_sum.parquet");
    const uint64_t end = o.meta.chunk[o.meta.n_columns - 1].end;
    close_meta(&o);
    char *bytes = fb_bytes_of(STEM "_sum.parquet", &n);
    int file = open(STEM "_sum.parquet", O_WRONLY);
    ck_assert_int_ge(file, 0);
    for (size_t at = 4; at < end; at += STEP, tried++) {
        fb_source *source = NULL;
        const char other = (char)(bytes[at] ^ 1);
        ck_assert_int_eq(pwrite(file, &other, 1, (off_t)at), 1);
        FB_ASSERT_OK(fb_event_file_open(STEM "_sum.parquet", &source, &error));
        if (fb_source_read(source, back, &error) == FB_OK) {
            fb_assert_same_events(back, events); /* a bit of a header that nobody reads */
        } else {
            noticed++;
        }
        fb_source_free(source);
        ck_assert_int_eq(pwrite(file, &bytes[at], 1, (off_t)at), 1);
    }
    ck_assert_uint_ge(noticed, tried * 9 / 10);
    ck_assert_int_eq(close(file), 0);
    free(bytes);
    fb_events_free(back);
    fb_events_free(events);
    remove(STEM "_sum.parquet");
}
END_TEST

/* Groups of 10 rows, texts beside numbers, to a file that is there and to one that is full. */
static fb_status write_small(const char *path, size_t n, fb_error *error)
{
    static const char *const text[] = {"", "b", "cc"};
    static const fb_parquet_writer_column column[] = {
        {.name = "x"}, {.name = "t", .text = text, .n_texts = 3}, {.name = "i", .is_integer = true}};
    fb_parquet_writer *writer = NULL;
    fb_status status = FB_OK;
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    FB_TRY(fb_parquet_writer_create(stream, path, column, 3, 10, &writer, error));
    FB_TRY(fb_parquet_writer_note(writer, "other.key", "value", error));
    for (size_t i = 0; i < n; i++) {
        const float x = (float)i;
        const uint8_t which = (uint8_t)(i % 7 == 0 ? 2 : 0);
        const int64_t large = ((int64_t)i - 3) * (INT64_C(1) << 40); /* more than 32 bits, of either sign */
        FB_TRY(fb_parquet_writer_append(writer, 1, (const void *const[]){&x, &which, &large}, error));
    }
    FB_TRY(fb_parquet_writer_finish(writer, "test version 1", error));
cleanup:
    fb_parquet_writer_free(writer);
    fclose(stream);
    return status;
}

static int number_text(const char *text, size_t n)
{
    (void)text;
    return (int)n;
}

START_TEST(groups_have_the_rows_asked_for)
{
    fb_error error = {0};
    float found[25];
    FB_ASSERT_OK(write_small(STEM "_small.parquet", 25, &error));
    opened o = open_meta(STEM "_small.parquet");
    ck_assert_uint_eq(o.meta.n_groups, 3);
    ck_assert_uint_eq(o.meta.rows[2], 5);
    ck_assert_uint_eq(o.meta.notes.n, 0); /* it is another program's */
    ck_assert_int_eq(o.meta.column[2].type, FB_PARQUET_INT64);
    float *x = read_column(&o, 0), *large = read_column(&o, 2);
    fb_parquet_values values = {.pages = {.file = &o.file, .column = &o.meta.column[1]}, .number_text = number_text};
    for (size_t g = 0, row = 0; g < 3; row += o.meta.rows[g++]) {
        fb_parquet_values_start(&values, &o.meta.chunk[g * 3 + 1], row, o.meta.rows[g]);
        FB_ASSERT_OK(fb_parquet_values_read(&values, found + row, o.meta.rows[g], &error));
    }
    for (size_t i = 0; i < 25; i++) {
        ck_assert_float_eq(x[i], (float)i);
        ck_assert_float_eq(large[i], ((float)i - 3.0f) * 0x1p40f);
        ck_assert_float_eq(found[i], i % 7 == 0 ? 2.0f : 0.0f);
    }
    fb_parquet_values_clear(&values);
    free(x);
    free(large);
    close_meta(&o);
    remove(STEM "_small.parquet");
}
END_TEST

START_TEST(full_disk_is_an_error)
{
    fb_error error = {0};
    if (access("/dev/full", W_OK) != 0) {
        return;
    }
    ck_assert_int_eq(write_small("/dev/full", 100000, &error), FB_ERROR_FILE);
    ck_assert_msg(strstr(error.text, "/dev/full: cannot be written: No space left") != NULL, "%s", error.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/parquet_writer");
    TCase *tests = tcase_create("parquet_writer");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, several_groups_keep_every_bit);
    tcase_add_test(tests, columns_are_those_of_the_published_file);
    tcase_add_test(tests, the_published_sample_has_the_same_columns);
    tcase_add_test(tests, encoding_fits_the_values);
    tcase_add_test(tests, blocks_and_threads_do_not_change_the_bytes);
    tcase_add_test(tests, no_rows_make_a_file);
    tcase_add_test(tests, unknown_process_is_called_so);
    tcase_add_test(tests, equal_rows_come_back);
    tcase_add_test(tests, facts_come_back);
    tcase_add_test(tests, checksums_notice_a_changed_byte);
    tcase_add_test(tests, groups_have_the_rows_asked_for);
    tcase_add_test(tests, full_disk_is_an_error);
    return fb_run_suite(suite);
}
