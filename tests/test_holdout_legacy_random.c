/* numpy.random.RandomState: words, uniforms and normals of four seeds, as numpy 1.24.2 gives them. */
#include "holdout/legacy_random.h"
#include "holdout/noise.h"
#include "tests/support.h"

static const struct {
    uint32_t seed;
    uint32_t word[3];
    double uniform[3];
    double normal[5];
    double mixed[4]; /* normal, uniform, normal, normal from one sequence: the second normal is the kept one */
} cases[] = {{31415U,
              {2773769790U, 4231403687U, 2899850979U},
              {0.6458186059087547, 0.6751741698513349, 0.9707039860486713},
              {1.3624218826600287, 1.134108183630433, 2.363074488167046, -0.2595668247253029, -1.1695559266023432},
              {1.3624218826600287, 0.9707039860486713, 1.134108183630433, -0.054085821240265126}},
             {42U,
              {1608637542U, 3421126067U, 4083286876U},
              {0.3745401188473625, 0.9507143064099162, 0.7319939418114051},
              {0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254, -0.23415337472333597},
              {0.4967141530112327, 0.7319939418114051, -0.13826430117118466, -1.1118801180469204}},
             {0U,
              {2357136044U, 2546248239U, 3071714933U},
              {0.5488135039273248, 0.7151893663724195, 0.6027633760716439},
              {1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458, 1.8675579901499675},
              {1.764052345967664, 0.6027633760716439, 0.4001572083672233, -2.268328201180374}},
             {4294967295U,
              {419326371U, 479346978U, 3918654476U},
              {0.0976320289940138, 0.9123828453026218, 0.78903530185164},
              {0.6484086742306527, 0.6693235306338161, -1.0805437227474493, 0.2845010447986309, 0.11388773652167104},
              {0.6484086742306527, 0.01793967398674523, 0.6693235306338161, 0.0813036681172692}}};

enum { N_CASES = sizeof cases / sizeof cases[0] };

START_TEST(numbers_are_numpys)
{
    fb_legacy_random random;
    for (int c = 0; c < N_CASES; c++) {
        fb_legacy_random_init(&random, cases[c].seed);
        for (int k = 0; k < 3; k++) {
            ck_assert_uint_eq(fb_legacy_random_u32(&random), cases[c].word[k]);
        }
        fb_legacy_random_init(&random, cases[c].seed);
        for (int k = 0; k < 3; k++) {
            FB_ASSERT_NEAR(fb_legacy_random_uniform(&random), cases[c].uniform[k], 0.0);
        }
        fb_legacy_random_init(&random, cases[c].seed);
        for (int k = 0; k < 5; k++) {
            FB_ASSERT_NEAR(fb_legacy_random_normal(&random), cases[c].normal[k], 0.0);
        }
        fb_legacy_random_init(&random, cases[c].seed);
        FB_ASSERT_NEAR(fb_legacy_random_normal(&random), cases[c].mixed[0], 0.0);
        FB_ASSERT_NEAR(fb_legacy_random_uniform(&random), cases[c].mixed[1], 0.0);
        FB_ASSERT_NEAR(fb_legacy_random_normal(&random), cases[c].mixed[2], 0.0);
        FB_ASSERT_NEAR(fb_legacy_random_normal(&random), cases[c].mixed[3], 0.0);
    }
}
END_TEST

/* All x numbers of the table come first, then all y numbers. */
START_TEST(official_noise_is_x_then_y)
{
    fb_noise noise;
    double x = 0.0, y = 0.0;
    fb_noise_init_official(&noise, 42, 2);
    fb_noise_draw(&noise, 0, &x, &y);
    FB_ASSERT_NEAR(x, cases[1].normal[0], 0.0);
    FB_ASSERT_NEAR(y, cases[1].normal[2], 0.0);
    fb_noise_draw(&noise, 1, &x, &y);
    FB_ASSERT_NEAR(x, cases[1].normal[1], 0.0);
    FB_ASSERT_NEAR(y, cases[1].normal[3], 0.0);
}
END_TEST

START_TEST(stream_noise_depends_on_the_row_only)
{
    fb_noise noise;
    double x1 = 0.0, y1 = 0.0, x2 = 0.0, y2 = 0.0, other = 0.0;
    fb_noise_init_streams(&noise, 7);
    fb_noise_draw(&noise, 5, &x1, &y1);
    fb_noise_draw(&noise, 6, &other, &y2);
    fb_noise_draw(&noise, 5, &x2, &y2);
    FB_ASSERT_NEAR(x1, x2, 0.0);
    FB_ASSERT_NEAR(y1, y2, 0.0);
    ck_assert(x1 != other && x1 != y1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("holdout/legacy_random");
    TCase *tests = tcase_create("numpy");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, numbers_are_numpys);
    tcase_add_test(tests, official_noise_is_x_then_y);
    tcase_add_test(tests, stream_noise_depends_on_the_row_only);
    return fb_run_suite(suite);
}
