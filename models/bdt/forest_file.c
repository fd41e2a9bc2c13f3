/* A forest as bytes. */
#include <stdlib.h>
#include <string.h>

#include "models/bdt/forest_internal.h"
#include "models/common/memory.h"

/* The bytes, little-endian as the machines are that this is built for: the head; for each tree its number of nodes
 * (uint64) and its nodes. */
typedef struct file_head {
    uint64_t n_trees;
    int32_t n_features;
    float base_margin;
} file_head;

typedef struct file_node {
    int32_t left, right, feature;
    float value;
    uint32_t nan_left; /* 0 or 1 */
} file_node;

static size_t size_of(const fb_forest_padded *padded)
{
    return sizeof(file_head) + padded->n_trees * sizeof(uint64_t) + padded->n_nodes * sizeof(file_node);
}

/* Undoes what the padded form did to the children. */
static file_node node_of(const fb_forest_padded *padded, uint32_t root, uint32_t k)
{
    const fb_forest_node *from = &padded->node[k];
    file_node node = {.value = from->value};
    node.left = from->child[0] == k ? -1 : (int32_t)(from->child[0] - root);
    node.right = from->child[0] == k ? -1 : (int32_t)(from->child[1] - root);
    node.feature = (int32_t)from->feature;
    node.nan_left = node.left >= 0 && !from->nan_right;
    return node;
}

fb_status fb_forest_file_save(const fb_forest *forest, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const fb_forest_padded *padded = &forest->padded;
    const file_head head = {padded->n_trees, forest->n_features, forest->base_margin};
    fb_status status = fb_memory_allocate(size_of(padded), 1, bytes, error);
    if (status != FB_OK) {
        return status;
    }
    uint8_t *at = *bytes;
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (size_t t = 0; t < padded->n_trees; t++) {
        const uint32_t begin = padded->root[t];
        const uint32_t end = t + 1 < padded->n_trees ? padded->root[t + 1] : (uint32_t)padded->n_nodes;
        const uint64_t n = end - begin;
        memcpy(at, &n, sizeof n);
        at += sizeof n;
        for (uint32_t k = begin; k < end; k++, at += sizeof(file_node)) {
            const file_node node = node_of(padded, begin, k);
            memcpy(at, &node, sizeof node);
        }
    }
    *n_bytes = size_of(padded);
    return FB_OK;
}

static fb_status load_nodes(const uint8_t *at, fb_tree *tree, size_t t, fb_error *error)
{
    fb_status status = fb_memory_allocate(tree->n_nodes, sizeof *tree->node, &tree->node, error);
    for (size_t k = 0; k < tree->n_nodes && status == FB_OK; k++) {
        file_node node;
        memcpy(&node, at + k * sizeof node, sizeof node);
        if (node.nan_left > 1) {
            return fb_fail(error, FB_ERROR_DATA, "the stored trees: tree %zu, node %zu is damaged", t, k);
        }
        tree->node[k] = (fb_tree_node){node.left, node.right, node.feature, node.value, node.nan_left == 1};
    }
    return status;
}

static fb_status load_trees(const uint8_t *at, const uint8_t *end, size_t n_trees, fb_tree *tree, fb_error *error)
{
    for (size_t t = 0; t < n_trees; t++) {
        uint64_t n = 0;
        if ((size_t)(end - at) >= sizeof n) {
            memcpy(&n, at, sizeof n);
            at += sizeof n;
        }
        if (n == 0 || n > (size_t)(end - at) / sizeof(file_node)) {
            return fb_fail(error, FB_ERROR_DATA, "the stored trees end in tree %zu", t);
        }
        tree[t].n_nodes = n;
        fb_status status = load_nodes(at, &tree[t], t, error);
        if (status != FB_OK) {
            return status;
        }
        at += n * sizeof(file_node);
    }
    return at == end ? FB_OK : fb_fail(error, FB_ERROR_DATA, "the stored trees are followed by something else");
}

fb_status fb_forest_file_load(const uint8_t *bytes, size_t n_bytes, fb_forest **out, fb_error *error)
{
    file_head head;
    fb_tree *tree = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    if (n_bytes < sizeof head) {
        return fb_fail(error, FB_ERROR_DATA, "the stored trees have only %zu bytes", n_bytes);
    }
    memcpy(&head, bytes, sizeof head);
    if (head.n_trees > n_bytes / sizeof(uint64_t) || head.n_features < 1) {
        return fb_fail(error, FB_ERROR_DATA, "the stored trees cannot be so many, or have no features");
    }
    FB_TRY(fb_memory_allocate(head.n_trees, sizeof *tree, &tree, error));
    FB_TRY(load_trees(bytes + sizeof head, bytes + n_bytes, head.n_trees, tree, error));
    FB_TRY(fb_forest_create(head.n_features, head.n_trees, tree, head.base_margin, out, error));
cleanup:
    for (size_t t = 0; tree != NULL && t < head.n_trees; t++) {
        free(tree[t].node);
    }
    free(tree);
    return status;
}
