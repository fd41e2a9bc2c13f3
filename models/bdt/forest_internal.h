/* A forest in the forms that its kernels use. */
#ifndef FB_MODELS_BDT_FOREST_INTERNAL_H
#define FB_MODELS_BDT_FOREST_INTERNAL_H

#include "models/bdt/forest.h"
#include "models/common/instruction_set.h"

enum {
    FB_FOREST_ROWS = 512,   /* rows that a kernel takes at once: a bit each in one line */
    FB_FOREST_PLANES = 8,   /* bits of a leaf's number, so depth of the deepest tree that is sliced */
    FB_FOREST_DEPTH = 1000, /* of any tree: its other forms are built by recursion */
    FB_FOREST_LINES = 24576 /* most lines of cuts: 1.5 MB, which a second-level cache holds */
};

/* A bit for each row. */
typedef uint64_t fb_forest_line __attribute__((vector_size(FB_FOREST_ROWS / 8), may_alias));

/* A cut that occurs in the trees: its line gets the bit 1 for a row that goes right. */
typedef struct fb_forest_cut {
    int32_t feature;
    float value;
    bool nan_left;
} fb_forest_cut;

/* line[out] = line[mask] ? line[right] : line[left], bit by bit. */
typedef struct fb_forest_select {
    uint16_t mask, left, right, out;
} fb_forest_select;

typedef struct fb_forest_sliced {
    size_t n_cuts;
    fb_forest_cut *cut; /* [n_cuts], line 1 + k; line 0 has no bit set */
    size_t n_lines;     /* the others are workspace */
    size_t n_selects;
    fb_forest_select *select; /* [n_selects] of all trees */
    size_t n_trees;
    size_t *select_end;                   /* [n_trees] */
    uint16_t (*plane)[FB_FOREST_PLANES];  /* [n_trees] lines of the bits of the leaf's number, lowest first */
    float (*leaf)[1 << FB_FOREST_PLANES]; /* [n_trees] values by number */
} fb_forest_sliced;

/* Adds the leaves of FB_FOREST_ROWS rows, given as columns [n_features][FB_FOREST_ROWS], to their margins; `line`
 * [n_lines] is workspace. */
typedef void fb_forest_kernel(const fb_forest_sliced *sliced, const float *column, fb_forest_line *line, float *margin);

fb_forest_kernel fb_forest_kernel_plain, fb_forest_kernel_avx2, fb_forest_kernel_avx512;

/* `*out` stays empty, without a line, when the trees are too deep or have too many cuts. Clear it after a failure too.
 */
fb_status fb_forest_slice_make(size_t n_trees, const fb_tree *tree, fb_forest_sliced *out, fb_error *error) FB_MUST_USE;
void fb_forest_slice_clear(fb_forest_sliced *sliced);

/* Trees in one array. From node k a row goes to child[k][0] or child[k][1]; of a leaf both are k. */
typedef struct fb_forest_node {
    uint32_t child[2];
    uint32_t feature;
    float value;
    uint32_t nan_right;
} fb_forest_node;

typedef struct fb_forest_padded {
    size_t n_trees, n_nodes;
    uint32_t *root, *depth; /* [n_trees] */
    fb_forest_node *node;   /* [n_nodes], tree after tree */
} fb_forest_padded;

/* Levels below a node; 0: a leaf. */
uint32_t fb_forest_padded_height(const fb_tree *tree, int32_t node);

fb_status fb_forest_padded_make(size_t n_trees, const fb_tree *tree, fb_forest_padded *out,
                                fb_error *error) FB_MUST_USE;
void fb_forest_padded_clear(fb_forest_padded *padded);

/* Adds the leaves of `n` rows of `matrix` [n][n_features] to their margins. */
void fb_forest_padded_run(const fb_forest_padded *padded, size_t n, int n_features, const float *matrix, float *margin);

struct fb_forest {
    int n_features;
    float base_margin;
    fb_forest_sliced sliced; /* empty: the padded form is used */
    fb_forest_padded padded;
};

#endif
