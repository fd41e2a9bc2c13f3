/* Tables of other people: one matrix in an HDF5 file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"
#include "holdout/pipeline/block.h"
#include "holdout/pipeline/stages.h"
#include "models/common/h5.h"
#include "tests/support/support.h"

#define STEM "test_holdout_other_tables"
#define FOLDER FB_TEST_DATA "/other_tables/"

enum { WIDTH = 30, WEIGHT = 28, CLASS = 29 };

static void assert_same_bits(const fb_events *a, const fb_events *b)
{
    ck_assert_uint_eq(a->n, b->n);
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        ck_assert_msg(memcmp(a->column[k], b->column[k], a->n * sizeof(float)) == 0, "%s differs", fb_column_name(k));
    }
    ck_assert_msg(memcmp(a->weight, b->weight, a->n * sizeof(float)) == 0, "weights differ");
    ck_assert_msg(memcmp(a->process, b->process, a->n) == 0, "processes differ");
}

/* Reads `path` in blocks of `capacity` rows, twice. */
static fb_events *read_in_blocks(const char *path, size_t capacity)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *all[2] = {NULL, NULL};
    FB_ASSERT_OK(fb_event_file_open(path, &source, &error));
    for (int turn = 0; turn < 2; turn++) {
        fb_events *block = NULL;
        FB_ASSERT_OK(fb_events_create(fb_source_describe(source)->n_rows, &all[turn], &error));
        FB_ASSERT_OK(fb_events_create(capacity, &block, &error));
        do {
            FB_ASSERT_OK(fb_source_read(source, block, &error));
            ck_assert_uint_eq(block->first_row, all[turn]->n);
            fb_events_append(all[turn], block, 0, block->n);
        } while (block->n > 0);
        fb_events_free(block);
        FB_ASSERT_OK(fb_source_rewind(source, &error));
    }
    assert_same_bits(all[0], all[1]);
    fb_events_free(all[1]);
    fb_source_free(source);
    return all[0];
}

/* The first error of opening or reading `path`, which there must be. */
static void assert_refused(const char *path, const char *const *words)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    fb_status status = fb_event_file_open(path, &source, &error);
    if (status == FB_OK) {
        status = fb_source_read_all(source, &events, &error);
    }
    ck_assert_msg(status == FB_ERROR_DATA, "%s, which should say '%s', is read", path, words[0]);
    ck_assert_msg(strstr(error.text, path) != NULL, "'%s' does not name the file", error.text);
    for (int k = 0; k < 4 && words[k] != NULL; k++) {
        ck_assert_msg(strstr(error.text, words[k]) != NULL, "'%s' lacks '%s'", error.text, words[k]);
    }
    fb_source_free(source);
}

/* --- the matrix --------------------------------------------------------------------------------------------------- */

/* The rows as a matrix, its derived columns not numbers; release with free(). */
static float *matrix_of(const fb_events *events)
{
    float *matrix = calloc(events->n * WIDTH + 1, sizeof *matrix);
    ck_assert_ptr_nonnull(matrix);
    for (size_t i = 0; i < events->n; i++) {
        for (int k = 0; k < WEIGHT; k++) {
            matrix[i * WIDTH + (size_t)k] = k < FB_N_PRIMARY ? events->column[k][i] : NAN;
        }
        matrix[i * WIDTH + WEIGHT] = events->weight[i];
        matrix[i * WIDTH + CLASS] = (float)events->process[i];
    }
    return matrix;
}

static void write_arrays(const char *path, int n, const char *const *names, fb_h5_type type, int rank,
                         const size_t *dims, const void *data)
{
    fb_error error = {0};
    fb_h5 *file = NULL;
    FB_ASSERT_OK(fb_h5_create(path, &file, &error));
    for (int k = 0; k < n; k++) {
        FB_ASSERT_OK(fb_h5_array_write(file, names[k], type, rank, dims, data, &error));
    }
    FB_ASSERT_OK(fb_h5_commit(file, &error));
    fb_h5_free(file);
}

