/* Trees as networks of bit selections. */
#include <stdlib.h>
#include <string.h>

#include "models/bdt/forest_internal.h"
#include "models/common/memory.h"

void fb_forest_slice_clear(fb_forest_sliced *sliced)
{
    free(sliced->cut);
    free(sliced->select);
    free(sliced->select_end);
    free(sliced->plane);
    free(sliced->leaf);
    *sliced = (fb_forest_sliced){0};
}

/* --- the distinct cuts -------------------------------------------------------------------------------------------- */

static int compare_cuts(const void *a, const void *b)
{
    const fb_forest_cut *x = a, *y = b;
    if (x->feature != y->feature) {
        return x->feature < y->feature ? -1 : 1;
    }
    if (x->value != y->value) { /* so -0 and 0 are one cut, as they are for a comparison */
        return x->value < y->value ? -1 : 1;
    }
    return (int)x->nan_left - (int)y->nan_left;
}

static fb_forest_cut cut_of(const fb_tree_node *node)
{
    return (fb_forest_cut){node->feature, node->value, node->nan_left};
}

static fb_status collect_cuts(size_t n_trees, const fb_tree *tree, fb_forest_sliced *out, fb_error *error)
{
    size_t n = 0;
    for (size_t t = 0; t < n_trees; t++) {
        n += tree[t].n_nodes;
    }
    fb_status status = fb_memory_allocate(n, sizeof *out->cut, &out->cut, error);
    if (status != FB_OK) {
        return status;
    }
    n = 0;
    for (size_t t = 0; t < n_trees; t++) {
        for (size_t k = 0; k < tree[t].n_nodes; k++) {
            if (tree[t].node[k].left >= 0) {
                out->cut[n++] = cut_of(&tree[t].node[k]);
            }
        }
    }
    qsort(out->cut, n, sizeof *out->cut, compare_cuts);
    for (size_t k = 0; k < n; k++) {
        if (k == 0 || compare_cuts(&out->cut[k], &out->cut[out->n_cuts - 1]) != 0) {
            out->cut[out->n_cuts++] = out->cut[k];
        }
    }
    return FB_OK;
}

static uint16_t line_of(const fb_forest_sliced *sliced, const fb_tree_node *node)
{
    fb_forest_cut key = cut_of(node);
    const fb_forest_cut *found = bsearch(&key, sliced->cut, sliced->n_cuts, sizeof key, compare_cuts);
    return (uint16_t)(1 + (found - sliced->cut));
}

/* --- the networks ------------------------------------------------------------------------------------------------- */

/* The bits of a leaf's number below some node: `plane` are their lines, the lowest bit first. */
typedef struct number {
    int n;
    uint16_t plane[FB_FOREST_PLANES];
} number;

typedef struct network {
    fb_forest_sliced *sliced;
    const fb_tree *tree;
    float *leaf; /* of this tree, by number */
} network;

/* The network of a node, whose leaves have numbers from `first`; its results go to lines from `line`.
 *
 * The highest bit is the decision at the node itself, so its line is that of the cut. Each lower bit is selected by
 * that line from the same bit of the two subtrees; one that a subtree does not have is 0, line 0. The result for bit b
 * goes to line + b: what stood there was bit b of the left subtree or a bit of the right one that is not higher, so it
 * has been used. */
static number build(network *net, int32_t node, unsigned first, uint16_t line)
{
    const fb_tree_node *at = &net->tree->node[node];
    fb_forest_sliced *s = net->sliced;
    number out = {0};
    if (at->left < 0) {
        net->leaf[first] = at->value;
        return out;
    }
    const int n_lower = (int)fb_forest_padded_height(net->tree, node) - 1;
    const number left = build(net, at->left, first, line);
    const number right = build(net, at->right, first | 1u << n_lower, (uint16_t)(line + (left.n > 0 ? left.n - 1 : 0)));
    const uint16_t mask = line_of(s, at);
    for (int b = 0; b < n_lower; b++) {
        out.plane[b] = (uint16_t)(line + b);
        s->select[s->n_selects++] =
            (fb_forest_select){mask, b < left.n ? left.plane[b] : 0, b < right.n ? right.plane[b] : 0, out.plane[b]};
    }
    out.plane[n_lower] = mask;
    out.n = n_lower + 1;
    return out;
}

static fb_status allocate_networks(size_t n_trees, const fb_tree *tree, fb_forest_sliced *out, fb_error *error)
{
    size_t n_selects = 0;
    fb_status status = FB_OK;
    for (size_t t = 0; t < n_trees; t++) {
        for (size_t k = 0; k < tree[t].n_nodes; k++) {
            n_selects += tree[t].node[k].left >= 0 ? fb_forest_padded_height(&tree[t], (int32_t)k) - 1 : 0;
        }
    }
    out->n_trees = n_trees;
    FB_TRY(fb_memory_allocate(n_selects, sizeof *out->select, &out->select, error));
    FB_TRY(fb_memory_allocate(n_trees, sizeof *out->select_end, &out->select_end, error));
    FB_TRY(fb_memory_allocate(n_trees, sizeof *out->plane, &out->plane, error));
    FB_TRY(fb_memory_allocate(n_trees, sizeof *out->leaf, &out->leaf, error));
cleanup:
    return status;
}

fb_status fb_forest_slice_make(size_t n_trees, const fb_tree *tree, fb_forest_sliced *out, fb_error *error)
{
    fb_status status = FB_OK;
    *out = (fb_forest_sliced){0};
    for (size_t t = 0; t < n_trees; t++) {
        if (fb_forest_padded_height(&tree[t], 0) > FB_FOREST_PLANES) {
            return FB_OK;
        }
    }
    FB_TRY(collect_cuts(n_trees, tree, out, error));
    if (out->n_cuts > FB_FOREST_LINES) {
        fb_forest_slice_clear(out);
        return FB_OK;
    }
    FB_TRY(allocate_networks(n_trees, tree, out, error));
    /* Each level of a tree keeps at most the bits of the levels below. */
    const uint16_t scratch = (uint16_t)(1 + out->n_cuts);
    out->n_lines = (size_t)scratch + FB_FOREST_PLANES * FB_FOREST_PLANES;
    for (size_t t = 0; t < n_trees; t++) {
        network net = {out, &tree[t], out->leaf[t]};
        number all = build(&net, 0, 0, scratch);
        memcpy(out->plane[t], all.plane, sizeof all.plane);
        out->select_end[t] = out->n_selects;
    }
cleanup:
    return status;
}
