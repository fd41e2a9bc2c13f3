/* An evaluation before and after its experiments: the truths, what its header says, what its results come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/experiments/evaluation_summary.h"
#include "baseline/experiments/result_writer.h"
#include "baseline/experiments/run_fingerprint.h"
#include "tests/support/support.h"

static fb_evaluation *create(uint64_t n_sets, uint64_t n, fb_nuisance_mask drawn)
{
    const fb_evaluation_settings settings = {n_sets, n, 5, drawn, FB_GENERATOR_STREAMS};
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_evaluation_create(&settings, &evaluation, &error));
    return evaluation;
}

/* --- truths ------------------------------------------------------------------------------------------------------- */

START_TEST(true_mus_are_uniform)
{
    enum { N = 5000 };
    fb_evaluation *evaluation = create(N, 1, 0);
    double sum = 0.0, sum2 = 0.0, low = INFINITY, high = -INFINITY;
    for (int s = 0; s < N; s++) {
        const double mu = evaluation->mu[s];
        ck_assert(mu == evaluation->experiment[s].truth.mu);
        sum += mu / N;
        sum2 += mu * mu / N;
        low = fmin(low, mu);
        high = fmax(high, mu);
    }
    ck_assert(low >= 0.1 && low < 0.11 && high <= 3.0 && high > 2.99);
    FB_ASSERT_NEAR(sum, 1.55, 4.5 * 2.9 / sqrt(12.0 * N));
    FB_ASSERT_NEAR(sqrt(12.0 * (sum2 - sum * sum)), 2.9, 0.05);
    fb_evaluation_free(evaluation);
}
END_TEST

/* An experiment is what it is, however many there are, and no two are the same. */
START_TEST(every_experiment_is_its_own)
{
    fb_evaluation *small = create(3, 4, FB_ALL_NUISANCES), *large = create(6, 9, FB_ALL_NUISANCES);
    for (uint64_t s = 0; s < 3; s++) {
        for (uint64_t e = 0; e < 4; e++) {
            ck_assert_mem_eq(&small->experiment[s * 4 + e].truth, &large->experiment[s * 9 + e].truth,
                             sizeof(fb_truth));
        }
    }
    for (int a = 0; a < 6 * 9; a++) {
        const fb_truth *x = &large->experiment[a].truth;
        for (int b = 0; b < a; b++) {
            const fb_truth *y = &large->experiment[b].truth;
            ck_assert(x->seed != y->seed);
            ck_assert((x->mu == y->mu) == (a / 9 == b / 9));
            ck_assert(x->nuisances.value[FB_DIBOSON_SCALE] != y->nuisances.value[FB_DIBOSON_SCALE]);
        }
    }
    fb_evaluation_free(small);
    fb_evaluation_free(large);
}
END_TEST

START_TEST(what_is_not_drawn_is_nominal)
{
    fb_evaluation *evaluation = create(2, 3, 1U << FB_JES);
    const fb_nuisances nominal = fb_nuisance_nominal();
    for (int k = 0; k < 6; k++) {
        const fb_nuisances *drawn = &evaluation->experiment[k].truth.nuisances;
        for (int i = 0; i < FB_N_NUISANCE; i++) {
            ck_assert((drawn->value[i] != nominal.value[i]) == (i == FB_JES));
        }
    }
    fb_evaluation_free(evaluation);
}
END_TEST

/* --- the statistics of the simulation, and the header ------------------------------------------------------------- */

static fb_analysis *load(void)
{
    fb_analysis *analysis = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_analysis_file_load(FB_TEST_DATA "/leaderboard/bdt.h5", &analysis, &error));
    return analysis;
}

static fb_method method_of(const fb_analysis *analysis)
{
    return (fb_method){.name = "bdt", .analysis = analysis, .fit = fb_fit_settings_default()};
}

/* Effective number of background events in a part, and the variance of their sum. */
static double effective(const fb_split *split, fb_part part, double *variance)
{
    double sum = 0.0;
    *variance = 0.0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        if (process != FB_HTAUTAU) {
            const fb_weight_sums sums = fb_split_sums(split, part, process);
            const double factor = split->factor[part][process];
            sum += factor * sums.sum;
            *variance += factor * factor * sums.square;
        }
    }
    return sum * sum / *variance;
}