static void write_matrix(const char *path, const char *name, fb_h5_type type, size_t rows, size_t columns,
                         const void *data)
{
    const size_t dims[2] = {rows, columns};
    write_arrays(path, 1, &name, type, 2, dims, data);
}

START_TEST(matrix_gives_the_same_bits_in_any_blocks)
{
    /* More than one piece of the reader. */
    enum { N_ROWS = FB_READ_ROWS + 1234 };
    static const size_t capacities[] = {FB_READ_ROWS, 1009, 70000};
    fb_events *table = fb_simulated_events(N_ROWS, 11);
    float *matrix = matrix_of(table);
    double *wide = calloc((size_t)N_ROWS * WIDTH, sizeof *wide);
    ck_assert_ptr_nonnull(wide);
    for (size_t k = 0; k < (size_t)N_ROWS * WIDTH; k++) {
        wide[k] = (double)matrix[k];
    }
    write_matrix(STEM "_f32.h5", "anything", FB_H5_F32, N_ROWS, WIDTH, matrix);
    /* /events as a dataset is a name like any other. */
    write_matrix(STEM "_f64.h5", "events", FB_H5_F64, N_ROWS, WIDTH, wide);
    for (int k = 0; k < 3; k++) {
        fb_events *back = read_in_blocks(STEM "_f32.h5", capacities[k]);
        ck_assert(back->has_weights && back->has_processes);
        assert_same_bits(back, table);
        fb_events_free(back);
        back = read_in_blocks(STEM "_f64.h5", capacities[k]);
        assert_same_bits(back, table);
        fb_events_free(back);
    }
    free(wide);
    free(matrix);
    fb_events_free(table);
    remove(STEM "_f32.h5");
    remove(STEM "_f64.h5");
}
END_TEST

START_TEST(chunked_compressed_matrix_equals_the_csv)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *expected = NULL;
    FB_ASSERT_OK(fb_events_create(20, &expected, &error));
    FB_ASSERT_OK(fb_event_file_open(FB_TEST_DATA "/synthetic_events.csv", &source, &error));
    FB_ASSERT_OK(fb_source_read(source, expected, &error));
    fb_source_free(source);
    fb_events *back = read_in_blocks(FOLDER "matrix.h5", 6);
    assert_same_bits(back, expected);
    fb_events_free(back);
    fb_events_free(expected);
}
END_TEST

START_TEST(matrix_without_rows_is_an_empty_table)
{
    fb_events *none = fb_simulated_events(1, 1);
    float *matrix = matrix_of(none);
    write_matrix(STEM "_none.h5", "data", FB_H5_F32, 0, WIDTH, matrix);
    fb_events *back = read_in_blocks(STEM "_none.h5", 10);
    ck_assert_uint_eq(back->n, 0);
    fb_events_free(back);
    free(matrix);
    fb_events_free(none);
    remove(STEM "_none.h5");
}
END_TEST

/* Data have no weight and no class id. */
START_TEST(matrix_of_the_features_alone_is_data)
{
    enum { N_ROWS = 300 };
    fb_events *table = fb_simulated_events(N_ROWS, 11);
    float *matrix = matrix_of(table);
    for (size_t i = 0; i < N_ROWS; i++) {
        memmove(matrix + i * WEIGHT, matrix + i * WIDTH, WEIGHT * sizeof *matrix);
        table->weight[i] = 1.0f;
        table->process[i] = FB_PROCESS_UNKNOWN;
    }
    write_matrix(STEM "_data.h5", "data", FB_H5_F32, N_ROWS, WEIGHT, matrix);
    fb_events *back = read_in_blocks(STEM "_data.h5", 77);
    ck_assert(!back->has_weights && !back->has_processes);
    assert_same_bits(back, table);
    fb_events_free(back);
    fb_events_free(table);
    free(matrix);
    remove(STEM "_data.h5");
}
END_TEST

