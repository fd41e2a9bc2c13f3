/** \file random.h
 * Counter-based random numbers: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC11 (the Random123 library).
 *
 * A number is a function of (seed, stream, index, position) only, so any thread or process can make
 * the numbers of any event, and the results do not depend on where they were made or in which order.
 *   seed    what the user chose
 *   stream  what the numbers are for
 *   index   of the event, block or experiment
 * Every (seed, stream, index) owns 2^34 32-bit numbers.
 */
#ifndef FB_MODELS_COMMON_RANDOM_H
#define FB_MODELS_COMMON_RANDOM_H

#include <stdint.h>

/** The purposes of random numbers. Never renumber: that changes results.
 *
 *  Each number is one stream. Five purposes use the stream of an earlier one, which is harmless for the reasons given
 *  there; a new purpose gets a new number. */
typedef enum fb_stream {
    FB_STREAM_SIMULATE = 1, ///< index: event
    FB_STREAM_SPLIT = 2,    ///< index: row
    FB_STREAM_SOFT_MET = 3, ///< index: row
    /** index: UINT64_MAX, which no row has; the seed of the soft-MET noise of the templates */
    FB_STREAM_SOFT_MET_TEMPLATES = FB_STREAM_SOFT_MET,
    FB_STREAM_DRAW = 4, ///< index: piece of the pool, process; how many events of it are drawn
    /** index: process; how many events are simulated. An experiment has events from a pool or simulated ones, not
     * both. */
    FB_STREAM_DRAW_SIMULATED = FB_STREAM_DRAW,
    FB_STREAM_NUISANCE = 5, ///< index: set, experiment
    /** index: copy of the training sample; its seed. With one seed for training and evaluation, the numbers are also
     *  those of an experiment's nuisance parameters, but here they only choose the seed of other sequences. */
    FB_STREAM_AUGMENT_COPY = FB_STREAM_NUISANCE,
    /** index: first row of a block; its nuisance parameters. The seed is that of a copy (FB_STREAM_AUGMENT_COPY), 64
     *  random bits, so the sequences are not those of an experiment. */
    FB_STREAM_AUGMENT_BLOCK = FB_STREAM_NUISANCE,
    /** index: which of the moved copies of the training sample; its seed. Past the numbers of all other copies. */
    FB_STREAM_MOVED_COPY = FB_STREAM_NUISANCE,
    FB_STREAM_SHUFFLE = 6, ///< index: step of the shuffle; the order of the rows of a pseudo-experiment
    /** index: feature; the order of its values among the rows. The two orders are of different rows and never meet: the
     *  importance of a feature does not enter an experiment. */
    FB_STREAM_IMPORTANCE = FB_STREAM_SHUFFLE,
    FB_STREAM_TRUE_MU = 7,      ///< index: set
    FB_STREAM_TOY = 8,          ///< index: toy; for tests and examples
    FB_STREAM_SUBSAMPLE = 9,    ///< index: row
    FB_STREAM_EXPERIMENT = 10,  ///< index: set, experiment; its own seed
    FB_STREAM_NET_WEIGHTS = 11, ///< index: layer of a net; its first weights
    FB_STREAM_NET_ORDER = 12,   ///< index: epoch; the order of the rows
    FB_STREAM_DRAW_ROW = 13,    ///< index: piece of the pool, event; which row it is
    FB_STREAM_BOOTSTRAP = 14    ///< index: replica, set; which experiments it has
} fb_stream;

/** State of one sequence. Plain data: copy it to remember a position. */
typedef struct fb_random {
    uint64_t seed;
    uint64_t index;
    uint32_t stream;
    uint32_t block;   ///< number of the next group of four words
    uint32_t word[4]; ///< the current group
    int n_left;       ///< how many of them are unused
    int has_normal;   ///< a second normal number is waiting
    double normal;
} fb_random;

/** The start of the sequence of (seed, stream, index). */
fb_random fb_random_at(uint64_t seed, fb_stream stream, uint64_t index);

/** Uniform integer in [0, 2^32). */
uint32_t fb_random_u32(fb_random *random);
/** Uniform integer in [0, 2^64). */
uint64_t fb_random_u64(fb_random *random);
/** Uniform in the open interval (0, 1), 52 bits. */
double fb_random_uniform(fb_random *random);
/** Standard normal, by the method of Box and Muller (Ann. Math. Stat. 29 (1958) 610). */
double fb_random_normal(fb_random *random);
/** Poisson with mean >= 0 (not finite or negative: 0): inversion below 10, else Hoermann's PTRS (Insurance: Mathematics
 *  and Economics 12 (1993) 39). */
uint64_t fb_random_poisson(fb_random *random, double mean);
/** A new seed that depends on (seed, stream, index), for handing a family of sequences to a part of the work. */
uint64_t fb_random_derive_seed(uint64_t seed, fb_stream stream, uint64_t index);

#endif
