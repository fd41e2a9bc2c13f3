/* A forest from XGBoost's JSON model. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/bdt/forest.h"
#include "models/common/memory.h"
#include "models/common/text.h"

static fb_status bad(const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "XGBoost model: %s", what);
}

/* Numbers of the model's parameters are texts. */
static bool text_number(const json_t *object, const char *key, double *value)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL && fb_text_to_double(text, value);
}

/* The mean probability that margins are counted from: a number as text, and from version 3.1 on a list of one for each
 * target, "[5E-1]" or ["5E-1"]. */
static bool base_score(const json_t *parameters, double *value)
{
    const json_t *entry = json_object_get(parameters, "base_score");
    if (json_array_size(entry) == 1) {
        entry = json_array_get(entry, 0);
    }
    const char *text = json_string_value(entry);
    char number[FB_NUMBER_SIZE];
    const size_t n = text != NULL ? strlen(text) : 0;
    if (json_is_number(entry)) {
        *value = json_number_value(entry);
        return true;
    }
    if (n < 1 || n >= sizeof number + 2) {
        return false;
    }
    const bool is_list = text[0] == '[' && text[n - 1] == ']' && n > 2;
    snprintf(number, sizeof number, "%.*s", (int)(is_list ? n - 2 : n), is_list ? text + 1 : text);
    return fb_text_to_double(number, value);
}

static bool is_on(const json_t *value)
{
    return json_is_true(value) || json_number_value(value) != 0.0;
}

static fb_status read_tree(const json_t *object, fb_tree *tree, fb_error *error)
{
    static const char *const names[] = {"left_children", "right_children", "split_indices", "split_conditions",
                                        "default_left"};
    const json_t *array[5];
    for (int k = 0; k < 5; k++) {
        array[k] = json_object_get(object, names[k]);
        if (!json_is_array(array[k]) || json_array_size(array[k]) != json_array_size(array[0])) {
            return bad("a tree has no array, or one of another length, of its nodes", error);
        }
    }
    if (json_array_size(json_object_get(object, "categories_nodes")) > 0) {
        return bad("categorical features are not supported", error);
    }
    const size_t n = json_array_size(array[0]);
    fb_status status = fb_memory_allocate(n, sizeof *tree->node, &tree->node, error);
    tree->n_nodes = status == FB_OK ? n : 0;
    for (size_t i = 0; i < tree->n_nodes; i++) {
        tree->node[i] = (fb_tree_node){.left = (int32_t)json_integer_value(json_array_get(array[0], i)),
                                       .right = (int32_t)json_integer_value(json_array_get(array[1], i)),
                                       .feature = (int32_t)json_integer_value(json_array_get(array[2], i)),
                                       .value = (float)json_number_value(json_array_get(array[3], i)),
                                       .nan_left = is_on(json_array_get(array[4], i))};
    }
    return status;
}

/* Whether the object `key` has the name `name`. */
static bool is_text(const json_t *object, const char *key, const char *name)
{
    const char *text = json_string_value(json_object_get(json_object_get(object, key), "name"));
    return text != NULL && strcmp(text, name) == 0;
}

fb_status fb_forest_xgboost_read(const char *json, size_t n_bytes, fb_forest **out, fb_error *error)
{
    json_error_t why;
    json_t *root = json_loadb(json, n_bytes, 0, &why);
    const json_t *learner = json_object_get(root, "learner");
    const json_t *model = json_object_get(json_object_get(learner, "gradient_booster"), "model");
    const json_t *trees = json_object_get(model, "trees");
    const json_t *parameters = json_object_get(learner, "learner_model_param");
    double base = 0.5, n_features = 0.0;
    fb_tree *tree = NULL;
    size_t n_trees = 0;
    fb_status status = FB_OK;
    *out = NULL;
    if (root == NULL) {
        status = bad(why.text, error);
    } else if (!is_text(learner, "objective", "binary:logistic") || !is_text(learner, "gradient_booster", "gbtree")) {
        status = bad("is not one of trees (gbtree) for two classes (binary:logistic)", error);
    } else if (!json_is_array(trees) || !text_number(parameters, "num_feature", &n_features) ||
               !base_score(parameters, &base) || !(base > 0.0 && base < 1.0) ||
               !(n_features >= 1.0 && n_features <= 1e6)) {
        status = bad("is not a model of trees for two classes", error);
    }
    FB_TRY(status);
    FB_TRY(fb_memory_allocate(json_array_size(trees), sizeof *tree, &tree, error));
    for (; n_trees < json_array_size(trees); n_trees++) {
        FB_TRY(read_tree(json_array_get(trees, n_trees), &tree[n_trees], error));
    }
    const float margin = -logf(1.0f / (float)base - 1.0f);
    FB_TRY(fb_forest_create((int)n_features, n_trees, tree, margin, out, error));
cleanup:
    for (size_t t = 0; t < n_trees; t++) {
        free(tree[t].node);
    }
    free(tree);
    json_decref(root);
    return status;
}
