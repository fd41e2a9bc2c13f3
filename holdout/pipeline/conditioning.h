/** \file conditioning.h
 * What a systematics-aware classifier reads besides the features of an event: values of shape parameters, on which its
 * score is conditioned.
 *
 * In training these are the values that the event was distorted with. Of data they are not known; there one value is
 * chosen, and templates and data are scored with the same choice. A choice far from the truth makes the score less
 * sharp, never wrong: how the yields of that score move with the true parameters is measured as for any other.
 * (After Ghosh, Nachman and Whiteson, arXiv:2105.08742, who scan the value in the likelihood.)
 */
#ifndef FB_HOLDOUT_PIPELINE_CONDITIONING_H
#define FB_HOLDOUT_PIPELINE_CONDITIONING_H

#include "holdout/events/events.h"
#include "holdout/events/nuisance.h"

/** The most columns that a classifier sees: all features, then the shape parameters. */
enum { FB_MAX_INPUTS = FB_N_FEATURES + FB_N_SHAPE };

typedef struct fb_conditioning {
    fb_nuisance_mask which; ///< shape parameters only; 0: none
    fb_nuisances value;     ///< of those in `which`, in range
} fb_conditioning;

/** Nothing, and nominal values. */
fb_conditioning fb_conditioning_none(void);

/** Columns that the classifier sees: FB_N_FEATURES and one for each parameter in `which`. */
int fb_conditioning_n_inputs(fb_nuisance_mask which);

/** Name of column `k` (0 .. fb_conditioning_n_inputs - 1): that of the feature, then those of the parameters. */
const char *fb_conditioning_input_name(fb_nuisance_mask which, int k);

/** The further columns, the same for every event: (value - nominal) / width of the official prior.
 *  \param input  [fb_conditioning_n_inputs - FB_N_FEATURES] result
 *  \return how many */
int fb_conditioning_inputs(const fb_conditioning *conditioning, float input[FB_N_SHAPE]);

/** Parses "tes" (at its nominal value) or "tes=1.01" and adds it. FB_ERROR_USAGE names what is wrong and what is
 * allowed. */
fb_status fb_conditioning_add(fb_conditioning *conditioning, const char *text, fb_error *error) FB_MUST_USE;

/** The k-th parameter, k = 0, 1, ..., as fb_conditioning_add reads it; false: there are no more. */
bool fb_conditioning_text(const fb_conditioning *conditioning, int k, char *text, size_t size);

#endif
