/* Every kernel of a forest against a literal walk through random trees, and against XGBoost's own margins. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xgboost/c_api.h>

#include "models/bdt/forest_internal.h"
#include "models/common/random.h"
#include "tests/support/support.h"

enum { N_FEATURES = 5, N_ROWS = 1500, MAX_NODES = 2048 };

static const char *const set_names[FB_N_INSTRUCTION_SETS] = {"plain", "avx2", "avx512"};

static float matrix[N_ROWS * N_FEATURES];

/* Few distinct values, so that many lie exactly on cuts; zeros of both signs, infinities, missing values, -25. */
static float awkward(fb_random *random)
{
    static const float special[] = {NAN, -25.0f, 0.0f, -0.0f, INFINITY, -INFINITY, 1e-40f};
    double u = fb_random_uniform(random);
    if (u < 0.2) {
        return special[fb_random_u32(random) % (sizeof special / sizeof special[0])];
    }
    return (float)((int)(fb_random_u32(random) % 41) - 20) * 0.25f;
}

static void make_rows(void)
{
    fb_random random = fb_random_at(3, FB_STREAM_TOY, 0);
    for (size_t k = 0; k < N_ROWS * N_FEATURES; k++) {
        matrix[k] = awkward(&random);
    }
}

/* --- random trees ------------------------------------------------------------------------------------------------- */

/* Splits leaves of at most depth `depth` until chance stops it. */
static fb_tree make_tree(fb_random *random, int depth, double chance)
{
    fb_tree tree = {1, calloc(MAX_NODES, sizeof(fb_tree_node))};
    int level[MAX_NODES] = {0};
    for (size_t k = 0; k < tree.n_nodes; k++) {
        fb_tree_node *node = &tree.node[k];
        *node = (fb_tree_node){.left = -1, .right = -1, .value = (float)fb_random_normal(random)};
        if (level[k] < depth && tree.n_nodes + 2 <= MAX_NODES && fb_random_uniform(random) < chance) {
            float cut = awkward(random);
            node->value = isnan(cut) ? 0.5f : cut;
            node->feature = (int32_t)(fb_random_u32(random) % N_FEATURES);
            node->nan_left = fb_random_u32(random) % 2;
            node->left = (int32_t)tree.n_nodes;
            node->right = (int32_t)tree.n_nodes + 1;
            level[tree.n_nodes] = level[tree.n_nodes + 1] = level[k] + 1;
            tree.n_nodes += 2;
        }
    }
    return tree;
}

static float walk(const fb_tree *tree, const float *row)
{
    const fb_tree_node *node = &tree->node[0];
    while (node->left >= 0) {
        float x = row[node->feature];
        bool left = isnan(x) ? node->nan_left : x < node->value;
        node = &tree->node[left ? node->left : node->right];
    }
    return node->value;
}

/* A forest on all numbers of rows around a block, with every set of instructions. */
static void check_forest(const fb_forest *forest, const float *expected)
{
    static const size_t sizes[] = {0, 1, 7, 8, 511, 512, 513, N_ROWS};
    for (int set = 0; set < FB_N_INSTRUCTION_SETS; set++) {
        const char *name = set_names[set];
        setenv("FB_INSTRUCTION_SET", name, 1);
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            float margin[N_ROWS + 1];
            margin[sizes[s]] = 77.0f;
            fb_error error = {0};
            FB_ASSERT_OK(fb_forest_margin(forest, sizes[s], matrix, margin, &error));
            ck_assert_msg(memcmp(margin, expected, sizes[s] * sizeof *margin) == 0, "%s: other bits in %zu rows", name,
                          sizes[s]);
            ck_assert(margin[sizes[s]] == 77.0f);
        }
    }
    unsetenv("FB_INSTRUCTION_SET");
}

/* The padded form, which walks through the trees; forests use it when they cannot be sliced. */
static void check_padded(const fb_forest *forest, const float *expected)
{
    float margin[N_ROWS];
    for (size_t i = 0; i < N_ROWS; i++) {
        margin[i] = forest->base_margin;
    }
    fb_forest_padded_run(&forest->padded, N_ROWS, N_FEATURES, matrix, margin);
    ck_assert_mem_eq(margin, expected, sizeof margin);
}