/* A pool is as good as more templates: its variance adds to theirs. */
START_TEST(the_pool_adds_to_the_shared_error)
{
    fb_analysis *analysis = load();
    const fb_method method = method_of(analysis);
    fb_evaluation *fresh = create(2, 1, FB_ALL_NUISANCES), *pool = create(2, 1, FB_ALL_NUISANCES);
    double of_pool, of_holdout;
    fb_error error = {0};
    FB_ASSERT_OK(fb_evaluation_prepare(fresh, &method, NULL, &error));
    FB_ASSERT_OK(fb_evaluation_prepare(pool, &method, &analysis->split, &error));
    ck_assert(isinf(fresh->simulation.pool_events));
    FB_ASSERT_NEAR(pool->simulation.pool_events / effective(&analysis->split, FB_POOL, &of_pool), 1.0, 1e-12);
    FB_ASSERT_NEAR(pool->simulation.template_events / effective(&analysis->split, FB_HOLDOUT, &of_holdout), 1.0, 1e-12);
    for (int s = 0; s < 2; s++) {
        ck_assert(fresh->simulation.shared_error[s] > 0.0);
        FB_ASSERT_NEAR(pool->simulation.shared_error[s] / fresh->simulation.shared_error[s],
                       sqrt(1.0 + of_pool / of_holdout), 1e-12);
    }
    fb_evaluation_free(fresh);
    fb_evaluation_free(pool);
    fb_analysis_free(analysis);
}
END_TEST

static char *header_of(const fb_evaluation *evaluation)
{
    char *line = NULL;
    json_t *fit = json_pack("{s:s}", "plugin", "digest");
    fb_error error = {0};
    FB_ASSERT_OK(fb_run_fingerprint_write(evaluation, fit, "a pool", &line, &error));
    json_decref(fit);
    return line;
}

START_TEST(a_header_comes_back)
{
    const fb_method method = {.name = "theirs"};
    fb_evaluation *evaluation = create(2, 3, 1U << FB_TES | 1U << FB_BKG_SCALE), *back = NULL;
    fb_error error = {0};
    for (int round = 0; round < 2; round++) {
        FB_ASSERT_OK(fb_evaluation_prepare(evaluation, &method, NULL, &error));
        if (round == 1) {
            evaluation->simulation.template_events = 1.0e5 / 3.0;
            evaluation->simulation.pool_events = 2.0e5 / 3.0;
            evaluation->simulation.shared_error[1] = 0.1;
        }
        char *line = header_of(evaluation);
        ck_assert_ptr_null(strchr(line, '\n'));
        FB_ASSERT_OK(fb_run_fingerprint_read("file", line, &back, &error));
        ck_assert_mem_eq(&back->settings, &evaluation->settings, sizeof back->settings);
        ck_assert_mem_eq(&back->experiment[5].truth, &evaluation->experiment[5].truth, sizeof(fb_truth));
        ck_assert(round == 1 ? back->simulation.template_events == evaluation->simulation.template_events
                             : isnan(back->simulation.template_events));
        ck_assert(back->simulation.pool_events == evaluation->simulation.pool_events);
        ck_assert(isnan(back->simulation.shared_error[0]) &&
                  (round == 1 ? back->simulation.shared_error[1] == 0.1 : isnan(back->simulation.shared_error[1])));
        free(line);
        fb_evaluation_free(back);
    }
    fb_evaluation_free(evaluation);
}
END_TEST

START_TEST(bad_headers_are_refused)
{
    static const char *const good = "{\"kind\":\"fair-baseline experiments 2\",\"method\":\"mine\",\"analysis\":\"\","
                                    "\"fit\":{\"plugin\":\"digest\"},\"sets\":1,\"experiments\":2,\"seed\":5,"
                                    "\"drawn\":[\"tes\"],\"generator\":\"streams\",\"shared_template_error\":[null]}";
    static const char *const changes[][2] = {{"experiments 2", "experiments 1"},
                                             {"\"sets\":1", "\"sets\":0"},
                                             {"\"sets\":1", "\"sets\":-1"},
                                             {"\"sets\":1", "\"sets\":1000001"},
                                             {"\"experiments\":2", "\"e\":2"},
                                             {"\"tes\"", "\"tas\""},
                                             {"\"tes\"", "1"},
                                             {"streams", "river"},
                                             {"[null]", "[null,null]"},
                                             {"[null]", "[]"},
                                             {"\"seed\":5", "\"seed\":-5"},
                                             {"\"mine\"", "3"},
                                             {"{\"plugin\":\"digest\"}", "[]"},
                                             {"\"analysis\":\"\",", ""},
                                             {"}", ""}};
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_run_fingerprint_read("file", good, &evaluation, &error));
    fb_evaluation_free(evaluation);
    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
        char line[512] = "";
        const char *at = strstr(good, changes[k][0]);
        ck_assert_ptr_nonnull(at);
        snprintf(line, sizeof line, "%.*s%s%s", (int)(at - good), good, changes[k][1], at + strlen(changes[k][0]));
        ck_assert_msg(fb_run_fingerprint_read("file", line, &evaluation, &error) == FB_ERROR_DATA, "%s", line);
        ck_assert_ptr_null(evaluation);
        ck_assert_ptr_nonnull(strstr(error.text, "file: its first line"));
    }
}
END_TEST

