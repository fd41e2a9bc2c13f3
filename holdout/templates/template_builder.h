/** \file template_builder.h
 * Measures templates on the holdout set: scores the events at nominal and at other values of the nuisance parameters,
 * fills the bins, fits the polynomials.
 *
 * Nominal yields come from the whole holdout, shape ratios from a share of it: the same events at every value, with the
 * same soft-MET numbers, so that what moves is the effect and not the statistics.
 */
#ifndef FB_HOLDOUT_TEMPLATES_TEMPLATE_BUILDER_H
#define FB_HOLDOUT_TEMPLATES_TEMPLATE_BUILDER_H

#include "holdout/pipeline/conditioning.h"
#include "holdout/pipeline/pipeline.h"
#include "holdout/templates/binning.h"
#include "holdout/templates/scorer.h"
#include "holdout/templates/templates.h"
#include "models/classifier.h"

typedef struct fb_template_settings {
    int n_bins;    ///< wanted, unless edges are given; 1 .. FB_MAX_BINS
    int n_dropped; ///< so many of the lowest bins are left out: they count nothing
    fb_binning_kind binning;
    fb_binning given;       ///< of FB_BINNING_EDGES: its bins, before some are left out
    double quantile_signal; ///< share of the signal in what quantiles are equal parts of, 0 .. 1; the rest: background
    double share;           ///< of the holdout that the shapes are measured on, (0, 1]
    int degree[FB_N_SHAPE]; ///< of the polynomials, 1 .. FB_MAX_DEGREE; 0: chosen by closure
    fb_combination combination;
    fb_conditioning conditioning; ///< of the classifier, at all points
    fb_prior_set priors;          ///< whose widths the points are placed by
    uint64_t seed;                ///< of the share and the soft-MET numbers
} fb_template_settings;

/** 25 signal quantiles, all of the holdout, degrees by closure, product, no conditioning, official priors. */
fb_template_settings fb_template_builder_default(void);

/** The measured points of one parameter, kept for pictures and checks. */
typedef struct fb_template_shape_points {
    int n_points;
    double alpha[FB_MAX_POINTS]; ///< values of the parameter, none nominal
    double *ratio;               ///< [n_points][FB_N_PROCESS][n_bins] yield at alpha over nominal yield, same events
    int chosen_degree;
    double closure[FB_MAX_DEGREE + 1]; ///< [degree] how far points left out of the fit are missed, in Poisson errors of
                                       ///< a bin (root of the mean square over points and bins); 0: not tried
} fb_template_shape_points;

typedef struct fb_template_set {
    fb_binning binning;
    fb_templates *templates;
    fb_score_histogram *nominal; ///< the holdout at nominal, by cells; NULL in an analysis read from a file
    fb_template_shape_points shape[FB_N_SHAPE];
} fb_template_set;

/** Measures everything on part FB_HOLDOUT of `source`, which is read several times from its start.
 *  \param progress  called with the number of finished passes over the source and their total; may be NULL
 *  \param out       release with fb_template_builder_free
 *  \return FB_ERROR_DATA when no signal or no background survives */
fb_status fb_template_builder_run(const fb_template_settings *settings, fb_source *source, const fb_split *split,
                                  const fb_classifier *classifier, void (*progress)(void *context, int done, int total),
                                  void *context, fb_template_set **out, fb_error *error) FB_MUST_USE;
void fb_template_builder_free(fb_template_set *template_set);

#endif
