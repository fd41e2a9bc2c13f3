#include "models/bdt/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/bdt/forest_internal.h"
#include "models/common/memory.h"

/* --- building ----------------------------------------------------------------------------------------------------- */

static fb_status check_node(const fb_tree *tree, size_t t, size_t k, int n_features, int *n_parents, fb_error *error)
{
    const fb_tree_node *node = &tree->node[k];
    if (node->left < 0) {
        return isfinite(node->value)
                   ? FB_OK
                   : fb_fail(error, FB_ERROR_DATA, "tree %zu, node %zu: a leaf of %g", t, k, (double)node->value);
    }
    const int32_t child[2] = {node->left, node->right};
    for (int side = 0; side < 2; side++) {
        /* Children come after their parents, so there are no cycles. */
        if (child[side] <= (int32_t)k || (size_t)child[side] >= tree->n_nodes || n_parents[child[side]]++ > 0) {
            return fb_fail(error, FB_ERROR_DATA, "tree %zu, node %zu: its child %d is not there, or not its own", t, k,
                           child[side]);
        }
    }
    if (node->feature < 0 || node->feature >= n_features || isnan(node->value)) {
        return fb_fail(error, FB_ERROR_DATA, "tree %zu, node %zu: feature %d of %d, cut %g", t, k, node->feature,
                       n_features, (double)node->value);
    }
    return FB_OK;
}

/* Children come after their parents, so one pass finds all depths. */
static fb_status check_depth(const fb_tree *tree, size_t t, int *depth, fb_error *error)
{
    memset(depth, 0, tree->n_nodes * sizeof *depth);
    for (size_t k = 0; k < tree->n_nodes; k++) {
        const fb_tree_node *node = &tree->node[k];
        if (depth[k] > FB_FOREST_DEPTH) {
            return fb_fail(error, FB_ERROR_DATA, "tree %zu is deeper than %d levels", t, FB_FOREST_DEPTH);
        }
        if (node->left >= 0) {
            depth[node->left] = depth[node->right] = depth[k] + 1;
        }
    }
    return FB_OK;
}

static fb_status check_tree(const fb_tree *tree, size_t t, int n_features, fb_error *error)
{
    int *n_parents = NULL;
    fb_status status = FB_OK;
    if (tree->n_nodes == 0 || tree->n_nodes > INT32_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "tree %zu has %zu nodes", t, tree->n_nodes);
    }
    FB_TRY(fb_memory_allocate(tree->n_nodes, sizeof *n_parents, &n_parents, error));
    for (size_t k = 0; k < tree->n_nodes; k++) {
        FB_TRY(check_node(tree, t, k, n_features, n_parents, error));
    }
    FB_TRY(check_depth(tree, t, n_parents, error));
cleanup:
    free(n_parents);
    return status;
}

fb_status fb_forest_create(int n_features, size_t n_trees, const fb_tree *tree, float base_margin, fb_forest **out,
                           fb_error *error)
{
    fb_forest *forest = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    if (!isfinite(base_margin)) {
        return fb_fail(error, FB_ERROR_DATA, "a forest that starts from a margin of %g", (double)base_margin);
    }
    for (size_t t = 0; t < n_trees; t++) {
        FB_TRY(check_tree(&tree[t], t, n_features, error));
    }
    FB_TRY(fb_memory_allocate(1, sizeof *forest, &forest, error));
    forest->n_features = n_features;
    forest->base_margin = base_margin;
    FB_TRY(fb_forest_padded_make(n_trees, tree, &forest->padded, error));
    FB_TRY(fb_forest_slice_make(n_trees, tree, &forest->sliced, error));
    *out = forest;
    forest = NULL;
cleanup:
    fb_forest_free(forest);
    return status;
}

void fb_forest_free(fb_forest *forest)
{
    if (forest != NULL) {
        fb_forest_slice_clear(&forest->sliced);
        fb_forest_padded_clear(&forest->padded);
        free(forest);
    }
}

int fb_forest_n_features(const fb_forest *forest)
{
    return forest->n_features;
}

/* --- scoring ------------------------------------------------------------------------------------------------------ */

/* Columns of the rows from `matrix`; rows beyond the last are copies of it. */
static void transpose(const float *matrix, size_t n, int n_features, float *column)
{
    for (size_t i = 0; i < FB_FOREST_ROWS; i++) {
        const float *row = matrix + (i < n ? i : n - 1) * (size_t)n_features;
        for (int k = 0; k < n_features; k++) {
            column[(size_t)k * FB_FOREST_ROWS + i] = row[k];
        }
    }
}

static fb_status run_sliced(const fb_forest *forest, size_t n, const float *matrix, float *margin, fb_error *error)
{
    static fb_forest_kernel *const kernels[FB_N_INSTRUCTION_SETS] = FB_KERNELS(fb_forest_kernel);
    fb_forest_kernel *kernel = kernels[fb_instruction_set_best()];
    float *column = NULL, *sum = NULL;
    fb_forest_line *line = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate((size_t)forest->n_features * FB_FOREST_ROWS, sizeof(float), &column, error));
    FB_TRY(fb_memory_allocate(FB_FOREST_ROWS, sizeof(float), &sum, error));
    FB_TRY(fb_memory_allocate(forest->sliced.n_lines, sizeof *line, &line, error));
    for (size_t first = 0; first < n; first += FB_FOREST_ROWS) {
        size_t some = n - first < FB_FOREST_ROWS ? n - first : FB_FOREST_ROWS;
        transpose(matrix + first * (size_t)forest->n_features, some, forest->n_features, column);
        for (int i = 0; i < FB_FOREST_ROWS; i++) {
            sum[i] = forest->base_margin;
        }
        kernel(&forest->sliced, column, line, sum);
        memcpy(margin + first, sum, some * sizeof *sum);
    }
cleanup:
    free(column);
    free(sum);
    free(line);
    return status;
}

fb_status fb_forest_margin(const fb_forest *forest, size_t n, const float *matrix, float *margin, fb_error *error)
{
    if (forest->sliced.n_lines > 0) {
        return run_sliced(forest, n, matrix, margin, error);
    }
    for (size_t i = 0; i < n; i++) {
        margin[i] = forest->base_margin;
    }
    fb_forest_padded_run(&forest->padded, n, forest->n_features, matrix, margin);
    return FB_OK;
}

void fb_forest_logistic(size_t n, float *margin)
{
    for (size_t i = 0; i < n; i++) {
        float exponent = -margin[i] < 88.7f ? -margin[i] : 88.7f;
        margin[i] = 1.0f / (1.0f + expf(exponent) + 1e-16f);
    }
}