/* A method and a fit that no run would have taken: what is said of the line after a change. */
static const struct {
    const char *from, *to, *said;
} wrong_methods[] = {{"\"analysis\"", "\"../x\"", "\"method\": ../x: the name of a method"},
                     {"\"analysis\"", "\"\"", "\"method\": : the name of a method"},
                     {"\"analysis\"", "\"scores.json/..\"", "the name of a method"},
                     {"official", "foo", "\"fit\": --priors: 'foo' is not official, white-paper or kit"},
                     {"symmetric", "wide", "\"fit\": --interval: 'wide' is not symmetric"},
                     {"\"all\"", "\"energy\"", "--systematics: 'energy'"},
                     {"\"all\"", "3", "\"fit\": \"systematics\" is missing, or no text"},
                     {"tes=1.01", "tes=2", "--fix: 'tes=2': fit: tes cannot be fixed at 2"},
                     {"[\"tes=1.01\"]", "[1]", "\"fix\" is missing, or no text"},
                     {"[\"tes=1.01\"]", "7", "\"fix\" as a list"},
                     {"[-5.5,9]", "[9,-5.5]", "--limits: '9,-5.5': is not LOW,HIGH"},
                     {"\"as_kit\":false", "\"as_kit\":0", "\"as_kit\" are needed"},
                     {"\"abc\"", "\"\"", "\"fit\" has no \"plugin\""}};

START_TEST(headers_with_wrong_methods_are_refused)
{
    static const char *const good =
        "{\"kind\":\"fair-baseline experiments 2\",\"method\":\"analysis\",\"sets\":1,\"experiments\":2,\"seed\":5,"
        "\"drawn\":[],\"generator\":\"streams\",\"analysis\":\"abc\",\"fit\":{\"systematics\":\"all\","
        "\"fix\":[\"tes=1.01\"],\"interval\":\"symmetric\",\"priors\":\"official\",\"mc_uncertainty\":true,"
        "\"as_kit\":false,\"limits\":[-5.5,9]},\"shared_template_error\":[null]}";
    const char *at = strstr(good, wrong_methods[_i].from);
    char line[768];
    fb_evaluation *evaluation = NULL;
    fb_error error = {0};
    FB_ASSERT_OK(fb_run_fingerprint_read("file", good, &evaluation, &error));
    fb_evaluation_free(evaluation);
    ck_assert_ptr_nonnull(at);
    snprintf(line, sizeof line, "%.*s%s%s", (int)(at - good), good, wrong_methods[_i].to,
             at + strlen(wrong_methods[_i].from));
    ck_assert_int_eq(fb_run_fingerprint_read("file", line, &evaluation, &error), FB_ERROR_DATA);
    ck_assert_ptr_null(evaluation);
    ck_assert_ptr_nonnull(strstr(error.text, "file: line 1: "));
    ck_assert_msg(strstr(error.text, wrong_methods[_i].said) != NULL, "%s", error.text);
}
END_TEST

START_TEST(without_events_there_is_no_result)
{
    fb_experiment experiment = {.result = {.is_valid = true}};
    fb_error error = {0};
    experiment.n_events = 1;
    fb_evaluation_need_events(&experiment, &error);
    ck_assert(experiment.status == FB_OK && experiment.result.is_valid);
    experiment.n_events = 0;
    fb_evaluation_need_events(&experiment, &error);
    ck_assert(experiment.status == FB_ERROR_NOT_CONVERGED && !experiment.result.is_valid && error.text[0] != '\0');
}
END_TEST

/* Whatever changes a fit changes the header. */
START_TEST(a_header_knows_the_analysis)
{
    for (int change = 0; change < 6; change++) {
        fb_analysis *analysis = load();
        fb_templates *templates = analysis->template_set->templates;
        const fb_method method = method_of(analysis);
        fb_evaluation *evaluation = create(1, 1, FB_ALL_NUISANCES);
        evaluation->method = &method;
        char *before = header_of(evaluation);
        if (change == 0) {
            templates->variance[3] *= 1.01;
        } else if (change == 1) {
            templates->yield[3] *= 1.01;
        } else if (change == 2) {
            templates->combination = FB_COMBINE_AVERAGE;
        } else if (change == 3) {
            analysis->template_set->binning.edge[1]++;
        } else if (change == 4) {
            templates->shape[FB_JES].coefficient[4] += 0.01;
        } else {
            analysis->settings.templates.conditioning.value.value[FB_TES] = 1.01;
        }
        char *after = header_of(evaluation);
        ck_assert_msg(strcmp(before, after) != 0, "change %d is not seen", change);
        free(before);
        free(after);
        fb_evaluation_free(evaluation);
        fb_analysis_free(analysis);
    }
}
END_TEST

