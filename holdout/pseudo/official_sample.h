/** \file official_sample.h
 * The events of an official pseudo-experiment, drawn from a source that is read in blocks.
 *
 *     fb_official_sample_draw > fb_official_sample_stream, fb_official_sample_noise > fb_pipeline_visit
 *
 * with tes, jes and soft_met of the truth and its normalisations at nominal, since those were in the means of the draw:
 * fb_official_sample_visit does all of it.
 */
#ifndef FB_HOLDOUT_PSEUDO_OFFICIAL_SAMPLE_H
#define FB_HOLDOUT_PSEUDO_OFFICIAL_SAMPLE_H

#include "holdout/events/source.h"
#include "holdout/pipeline/noise.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/pipeline/split.h"
#include "holdout/pseudo/official_draw.h"

/** Where events are drawn from: the first rows of a source. */
typedef struct fb_official_pool {
    fb_source *source; ///< borrowed; with weights and processes; read from its start each time
    uint64_t n_rows;   ///< the pool is its first so many rows (FB_ROWS_UNKNOWN: all)
    fb_official_scaling scaling;
} fb_official_pool;

/** The official rule: the first 30 % of the rows of what `split` was measured on, whatever its own rule, their weights
 * scaled to the sum of all (of the metadata file, where that was given). Not each process's: that is the program's own
 * deviation. */
fb_official_pool fb_official_sample_pool(fb_source *source, const fb_split *split);

/** One pass over the weights of the pool for one experiment. To serve several with one pass, feed the same blocks to
 * several draws.
 *  \param out  finished; release with fb_official_draw_free
 *  \return FB_ERROR_DATA also when the source has no weights or processes, or less rows than the pool */
fb_status fb_official_sample_draw(const fb_official_pool *pool, const fb_official_truth *truth, bool is_poisson,
                                  fb_official_draw **out, fb_error *error) FB_MUST_USE;

/** The drawn events as a source, raw, with unit weights and no processes: in the order of the pool, in bounded memory,
 * where the official program has a table in an order of its own (draw->position). `draw` is borrowed, and so is the
 * pool's source. */
fb_status fb_official_sample_stream(const fb_official_pool *pool, const fb_official_draw *draw, fb_source **out,
                                    fb_error *error) FB_MUST_USE;

/** The soft-MET noise of these events, which the official program draws by the row of its table.
 *  \param table  enlarged if it is too small; borrowed by `noise`, as is `draw` */
fb_status fb_official_sample_noise(const fb_official_draw *draw, fb_noise_table *table, fb_noise *noise,
                                   fb_error *error) FB_MUST_USE;

/** A whole experiment, from the draw to the finished blocks.
 *  \param table       of the noise, for all experiments: enlarged if it is too small
 *  \param experiment  number that `visitor` gets its blocks under; they have their official positions
 *  \return as fb_official_sample_draw, and what the visitor says */
fb_status fb_official_sample_visit(const fb_official_pool *pool, const fb_official_truth *truth, bool is_poisson,
                                   fb_noise_table *table, uint64_t experiment, const fb_visitor *visitor,
                                   fb_error *error) FB_MUST_USE;

#endif