/* Builds a forest of `n` random trees and compares it with the literal walk. */
static void check_random_forest(int n, int depth, double chance, uint64_t seed, bool is_sliced)
{
    fb_tree tree[64];
    float expected[N_ROWS];
    fb_error error = {0};
    fb_forest *forest = NULL;
    const float base = 0.125f;
    for (int t = 0; t < n; t++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, (uint64_t)t + 1);
        tree[t] = make_tree(&random, depth, chance);
    }
    for (size_t i = 0; i < N_ROWS; i++) {
        expected[i] = base;
        for (int t = 0; t < n; t++) {
            expected[i] += walk(&tree[t], matrix + i * N_FEATURES);
        }
    }
    FB_ASSERT_OK(fb_forest_create(N_FEATURES, (size_t)n, tree, base, &forest, &error));
    ck_assert_int_eq(forest->sliced.n_lines > 0, is_sliced);
    for (int t = 0; t < n; t++) {
        free(tree[t].node);
    }
    check_forest(forest, expected);
    check_padded(forest, expected);
    fb_forest_free(forest);
}

START_TEST(random_trees)
{
    for (int depth = 0; depth <= 8; depth++) {
        check_random_forest(20, depth, 1.0, 10 + (uint64_t)depth, true);
        check_random_forest(20, depth, 0.75, 30 + (uint64_t)depth, true);
    }
    check_random_forest(0, 1, 1.0, 1, true);
}
END_TEST

START_TEST(deep_trees_are_walked)
{
    check_random_forest(10, 9, 1.0, 50, false);
    check_random_forest(10, 40, 0.9, 51, false);
}
END_TEST

START_TEST(nonsense_is_refused)
{
    const fb_tree_node good[3] = {{1, 2, 0, 0.5f, false}, {-1, -1, 0, 1.0f, false}, {-1, -1, 0, 2.0f, false}};
    for (int k = 0; k < 8; k++) {
        fb_tree_node node[3];
        fb_tree tree = {3, node};
        fb_forest *forest = NULL;
        fb_error error = {0};
        memcpy(node, good, sizeof node);
        node[0].left = k == 1 ? 3 : k == 2 ? 0 : 1;
        node[0].right = k == 3 ? 1 : k == 4 ? -1 : 2;
        node[0].feature = k == 5 ? N_FEATURES : k == 6 ? -1 : 0;
        node[0].value = k == 7 ? NAN : 0.5f;
        fb_status status = fb_forest_create(N_FEATURES, 1, &tree, 0.0f, &forest, &error);
        ck_assert_msg(status == (k == 0 ? FB_OK : FB_ERROR_DATA), "case %d: %s", k, error.text);
        fb_forest_free(forest);
    }
}
END_TEST

START_TEST(broken_models_are_refused)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{\"learner\": {}}",
        "{\"learner\": {\"learner_model_param\": {\"base_score\": \"5E-1\", \"num_feature\": \"x\"}, "
        "\"gradient_booster\": {\"model\": {\"trees\": []}}}}",
        "{\"learner\": {\"learner_model_param\": {\"base_score\": \"2\", \"num_feature\": \"3\"}, "
        "\"gradient_booster\": {\"model\": {\"trees\": []}}}}",
        "{\"learner\": {\"learner_model_param\": {\"base_score\": \"5E-1\", \"num_feature\": \"3\"}, "
        "\"gradient_booster\": {\"model\": {\"trees\": [{\"left_children\": [1]}]}}}}",
        "{\"learner\": {\"learner_model_param\": {\"base_score\": \"5E-1\", \"num_feature\": \"3\"}, "
        "\"gradient_booster\": {\"model\": {\"trees\": [{\"left_children\": [], \"right_children\": [], "
        "\"split_indices\": [], \"split_conditions\": [], \"default_left\": []}]}}}}"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        fb_forest *forest = NULL;
        fb_error error = {0};
        ck_assert_int_eq(fb_forest_xgboost_read(texts[k], strlen(texts[k]), &forest, &error), FB_ERROR_DATA);
        ck_assert_ptr_null(forest);
        ck_assert(strlen(error.text) > 0);
    }
}
END_TEST

