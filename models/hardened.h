/** \file hardened.h
 * A score that is hardened against nuisance parameters: two dense nets whose outputs are folded into one number.
 *
 * The first net has one head with FB_HARDENED_CLASSES classes, of which class 0 is the signal; the second has
 * FB_HARDENED_DERIVATIVES heads with two classes each, the same rows distorted down (0) and up (1) by one parameter. Of
 * a row x they give the components
 *
 *     z_p = width_p g_p(x),    g_p = N_p f_p / sum_q N_q f_q     for the classes whose width is not 0, class 0 first,
 *     z_d = a_d(x) / distance_d                                  for the derivatives:
 *
 * g_p is the fraction of class p among the expected rows at x: f_p / f_q is the exponential of the difference of two
 * margins of the first net, which is trained with balanced classes, and N_p the expected number of rows. The margin a_d
 * is the logarithm of the density of the rows moved up over that of the rows moved down, so z_d is its derivative by the
 * parameter, as width_p g_p is that by a normalisation in units of its width.
 *
 * Settings are those of dense nets (dense/dense.h), for both; but l2 and batch are of the first alone, and a setting with
 * `derivative-` before its name is of the second alone. That has derivative-l2=0 and derivative-batch=4096: what a
 * parameter does to most rows is slight.
 *
 * The score is Q(sum_k A_k z_k). The linear form A is chosen with measured events (holdout/templates/hardening.h), and Q
 * rises from 0 to 1: it is linear between knots of equal score. Any A and Q make a valid score: badly trained nets cost
 * sharpness only.
 */
#ifndef FB_MODELS_HARDENED_H
#define FB_MODELS_HARDENED_H

#include "models/classifier.h"

enum {
    FB_HARDENED_CLASSES = 4,
    FB_HARDENED_DERIVATIVES = 3,
    FB_HARDENED_HEADS = 1 + FB_HARDENED_DERIVATIVES,
    FB_HARDENED_MOST_COMPONENTS = FB_HARDENED_CLASSES + FB_HARDENED_DERIVATIVES,
    FB_HARDENED_MOST_KNOTS = 1025
};

extern const fb_classifier_methods fb_hardened_methods;

/** What is known of classes and derivatives without a training. */
typedef struct fb_hardened_constants {
    double yield[FB_HARDENED_CLASSES];        ///< N_p > 0
    double width[FB_HARDENED_CLASSES];        ///< >= 0; 0: no component; > 0 for class 0
    double distance[FB_HARDENED_DERIVATIVES]; ///< of the two points, in units of the parameter, > 0
} fb_hardened_constants;

/** How the components become a score. */
typedef struct fb_hardened_fold {
    double form[FB_HARDENED_MOST_COMPONENTS]; ///< A [n_components]
    int n_knots;                              ///< 2 .. FB_HARDENED_MOST_KNOTS
    float knot[FB_HARDENED_MOST_KNOTS];       ///< rising; knot k has the score k / (n_knots - 1)
} fb_hardened_fold;

/** The heads that a sample to train on has: classes, then the derivatives, whose classes keep their weights. Its rows of
 * head 0 come first. The others come in pairs, the same row moved down and up: next to each other in a mini-batch most
 * of what they have in common cancels in the gradient, which is large against what the parameter does to them. */
fb_heads fb_hardened_heads(void);

bool fb_hardened_is(const fb_classifier *classifier);

/** To be called before the training. FB_ERROR_USAGE for another kind, and numbers that make no sense. */
fb_status fb_hardened_prepare(fb_classifier *classifier, const fb_hardened_constants *constants,
                              fb_error *error) FB_MUST_USE;

/** Of a prepared or loaded classifier of this kind. */
int fb_hardened_n_components(const fb_classifier *classifier);
const fb_hardened_constants *fb_hardened_known(const fb_classifier *classifier);
const fb_hardened_fold *fb_hardened_folded(const fb_classifier *classifier);

/** The components of `n` rows of `matrix` [n][n_features]: `out` [n][n_components], component fastest. */
fb_status fb_hardened_components(const fb_classifier *classifier, size_t n, int n_features, const float *matrix,
                                 float *out, fb_error *error) FB_MUST_USE;

/** sum_k A_k z_k of one row. */
float fb_hardened_sum(const fb_hardened_fold *fold, int n_components, const float *component);

/** Gives a trained one its form and knots; before, the score is g_0. FB_ERROR_DATA for a form that is not finite, and for
 * knots that do not rise. */
fb_status fb_hardened_set_fold(fb_classifier *classifier, const fb_hardened_fold *fold, fb_error *error) FB_MUST_USE;

#endif