START_TEST(bad_values_in_a_matrix_are_named)
{
    enum { N_ROWS = 300, ROW = 250 };
    static const struct {
        int column;
        float value;
        const char *words[5];
    } cases[] = {{1, NAN, {"dataset m,", "row 250", "column 1 (PRI_lep_eta): nan", "finite"}},
                 {15, INFINITY, {"row 250", "column 15 (PRI_met_phi): inf", "finite"}},
                 {WEIGHT, -INFINITY, {"row 250", "column 28 (weight): -inf", "finite"}},
                 {WEIGHT, -0.5f, {"row 250", "weights: -0.5", "from 0 to 1e9"}},
                 {CLASS, 4.0f, {"dataset m,", "row 250", "column 29 (class id): 4 is not", "3 (diboson)"}},
                 {CLASS, -1.0f, {"row 250", "class id): -1 is not", "0 (htautau)"}},
                 {CLASS, 0.5f, {"row 250", "class id): 0.5 is not"}},
                 {CLASS, NAN, {"row 250", "class id): nan is not"}},
                 {FB_N_JETS, 1.5f, {"row 250", "PRI_n_jets: 1.5"}}};
    fb_events *table = fb_simulated_events(N_ROWS, 11);
    float *matrix = matrix_of(table);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        float *cell = &matrix[ROW * WIDTH + cases[k].column];
        const float good = *cell;
        *cell = cases[k].value;
        write_matrix(STEM "_bad.h5", "m", FB_H5_F32, N_ROWS, WIDTH, matrix);
        assert_refused(STEM "_bad.h5", cases[k].words);
        *cell = good;
    }
    write_matrix(STEM "_bad.h5", "m", FB_H5_F32, N_ROWS, WIDTH, matrix);
    fb_events *back = read_in_blocks(STEM "_bad.h5", 100);
    assert_same_bits(back, table);
    fb_events_free(back);
    free(matrix);
    fb_events_free(table);
    remove(STEM "_bad.h5");
}
END_TEST

START_TEST(other_shapes_and_types_are_named)
{
    static const char *const two[] = {"one", "two"};
    static const float zero[2 * 62];
    const size_t dims[3] = {2, 30, 1};
    write_matrix(STEM "_shape.h5", "m", FB_H5_F32, 2, 29, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"dataset m has 29 columns", "30 columns", "class id 0 to 3"});
    write_matrix(STEM "_shape.h5", "m", FB_H5_F32, 2, 31, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"dataset m has 31 columns", "the 28 features"});
    write_matrix(STEM "_shape.h5", "m", FB_H5_I32, 2, 30, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"dataset m holds integers of 4 bytes", "float32 and float64"});
    write_arrays(STEM "_shape.h5", 2, two, FB_H5_F32, 2, dims, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"datasets one and two both are matrices of events", "only one"});
    write_arrays(STEM "_shape.h5", 1, two, FB_H5_F32, 3, dims, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"no group /events", "no dataset of 30 columns"});
    write_arrays(STEM "_shape.h5", 1, two, FB_H5_F32, 1, dims, zero);
    assert_refused(STEM "_shape.h5", (const char *[5]){"no group /events", "no dataset of 30 columns"});
    remove(STEM "_shape.h5");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/other_tables");
    TCase *tests = tcase_create("other_tables");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, matrix_gives_the_same_bits_in_any_blocks);
    tcase_add_test(tests, chunked_compressed_matrix_equals_the_csv);
    tcase_add_test(tests, matrix_without_rows_is_an_empty_table);
    tcase_add_test(tests, matrix_of_the_features_alone_is_data);
    tcase_add_test(tests, bad_values_in_a_matrix_are_named);
    tcase_add_test(tests, other_shapes_and_types_are_named);
    return fb_run_suite(suite);
}