/* As text, and from XGBoost 3.1 on as a list of one. */
START_TEST(the_base_score_is_read_in_all_its_forms)
{
    static const struct {
        const char *text;
        bool is_good;
    } forms[] = {{"\"3E-1\"", true},    {"\"[3E-1]\"", true}, {"[\"3E-1\"]", true},
                 {"[0.3]", true},       {"0.3", true},        {"\"[3E-1,4E-1]\"", false},
                 {"[0.3, 0.4]", false}, {"\"[3E-1\"", false}, {"\"[]\"", false},
                 {"[]", false},         {"\"\"", false},      {"\"[[3E-1]]\"", false},
                 {"\"[1.5]\"", false},  {"null", false},      {"\"3E-1 \"", false}};
    for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
        char text[1024];
        fb_forest *forest = NULL;
        fb_error error = {0};
        snprintf(
            text, sizeof text,
            "{\"learner\": {\"learner_model_param\": {\"base_score\": %s, \"num_feature\": \"3\"}, "
            "\"objective\": {\"name\": \"binary:logistic\"}, \"gradient_booster\": {\"name\": \"gbtree\", \"model\": "
            "{\"trees\": [{\"left_children\": [-1], \"right_children\": [-1], \"split_indices\": [0], "
            "\"split_conditions\": [0.5], \"default_left\": [0]}]}}}}",
            forms[k].text);
        const fb_status status = fb_forest_xgboost_read(text, strlen(text), &forest, &error);
        ck_assert_msg(status == (forms[k].is_good ? FB_OK : FB_ERROR_DATA), "%s: %s", forms[k].text, error.text);
        if (forms[k].is_good) {
            FB_ASSERT_NEAR((double)forest->base_margin, log(0.3 / 0.7), 1e-6); /* float32 */
        }
        fb_forest_free(forest);
    }
}
END_TEST

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static fb_status load(const uint8_t *bytes, size_t n, float *margin)
{
    fb_error error = {0};
    fb_forest *forest = NULL;
    fb_status status = fb_forest_file_load(bytes, n, &forest, &error);
    ck_assert(status == FB_OK ? forest != NULL : forest == NULL && error.text[0] != '\0');
    if (status == FB_OK && margin != NULL) {
        FB_ASSERT_OK(fb_forest_margin(forest, N_ROWS, matrix, margin, &error));
    }
    fb_forest_free(forest);
    return status;
}

START_TEST(bytes_come_back)
{
    enum { HEAD = 16, COUNT = 8, NODE = 20, VALUE = 12, NAN_LEFT = 16 };
    fb_error error = {0};
    fb_random random = fb_random_at(5, FB_STREAM_TOY, 1);
    fb_tree tree[2] = {make_tree(&random, 4, 1.0), make_tree(&random, 0, 1.0)};
    fb_forest *forest = NULL;
    float before[N_ROWS], after[N_ROWS];
    uint8_t *bytes = NULL;
    size_t n = 0;
    FB_ASSERT_OK(fb_forest_create(N_FEATURES, 2, tree, 0.25f, &forest, &error));
    FB_ASSERT_OK(fb_forest_margin(forest, N_ROWS, matrix, before, &error));
    FB_ASSERT_OK(fb_forest_file_save(forest, &bytes, &n, &error));
    ck_assert_int_eq(load(bytes, n, after), FB_OK);
    ck_assert_mem_eq(before, after, sizeof before);
    for (size_t k = 0; k < n; k++) {
        ck_assert_int_eq(load(bytes, k, NULL), FB_ERROR_DATA);
    }
    uint8_t *more = calloc(n + 1, 1);
    memcpy(more, bytes, n);
    ck_assert_int_eq(load(more, n + 1, NULL), FB_ERROR_DATA);
    const float not_finite = NAN;
    more[HEAD + COUNT + NAN_LEFT] = 7;
    ck_assert_int_eq(load(more, n, NULL), FB_ERROR_DATA);
    memcpy(more, bytes, n);
    memcpy(more + 12, &not_finite, sizeof not_finite); /* the margin that all start from */
    ck_assert_int_eq(load(more, n, NULL), FB_ERROR_DATA);
    memcpy(more, bytes, n);
    memcpy(more + n - NODE + VALUE, &not_finite, sizeof not_finite); /* the leaf of the second tree */
    ck_assert_int_eq(load(more, n, NULL), FB_ERROR_DATA);
    free(more);
    free(bytes);
    free(tree[0].node);
    free(tree[1].node);
    fb_forest_free(forest);
}
END_TEST

/* They would be walked by recursion. */
START_TEST(endless_chains_are_refused)
{
    enum { N_NODES = 2000001 };
    fb_error error = {0};
    fb_forest *forest = NULL;
    fb_tree tree = {N_NODES, calloc(N_NODES, sizeof(fb_tree_node))};
    for (int32_t k = 0; k < N_NODES; k++) {
        bool is_leaf = k % 2 == 1 || k == N_NODES - 1;
        tree.node[k] = (fb_tree_node){.left = is_leaf ? -1 : k + 1, .right = is_leaf ? -1 : k + 2};
    }
    ck_assert_int_eq(fb_forest_create(N_FEATURES, 1, &tree, 0.0f, &forest, &error), FB_ERROR_DATA);
    ck_assert(strstr(error.text, "deeper") != NULL);
    free(tree.node);
}
END_TEST

/* --- XGBoost ------------------------------------------------------------------------------------------------------ */

#define CHECK_XGB(call) ck_assert_msg((call) == 0, "%s: %s", #call, XGBGetLastError())

static void set(BoosterHandle booster, const char *const (*pairs)[2])
{
    for (; (*pairs)[0] != NULL; pairs++) {
        CHECK_XGB(XGBoosterSetParam(booster, (*pairs)[0], (*pairs)[1]));
    }
}