/* --- the summary -------------------------------------------------------------------------------------------------- */

/* Three experiments that went well, in the first and the last of three sets, and three that did not. */
START_TEST(a_summary_of_three)
{
    static const double pull[3] = {0.5, -2.0, 3.0}, sigma[3] = {0.1, 0.2, 0.4};
    static const int which[3] = {0, 1, 5};
    fb_evaluation *evaluation = create(3, 2, 0);
    fb_evaluation_summary summary;
    fb_error error = {0};
    for (int k = 0; k < 6; k++) {
        evaluation->experiment[k].is_done = k != 4;
        evaluation->experiment[k].status = FB_ERROR_NOT_CONVERGED;
        evaluation->experiment[k].result.mu_hat = NAN;
        evaluation->experiment[k].result.at_limit = 1;
    }
    for (int i = 0; i < 3; i++) {
        fb_experiment *x = &evaluation->experiment[which[i]];
        const double mu_hat = x->truth.mu + pull[i] * sigma[i];
        x->status = FB_OK;
        x->result = (fb_fit_result){.mu_hat = mu_hat,
                                    .delta_mu_hat = sigma[i],
                                    .sigma = sigma[i],
                                    .p16 = mu_hat - sigma[i],
                                    .p84 = mu_hat + sigma[i],
                                    .at_limit = i == 2 ? 4 : 0};
    }
    evaluation->simulation.shared_error[0] = 0.02;
    evaluation->simulation.shared_error[2] = 0.08;
    FB_ASSERT_OK(fb_evaluation_summary_make(evaluation, &summary, &error));
    ck_assert_uint_eq(summary.n, 3);
    ck_assert_uint_eq(summary.n_failed, 2);
    ck_assert_uint_eq(summary.n_at_limit, 1);
    FB_ASSERT_NEAR(summary.mean_pull, 0.5, 1e-12);
    FB_ASSERT_NEAR(summary.pull_width, sqrt((2.5 * 2.5 + 2.5 * 2.5) / 2.0), 1e-12);
    FB_ASSERT_NEAR(summary.shared_error, sqrt((0.04 + 0.01 + 0.04) / 3.0), 1e-12);
    FB_ASSERT_NEAR(summary.allowed, 3.0 * sqrt(1.0 / 3.0 + 0.03), 1e-12);
    FB_ASSERT_NEAR(summary.scores.interval, 2.0 * 0.7 / 3.0, 1e-12);
    FB_ASSERT_NEAR(summary.scores.coverage, 1.0 / 3.0, 1e-12);
    evaluation->experiment[0].status = evaluation->experiment[1].status = FB_ERROR_NOT_CONVERGED;
    FB_ASSERT_OK(fb_evaluation_summary_make(evaluation, &summary, &error));
    ck_assert(summary.n == 1 && isnan(summary.pull_width) && summary.n_failed == 4);
    evaluation->experiment[5].status = FB_ERROR_NOT_CONVERGED;
    strcpy(evaluation->experiment[1].reason, "because");
    ck_assert_int_eq(fb_evaluation_summary_make(evaluation, &summary, &error), FB_ERROR_NOT_CONVERGED);
    ck_assert_ptr_nonnull(strstr(error.text, "because"));
    fb_evaluation_free(evaluation);
}
END_TEST

/* A seed has 64 bits, and a whole number of JSON one less here. */
START_TEST(a_failure_tells_its_seed)
{
    fb_evaluation *evaluation = create(1, 1, 0);
    const fb_evaluation_summary summary = {.n_failed = 1};
    evaluation->experiment[0].is_done = true;
    evaluation->experiment[0].status = FB_ERROR_NOT_CONVERGED;
    evaluation->experiment[0].truth.seed = UINT64_MAX;
    json_t *root = fb_result_writer_json(evaluation, &summary);
    const json_t *one = json_array_get(json_object_get(root, "experiments"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(one, "seed")), "18446744073709551615");
    json_decref(root);
    fb_evaluation_free(evaluation);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_evaluation");
    TCase *tests = tcase_create("evaluation");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, true_mus_are_uniform);
    tcase_add_test(tests, every_experiment_is_its_own);
    tcase_add_test(tests, what_is_not_drawn_is_nominal);
    tcase_add_test(tests, the_pool_adds_to_the_shared_error);
    tcase_add_test(tests, a_header_comes_back);
    tcase_add_test(tests, bad_headers_are_refused);
    tcase_add_loop_test(tests, headers_with_wrong_methods_are_refused, 0,
                        sizeof wrong_methods / sizeof wrong_methods[0]);
    tcase_add_test(tests, without_events_there_is_no_result);
    tcase_add_test(tests, a_header_knows_the_analysis);
    tcase_add_test(tests, a_summary_of_three);
    tcase_add_test(tests, a_failure_tells_its_seed);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
