/* The inputs of a dense net: every feature near 0 with width about 1, and indicators of what is undefined.
 *
 * The rules are learned from the training rows, whatever the columns mean. With FB_DENSE_STANDARD a
 * feature x becomes (x - mean) / width. With FB_DENSE_AUTO also:
 *   - a value of exactly -25 is "undefined" in a column where it occurs and all others stay away from it; it becomes 0,
 *     the mean of the others, and every group of columns that are undefined in the same rows gets one more input,
 *     which is 1 where they are undefined and 0 elsewhere, before it is standardised;
 *   - a skewed column is compressed first, to sign(x) ln(1 + |x| / s), with the s among some fractions of the mean |x|
 *     that leaves the least skewness.
 * Inputs are cut at +-FB_DENSE_REACH widths, and what is not a number counts as undefined. */
#ifndef FB_MODELS_DENSE_DENSE_FEATURES_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_FEATURES_INTERNAL_H

#include <stdint.h>

#include "models/common/classifier_methods.h"
#include "models/common/instruction_set.h"

typedef enum fb_dense_kind { FB_DENSE_STANDARD, FB_DENSE_AUTO } fb_dense_kind;

#define FB_DENSE_UNDEFINED (-25.0f)
#define FB_DENSE_REACH 30.0f

/* One input of the net per column, then one per group of undefined values. */
typedef struct fb_dense_features {
    int n_columns, n_groups;
    float *memory;
    float *marker;      /* [n_columns] the value that means undefined, or NaN */
    float *compression; /* [n_columns] 1 / s, or 0: none */
    float *mean;        /* [n_columns + n_groups] of what is compressed */
    float *scale;       /* [n_columns + n_groups] 1 / width; 0 for a column that is constant */
    int32_t *group;     /* [n_groups] a column of the group */
} fb_dense_features;

/* Rules for so many columns and groups, all zero; release with fb_dense_features_clear, after a failure too. */
fb_status fb_dense_features_make(int n_columns, int n_groups, fb_dense_features *features, fb_error *error) FB_MUST_USE;
void fb_dense_features_clear(fb_dense_features *features);

/* Learns the rules from a sample, rows counting with their weights. FB_ERROR_DATA names a value that is not finite. */
fb_status fb_dense_features_learn(fb_dense_kind kind, const fb_sample *sample, fb_dense_features *features,
                                  fb_error *error) FB_MUST_USE;

/* Makes the inputs of rows row[0], row[1], ... row[n - 1] of `matrix` [][n_columns], or of the first n where `row` is
 * NULL: `out` [n][stride]. */
void fb_dense_features_apply(const fb_dense_features *features, const float *matrix, const uint32_t *row, int n,
                             int stride, float *out);

/* The same, for one set of instructions. */
typedef void fb_dense_features_kernel(const fb_dense_features *features, const float *matrix, const uint32_t *row,
                                      int n, int stride, float *out);

fb_dense_features_kernel fb_dense_features_kernel_plain, fb_dense_features_kernel_avx2, fb_dense_features_kernel_avx512;

#endif
