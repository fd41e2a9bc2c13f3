/* What a systematics-aware classifier is conditioning. */
#include <string.h>

#include "holdout/pipeline/conditioning.h"
#include "tests/support/support.h"

START_TEST(names_and_columns)
{
    const fb_nuisance_mask two = 1U << FB_TES | 1U << FB_SOFT_MET;
    ck_assert_int_eq(fb_conditioning_n_inputs(0), FB_N_FEATURES);
    ck_assert_int_eq(fb_conditioning_n_inputs(two), FB_N_FEATURES + 2);
    ck_assert_str_eq(fb_conditioning_input_name(two, 0), fb_column_name(0));
    ck_assert_str_eq(fb_conditioning_input_name(two, FB_N_FEATURES - 1), fb_column_name(FB_N_FEATURES - 1));
    ck_assert_str_eq(fb_conditioning_input_name(two, FB_N_FEATURES), "tes");
    ck_assert_str_eq(fb_conditioning_input_name(two, FB_N_FEATURES + 1), "soft_met");
}
END_TEST

START_TEST(values_in_widths)
{
    fb_conditioning conditioning = fb_conditioning_none();
    float input[FB_N_SHAPE];
    fb_error error = {0};
    ck_assert_int_eq(fb_conditioning_inputs(&conditioning, input), 0);
    FB_ASSERT_OK(fb_conditioning_add(&conditioning, "soft-met=2.5", &error));
    FB_ASSERT_OK(fb_conditioning_add(&conditioning, "jes=0.98", &error));
    FB_ASSERT_OK(fb_conditioning_add(&conditioning, "tes", &error));
    ck_assert_int_eq(fb_conditioning_inputs(&conditioning, input), 3);
    ck_assert(input[0] == 0.0f);
    FB_ASSERT_NEAR(input[1], -2.0, 1e-6);
    ck_assert(input[2] == 2.5f);
}
END_TEST

START_TEST(the_ends_of_a_range_are_in_it)
{
    static const char *const ends[] = {"tes=0.9", "tes=1.1", "soft_met=0", "soft_met=5"};
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        fb_conditioning conditioning = fb_conditioning_none();
        fb_error error = {0};
        FB_ASSERT_OK(fb_conditioning_add(&conditioning, ends[k], &error));
    }
}
END_TEST

/* As few characters as read back the same, in the order of the parameters. */
START_TEST(texts_read_back)
{
    static const char *const texts[] = {"soft_met=2.5", "jes=0.98", "tes"};
    fb_conditioning conditioning = fb_conditioning_none(), back = conditioning;
    char text[64];
    fb_error error = {0};
    for (int k = 0; k < 3; k++) {
        FB_ASSERT_OK(fb_conditioning_add(&conditioning, texts[k], &error));
    }
    for (int k = 0; k < 3; k++) {
        ck_assert(fb_conditioning_text(&conditioning, k, text, sizeof text));
        ck_assert_str_eq(text, texts[2 - k]);
        FB_ASSERT_OK(fb_conditioning_add(&back, text, &error));
    }
    ck_assert(!fb_conditioning_text(&conditioning, 3, text, sizeof text));
    ck_assert(back.which == conditioning.which);
    ck_assert_mem_eq(&back.value, &conditioning.value, sizeof conditioning.value);
}
END_TEST

/* The set of all is called so, that of none too. */
START_TEST(masks_read_back)
{
    fb_error error = {0};
    for (fb_nuisance_mask mask = 0; mask <= FB_ALL_NUISANCES; mask++) {
        char text[FB_NUISANCE_MASK_SIZE];
        fb_nuisance_mask back = ~mask;
        FB_ASSERT_OK(fb_nuisance_mask_parse(fb_nuisance_mask_text(mask, text), &back, &error));
        ck_assert_msg(back == mask, "%s", text);
        ck_assert_int_eq(strcmp(text, "all") == 0, mask == FB_ALL_NUISANCES);
    }
}
END_TEST

START_TEST(nonsense_is_refused)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {{"mu=1", "mu"},          {"ttbar_scale", "ttbar_scale"}, {"tes=", "tes"}, {"tes=1.2", "0.9 to 1.1"},
                 {"soft_met=nan", "nan"}, {"", "tes, jes or soft_met"}};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        fb_conditioning conditioning = fb_conditioning_none();
        fb_error error = {0};
        ck_assert_int_eq(fb_conditioning_add(&conditioning, wrong[k].text, &error), FB_ERROR_USAGE);
        ck_assert_msg(strstr(error.text, wrong[k].said) != NULL, "'%s' says: %s", wrong[k].text, error.text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conditioning");
    TCase *tests = tcase_create("conditioning");
    tcase_add_test(tests, names_and_columns);
    tcase_add_test(tests, values_in_widths);
    tcase_add_test(tests, texts_read_back);
    tcase_add_test(tests, masks_read_back);
    tcase_add_test(tests, nonsense_is_refused);
    tcase_add_test(tests, the_ends_of_a_range_are_in_it);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
