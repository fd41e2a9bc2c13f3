/* What Parquet files are made of when they are written: what is encoded is decoded by the parts of the reader. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/formats/parquet/parquet_dictionary_internal.h"
#include "holdout/formats/parquet/parquet_rle_internal.h"
#include "holdout/formats/parquet/parquet_rle_writer_internal.h"
#include "holdout/formats/parquet/thrift_writer_internal.h"
#include "models/common/random.h"
#include "tests/support/support.h"

START_TEST(structures_come_back)
{
    static const int64_t numbers[] = {0, 1, -1, 63, 64, -65, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    enum { N_NUMBERS = sizeof numbers / sizeof numbers[0], N_MANY = 300 };
    fb_thrift_writer w = {0};
    fb_thrift_writer_integer(&w, 1, FB_THRIFT_I16, -7);
    fb_thrift_writer_text(&w, 17, "tau"); /* too far from 1 for a head of one byte */
    fb_thrift_writer_begin(&w, 18);
    fb_thrift_writer_list(&w, 3, FB_THRIFT_I64, N_NUMBERS);
    for (int k = 0; k < N_NUMBERS; k++) {
        fb_thrift_writer_integer(&w, FB_THRIFT_WRITER_ELEMENT, FB_THRIFT_I64, numbers[k]);
    }
    fb_thrift_writer_end(&w);
    fb_thrift_writer_list(&w, 300, FB_THRIFT_STRUCT, N_MANY);
    for (int k = 0; k < N_MANY; k++) {
        fb_thrift_writer_begin(&w, FB_THRIFT_WRITER_ELEMENT);
        fb_thrift_writer_integer(&w, 2, FB_THRIFT_I32, k);
        fb_thrift_writer_end(&w);
    }
    fb_thrift_writer_end(&w);
    ck_assert(!w.failed);

    fb_thrift r = {.at = w.bytes, .end = w.bytes + w.n};
    fb_thrift_field field = {0}, inner = {0};
    size_t length = 0;
    ck_assert(fb_thrift_next(&r, &field) && field.id == 1 && field.type == FB_THRIFT_I16);
    ck_assert_int_eq(fb_thrift_integer(&r, field.type, INT16_MIN, INT16_MAX), -7);
    ck_assert(fb_thrift_next(&r, &field) && field.id == 17);
    ck_assert_mem_eq(fb_thrift_binary(&r, field.type, &length), "tau", 3);
    ck_assert_uint_eq(length, 3);
    ck_assert(fb_thrift_next(&r, &field) && field.id == 18 && fb_thrift_struct(&r, field.type));
    ck_assert(fb_thrift_next(&r, &inner) && inner.id == 3);
    ck_assert_uint_eq(fb_thrift_list(&r, inner.type, FB_THRIFT_I64), N_NUMBERS);
    for (int k = 0; k < N_NUMBERS; k++) {
        ck_assert_int_eq(fb_thrift_integer(&r, FB_THRIFT_I64, INT64_MIN, INT64_MAX), numbers[k]);
    }
    ck_assert(!fb_thrift_next(&r, &inner));
    ck_assert(fb_thrift_next(&r, &field) && field.id == 300);
    ck_assert_uint_eq(fb_thrift_list(&r, field.type, FB_THRIFT_STRUCT), N_MANY);
    for (int k = 0; k < N_MANY; k++) {
        inner = (fb_thrift_field){0};
        ck_assert(fb_thrift_next(&r, &inner) && inner.id == 2);
        ck_assert_int_eq(fb_thrift_integer(&r, inner.type, 0, N_MANY), k);
        ck_assert(!fb_thrift_next(&r, &inner));
    }
    ck_assert(!fb_thrift_next(&r, &field) && !r.failed && r.at == r.end);
    fb_thrift_writer_clear(&w);
}
END_TEST

