/** \file calibration.h
 * A score turned into a probability: of the rows with (nearly) the same calibrated score s, the fraction s is signal,
 * both classes having the same sum of weights.
 *
 * Isotonic regression of the label on the score (isotonic.h; B. Zadrozny and C. Elkan, KDD 2002) gives a staircase.
 * Here its steps are joined by straight lines from centre to centre (the mean score of the step's rows), with (0, 0)
 * and (1, 1) at the ends, and a hundredth of the score itself is mixed in:
 *
 *     c(s) = 0.99 lines(s) + 0.01 s
 *
 * so that c rises strictly, with a slope of at least 0.01: the order of the rows, and with it the ROC curve, stays, but
 * for scores so near to each other that they fall together when rounded. A staircase would put all rows of a step into
 * one cell of the score's histogram, which no bin could divide; with the slope, a range of scores as wide as 0.01
 * still has six cells of 1/65536. The hundredth moves c by at most 0.01 |c - s|.
 */
#ifndef FB_MODELS_CALIBRATION_H
#define FB_MODELS_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

#include "models/common/status.h"

typedef struct fb_calibration fb_calibration;

/** Learns the calibration of a score.
 *  \param score   [n] in [0, 1]
 *  \param label   [n] 0 or 1
 *  \param weight  [n] >= 0, both classes with the same positive sum
 *  \param out     release with fb_calibration_free */
fb_status fb_calibration_fit(size_t n, const float *score, const float *label, const float *weight,
                             fb_calibration **out, fb_error *error) FB_MUST_USE;
void fb_calibration_free(fb_calibration *calibration);

/** Steps of the staircase. */
size_t fb_calibration_n_steps(const fb_calibration *calibration);

/** Replaces scores [n] by calibrated ones in [0, 1]. Re-entrant. */
void fb_calibration_apply(const fb_calibration *calibration, size_t n, float *score);

/** As bytes, released with free(), and back; FB_ERROR_DATA when they do not make a rising line from 0 to 1. */
fb_status fb_calibration_save(const fb_calibration *calibration, uint8_t **bytes, size_t *n_bytes,
                              fb_error *error) FB_MUST_USE;
fb_status fb_calibration_load(const uint8_t *bytes, size_t n_bytes, fb_calibration **out, fb_error *error) FB_MUST_USE;

#endif
