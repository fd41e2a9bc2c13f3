/** \file noise.h
 * The standard normal numbers behind the soft-MET noise: two for each row, of one of three kinds.
 *
 * The official program draws them from numpy's RandomState(seed), whose seed is always FB_NOISE_OFFICIAL_SEED: all x
 * numbers of the table first, then all y numbers, in row order over all rows before the selection. FB_NOISE_SEQUENCE
 * draws just that; FB_NOISE_TABLE looks the same numbers up, for rows that come in another order. FB_NOISE_STREAMS is
 * our own: counter-based, a function of (seed, row).
 */
#ifndef FB_HOLDOUT_PIPELINE_NOISE_H
#define FB_HOLDOUT_PIPELINE_NOISE_H

#include <stdbool.h>
#include <stddef.h>

#include "holdout/math/numpy_random.h"
#include "holdout/math/vector_math.h"
#include "models/common/random.h"

enum { FB_NOISE_OFFICIAL_SEED = 31415 };

/** The first 2 n_rows numbers of the official stream. The stream is one and the same for all pseudo-experiments, so one
 * table serves them all: the x numbers of one with n rows are its first n, the y numbers the next n. Start it zeroed.
 */
typedef struct fb_noise_table {
    size_t n_rows; ///< of the largest experiment that it serves
    double *normal;
    size_t capacity;
    fb_numpy_random random; ///< continues behind the last number
} fb_noise_table;

/** Makes the table large enough for experiments of `n_rows` rows; what is there is kept. */
fb_status fb_noise_table_reserve(fb_noise_table *table, size_t n_rows, fb_error *error) FB_MUST_USE;
void fb_noise_table_clear(fb_noise_table *table);

typedef enum fb_noise_kind {
    FB_NOISE_STREAMS,  ///< a function of (seed, row)
    FB_NOISE_SEQUENCE, ///< official, drawn row after row
    FB_NOISE_TABLE     ///< official, looked up
} fb_noise_kind;

typedef struct fb_noise {
    fb_noise_kind kind;
    uint64_t seed;
    bool is_mirrored;         ///< FB_NOISE_STREAMS: every number with the other sign
    fb_numpy_random x;        ///< FB_NOISE_SEQUENCE: continues with the next row
    fb_numpy_random y;        ///< the same
    const double *normal;     ///< FB_NOISE_TABLE: the numbers, borrowed
    const uint32_t *position; ///< FB_NOISE_TABLE: [n_rows] the official row of each row; NULL: row k is row k
    uint64_t n_rows;          ///< FB_NOISE_TABLE: rows of the experiment
} fb_noise;

/** FB_NOISE_STREAMS. */
void fb_noise_init_streams(fb_noise *noise, uint64_t seed);
/** FB_NOISE_SEQUENCE for a table of `n_rows` rows; costs a pass over its x numbers. */
void fb_noise_init_sequence(fb_noise *noise, uint32_t seed, uint64_t n_rows);
/** FB_NOISE_TABLE for an experiment of `n_rows` rows, whose row k is row `position[k]` of the official table (NULL:
 * row k). Table and positions are borrowed; the table must have been reserved for so many rows. */
void fb_noise_init_table(fb_noise *noise, const fb_noise_table *table, const uint32_t *position, uint64_t n_rows);

/** The two numbers of rows first_row + origin[i]: x [n], y [n]. FB_NOISE_SEQUENCE must be asked for in row
 * order, each row once, and the row numbers are not looked at; the other kinds by any thread in any order. */
void fb_noise_fill(fb_noise *noise, const fb_vector_math *math, size_t n, uint64_t first_row, const uint32_t *origin,
                   double *x, double *y);

#endif