/* Encodes and decodes; the bytes that were written. */
static size_t check_runs(const uint32_t *value, size_t n, int width)
{
    const size_t most = fb_parquet_rle_writer_most(n, width);
    uint8_t *bytes = calloc(most + FB_PARQUET_PADDING, 1);
    uint32_t *back = calloc(n + 1, sizeof *back);
    ck_assert(bytes != NULL && back != NULL);
    const size_t used = fb_parquet_rle_writer_encode(value, n, width, bytes);
    ck_assert_uint_le(used, most);
    fb_parquet_rle rle = {.at = bytes, .end = bytes + used, .width = width};
    ck_assert(fb_parquet_rle_read(&rle, back, n));
    ck_assert_mem_eq(back, value, n * sizeof *value);
    ck_assert(rle.at == rle.end && rle.left < 8);
    free(bytes);
    free(back);
    return used;
}

START_TEST(runs_come_back)
{
    enum { MOST = 3000 };
    fb_random random = fb_random_at(1, FB_STREAM_TOY, 0);
    uint32_t *value = calloc(MOST, sizeof *value);
    for (int round = 0; round < 2000; round++) {
        const int width = 1 + (int)(fb_random_u32(&random) % 32);
        const size_t n = fb_random_u32(&random) % (round % 2 == 0 ? 40 : MOST);
        const uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
        const uint32_t longest = 1u << fb_random_u32(&random) % 10;
        for (size_t i = 0; i < n;) {
            const uint32_t one = fb_random_u32(&random) & mask;
            for (uint32_t k = fb_random_u32(&random) % longest + 1; k > 0 && i < n; k--) {
                value[i++] = one;
            }
        }
        check_runs(value, n, width);
    }
    memset(value, 0, MOST * sizeof *value);
    ck_assert_uint_eq(check_runs(value, MOST, 3), 3); /* one run: a head of 2 bytes, and the value */
    for (size_t i = 0; i < 800; i++) {
        value[i] = i & 7;
    }
    ck_assert_uint_eq(check_runs(value, 800, 3), 2 + 300); /* 100 groups of 8 times 3 bits */
    free(value);
}
END_TEST

START_TEST(width_holds_the_largest_index)
{
    static const struct {
        size_t n;
        int width;
    } cases[] = {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 3}, {256, 8}, {257, 9}, {65536, 16}, {65537, 17}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        ck_assert_int_eq(fb_parquet_rle_writer_width(cases[k].n), cases[k].width);
    }
}
END_TEST

START_TEST(dictionary_numbers_bits)
{
    enum { N = 1000 };
    fb_error error = {0};
    fb_parquet_dictionary d = {0};
    bool fits = false;
    float value[N];
    uint32_t bits[N];
    for (size_t i = 0; i < N; i++) {
        value[i] = (float)(i % 300) * 0.001f;
    }
    value[5] = -0.0f;
    value[6] = value[700] = nanf("");
    value[7] = -nanf("");
    memcpy(bits, value, sizeof bits);
    FB_ASSERT_OK(fb_parquet_dictionary_number(&d, value, N, &fits, &error));
    ck_assert(fits);
    ck_assert_uint_eq(d.n_entries, 303);
    for (size_t i = 0; i < N; i++) {
        ck_assert_uint_eq(d.entry[d.code[i]], bits[i]);
        ck_assert(i == 0 || d.code[i] <= i); /* in the order in which they appear */
    }
    for (size_t i = 0; i < N; i++) {
        value[i] = i < N / 2 ? (float)i : 0.0f;
    }
    FB_ASSERT_OK(fb_parquet_dictionary_number(&d, value, N, &fits, &error));
    ck_assert(fits && d.n_entries == N / 2);
    value[N - 1] = -1.0f;
    FB_ASSERT_OK(fb_parquet_dictionary_number(&d, value, N, &fits, &error));
    ck_assert(!fits);
    fb_parquet_dictionary_clear(&d);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/parquet_encoding");
    TCase *tests = tcase_create("parquet_encoding");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, structures_come_back);
    tcase_add_test(tests, runs_come_back);
    tcase_add_test(tests, width_holds_the_largest_index);
    tcase_add_test(tests, dictionary_numbers_bits);
    return fb_run_suite(suite);
}
