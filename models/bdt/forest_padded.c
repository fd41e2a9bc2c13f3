/* Following rows through trees without a branch. */
#include <stdlib.h>

#include "models/bdt/forest_internal.h"
#include "models/common/memory.h"

void fb_forest_padded_clear(fb_forest_padded *padded)
{
    free(padded->root);
    free(padded->depth);
    free(padded->node);
    *padded = (fb_forest_padded){0};
}

uint32_t fb_forest_padded_height(const fb_tree *tree, int32_t node)
{
    const fb_tree_node *at = &tree->node[node];
    if (at->left < 0) {
        return 0;
    }
    uint32_t left = fb_forest_padded_height(tree, at->left), right = fb_forest_padded_height(tree, at->right);
    return 1 + (left > right ? left : right);
}

static fb_forest_node convert(const fb_tree_node *from, uint32_t root, uint32_t own)
{
    fb_forest_node node = {.child = {own, own}, .value = from->value};
    if (from->left >= 0) {
        node.child[0] = root + (uint32_t)from->left;
        node.child[1] = root + (uint32_t)from->right;
        node.feature = (uint32_t)from->feature;
        node.nan_right = !from->nan_left;
    }
    return node;
}

fb_status fb_forest_padded_make(size_t n_trees, const fb_tree *tree, fb_forest_padded *out, fb_error *error)
{
    size_t n_nodes = 0;
    uint32_t first = 0;
    fb_status status = FB_OK;
    *out = (fb_forest_padded){.n_trees = n_trees};
    for (size_t t = 0; t < n_trees; t++) {
        n_nodes += tree[t].n_nodes;
    }
    if (n_nodes > UINT32_MAX) {
        return fb_fail(error, FB_ERROR_DATA, "a forest of %zu nodes; at most %u are supported", n_nodes, UINT32_MAX);
    }
    out->n_nodes = n_nodes;
    FB_TRY(fb_memory_allocate(n_trees, sizeof *out->root, &out->root, error));
    FB_TRY(fb_memory_allocate(n_trees, sizeof *out->depth, &out->depth, error));
    FB_TRY(fb_memory_allocate(n_nodes, sizeof *out->node, &out->node, error));
    for (size_t t = 0; t < n_trees; t++) {
        out->root[t] = first;
        out->depth[t] = fb_forest_padded_height(&tree[t], 0);
        for (uint32_t k = 0; k < tree[t].n_nodes; k++) {
            out->node[first + k] = convert(&tree[t].node[k], first, first + k);
        }
        first += (uint32_t)tree[t].n_nodes;
    }
cleanup:
    return status;
}

/* Steps of several rows wait for memory at the same time. */
enum { TOGETHER = 8 };

static uint32_t step(const fb_forest_node *node, const float *row)
{
    float x = row[node->feature];
    return node->child[(x >= node->value) | ((x != x) & node->nan_right)];
}

static void walk(const fb_forest_padded *padded, size_t tree, int n_rows, int n_features, const float *matrix,
                 float *margin)
{
    uint32_t at[TOGETHER];
    for (int i = 0; i < n_rows; i++) {
        at[i] = padded->root[tree];
    }
    for (uint32_t level = 0; level < padded->depth[tree]; level++) {
        for (int i = 0; i < n_rows; i++) {
            at[i] = step(&padded->node[at[i]], matrix + (size_t)i * (size_t)n_features);
        }
    }
    for (int i = 0; i < n_rows; i++) {
        margin[i] += padded->node[at[i]].value;
    }
}

void fb_forest_padded_run(const fb_forest_padded *padded, size_t n, int n_features, const float *matrix, float *margin)
{
    for (size_t first = 0; first < n; first += FB_FOREST_ROWS) { /* a tree stays in the cache for so many rows */
        size_t end = n - first < FB_FOREST_ROWS ? n : first + FB_FOREST_ROWS;
        for (size_t tree = 0; tree < padded->n_trees; tree++) {
            size_t i = first;
            for (; i + TOGETHER <= end; i += TOGETHER) {
                walk(padded, tree, TOGETHER, n_features, matrix + i * (size_t)n_features, margin + i);
            }
            walk(padded, tree, (int)(end - i), n_features, matrix + i * (size_t)n_features, margin + i);
        }
    }
}