static void predict(BoosterHandle booster, DMatrixHandle rows, int type, float *out)
{
    char config[160];
    const bst_ulong *shape = NULL;
    const float *result = NULL;
    bst_ulong rank = 0;
    snprintf(
        config, sizeof config,
        "{\"type\": %d, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, \"strict_shape\": false}",
        type);
    CHECK_XGB(XGBoosterPredictFromDMatrix(booster, rows, config, &shape, &rank, &result));
    memcpy(out, result, N_ROWS * sizeof *out);
}

static fb_forest *forest_of(BoosterHandle booster)
{
    const char *json = NULL;
    bst_ulong n_bytes = 0;
    fb_forest *forest = NULL;
    fb_error error = {0};
    CHECK_XGB(XGBoosterSaveModelToBuffer(booster, "{\"format\": \"json\"}", &n_bytes, &json));
    FB_ASSERT_OK(fb_forest_xgboost_read(json, n_bytes, &forest, &error));
    return forest;
}

/* Trains on the awkward rows and compares margins and scores. */
static void check_xgboost(const char *const (*settings)[2], float base_score)
{
    DMatrixHandle rows = NULL;
    BoosterHandle booster = NULL;
    float label[N_ROWS], expected[N_ROWS], score[N_ROWS], finite[N_ROWS * N_FEATURES];
    char text[32];
    fb_error error = {0};
    for (size_t i = 0; i < N_ROWS; i++) {
        fb_random random = fb_random_at(8, FB_STREAM_TOY, i);
        label[i] = fb_random_uniform(&random) < (matrix[i * N_FEATURES] > 0.0f ? 0.8 : 0.3);
    }
    for (size_t k = 0; k < N_ROWS * N_FEATURES; k++) { /* XGBoost refuses infinities */
        matrix[k] = finite[k] = isinf(matrix[k]) ? 3.0f : matrix[k];
    }
    CHECK_XGB(XGDMatrixCreateFromMat(finite, N_ROWS, N_FEATURES, NAN, &rows));
    CHECK_XGB(XGDMatrixSetFloatInfo(rows, "label", label, N_ROWS));
    CHECK_XGB(XGBoosterCreate(&rows, 1, &booster));
    snprintf(text, sizeof text, "%g", (double)base_score);
    CHECK_XGB(XGBoosterSetParam(booster, "base_score", text));
    CHECK_XGB(XGBoosterSetParam(booster, "objective", "binary:logistic"));
    CHECK_XGB(XGBoosterSetParam(booster, "verbosity", "0"));
    set(booster, settings);
    for (int k = 0; k < 20; k++) {
        CHECK_XGB(XGBoosterUpdateOneIter(booster, k, rows));
    }
    fb_forest *forest = forest_of(booster);
    predict(booster, rows, 1, expected);
    check_forest(forest, expected);
    check_padded(forest, expected);
    FB_ASSERT_OK(fb_forest_margin(forest, N_ROWS, matrix, score, &error));
    fb_forest_logistic(N_ROWS, score);
    predict(booster, rows, 0, expected);
    ck_assert_mem_eq(score, expected, sizeof score);
    fb_forest_free(forest);
    XGBoosterFree(booster);
    XGDMatrixFree(rows);
}

START_TEST(xgboost_gives_the_same_bits)
{
    static const char *const hist[][2] = {{"tree_method", "hist"}, {"max_depth", "8"}, {NULL, NULL}};
    static const char *const exact[][2] = {{"tree_method", "exact"}, {"max_depth", "6"}, {NULL, NULL}};
    static const char *const deep[][2] = {
        {"tree_method", "hist"}, {"max_depth", "14"}, {"min_child_weight", "0"}, {NULL, NULL}};
    static const char *const wide[][2] = {
        {"tree_method", "hist"}, {"grow_policy", "lossguide"}, {"max_depth", "0"}, {"max_leaves", "100"}, {NULL, NULL}};
    check_xgboost(hist, 0.5f);
    check_xgboost(exact, 0.3f);
    check_xgboost(deep, 0.5f);
    check_xgboost(wide, 0.7f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forest");
    TCase *tests = tcase_create("forest");
    tcase_add_checked_fixture(tests, make_rows, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, random_trees);
    tcase_add_test(tests, deep_trees_are_walked);
    tcase_add_test(tests, nonsense_is_refused);
    tcase_add_test(tests, broken_models_are_refused);
    tcase_add_test(tests, the_base_score_is_read_in_all_its_forms);
    tcase_add_test(tests, bytes_come_back);
    tcase_add_test(tests, endless_chains_are_refused);
    tcase_add_test(tests, xgboost_gives_the_same_bits);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
