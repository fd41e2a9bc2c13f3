/* A forest as bytes. */
#include <stdlib.h>
#include <string.h>

#include "models/forest_internal.h"
#include "models/ground/memory.h"

/* The bytes: this, then for each tree its number of nodes (uint64) and its nodes. Little-endian, as this program's
 * other files in practice are. */
typedef struct file_head {
    uint64_t n_trees;
    int32_t n_features;
    float base_margin;
} file_head;

static size_t size_of(const fb_forest_padded *padded)
{
    return sizeof(file_head) + padded->n_trees * sizeof(uint64_t) + padded->n_nodes * sizeof(fb_tree_node);
}

/* Undoes what the padded form did to the children. */
static fb_tree_node node_of(const fb_forest_padded *padded, uint32_t root, uint32_t k)
{
    const fb_forest_node *from = &padded->node[k];
    fb_tree_node node;
    memset(&node, 0, sizeof node); /* also what lies between the members */
    node.value = from->value;
    node.left = from->child[0] == k ? -1 : (int32_t)(from->child[0] - root);
    node.right = from->child[0] == k ? -1 : (int32_t)(from->child[1] - root);
    node.feature = (int32_t)from->feature;
    node.nan_left = node.left >= 0 && !from->nan_right;
    return node;
}

fb_status fb_forest_save(const fb_forest *forest, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const fb_forest_padded *padded = fb_forest_padded_of(forest);
    const file_head head = {padded->n_trees, fb_forest_n_features(forest), fb_forest_base_margin(forest)};
    fb_status status = fb_allocate(size_of(padded), 1, bytes, error);
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
        for (uint32_t k = begin; k < end; k++, at += sizeof(fb_tree_node)) {
            const fb_tree_node node = node_of(padded, begin, k);
            memcpy(at, &node, sizeof node);
        }
    }
    *n_bytes = size_of(padded);
    return FB_OK;
}

static fb_status load_trees(const uint8_t *at, const uint8_t *end, size_t n_trees, fb_tree *tree, fb_error *error)
{
    for (size_t t = 0; t < n_trees; t++) {
        uint64_t n = 0;
        if ((size_t)(end - at) >= sizeof n) {
            memcpy(&n, at, sizeof n);
            at += sizeof n;
        }
        if (n == 0 || n > (size_t)(end - at) / sizeof(fb_tree_node)) {
            return fb_fail(error, FB_ERROR_DATA, "the stored trees end in tree %zu", t);
        }
        fb_status status = fb_allocate(n, sizeof(fb_tree_node), &tree[t].node, error);
        if (status != FB_OK) {
            return status;
        }
        memcpy(tree[t].node, at, n * sizeof(fb_tree_node));
        at += n * sizeof(fb_tree_node);
        tree[t].n_nodes = n;
    }
    return at == end ? FB_OK : fb_fail(error, FB_ERROR_DATA, "the stored trees are followed by something else");
}

fb_status fb_forest_load(const uint8_t *bytes, size_t n_bytes, fb_forest **out, fb_error *error)
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
    FB_TRY(fb_allocate(head.n_trees, sizeof *tree, &tree, error));
    FB_TRY(load_trees(bytes + sizeof head, bytes + n_bytes, head.n_trees, tree, error));
    FB_TRY(fb_forest_create(head.n_features, head.n_trees, tree, head.base_margin, out, error));
cleanup:
    for (size_t t = 0; tree != NULL && t < head.n_trees; t++) {
        free(tree[t].node);
    }
    free(tree);
    return status;
}
