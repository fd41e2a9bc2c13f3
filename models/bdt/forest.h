/** \file forest.h
 * Boosted trees, evaluated for many rows at once.
 *
 * A row falls through a tree: at each node it goes left if its feature is below the cut, else right; a missing value
 * (NaN) goes to the side that the node names. The margin of a row is a constant plus the value of the leaf that it
 * reaches in each tree, added in float32 in the order of the trees, as XGBoost does: the margins are its margins to the
 * last bit.
 *
 * The bit-sliced kernels do not follow rows. For every distinct cut of all trees they compute one bit per row ("not
 * below the cut"); a tree is then a network of bit selections, 512 rows at a time, whose outputs are the bits of the
 * leaf's number. (The idea of bit-slicing: E. Biham, "A fast new DES implementation in software", FSE 1997.) For trees
 * deeper than 8 levels, or with more cuts than the cache holds, the padded kernel follows the rows, without branches:
 * it descends in each tree as many levels as the tree is deep, and a leaf leads to itself.
 */
#ifndef FB_MODELS_BDT_FOREST_H
#define FB_MODELS_BDT_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

/** A node of a tree; node 0 is the root. */
typedef struct fb_tree_node {
    int32_t left, right; ///< numbers of the children within the tree; a leaf has left = -1
    int32_t feature;     ///< 0 .. n_features - 1
    float value;         ///< the cut (not NaN); of a leaf: what it adds to the margin
    bool nan_left;       ///< where a missing value goes
} fb_tree_node;

typedef struct fb_tree {
    size_t n_nodes;
    fb_tree_node *node; ///< [n_nodes]
} fb_tree;

typedef struct fb_forest fb_forest;

/** Builds a forest; the trees are copied. FB_ERROR_DATA names the tree and the node that are wrong (a child that is
 * not there or has two parents, a feature out of range, a cut that is NaN, a leaf that is not finite, more than 1000
 * levels). Release with fb_forest_free. */
fb_status fb_forest_create(int n_features, size_t n_trees, const fb_tree *tree, float base_margin, fb_forest **out,
                           fb_error *error) FB_MUST_USE;
void fb_forest_free(fb_forest *forest);

/** Builds a forest from a model of XGBoost in its JSON format (binary:logistic, gbtree, numerical features). */
fb_status fb_forest_xgboost_read(const char *json, size_t n_bytes, fb_forest **out, fb_error *error) FB_MUST_USE;

/** The forest as bytes, released with free(), and back; FB_ERROR_DATA when they are damaged. */
fb_status fb_forest_file_save(const fb_forest *forest, uint8_t **bytes, size_t *n_bytes, fb_error *error) FB_MUST_USE;
fb_status fb_forest_file_load(const uint8_t *bytes, size_t n_bytes, fb_forest **out, fb_error *error) FB_MUST_USE;

int fb_forest_n_features(const fb_forest *forest);

/** Margins [n] of the rows of `matrix` [n][n_features]. Re-entrant; the same bits for every set of instructions. */
fb_status fb_forest_margin(const fb_forest *forest, size_t n, const float *matrix, float *margin,
                           fb_error *error) FB_MUST_USE;

/** Replaces margins by scores 1 / (1 + exp(-margin)), with XGBoost's guards, operation by operation. */
void fb_forest_logistic(size_t n, float *margin);

#endif
