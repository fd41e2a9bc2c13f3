/** \file coverage.h
 * The probability that a 68 % interval is to hold the truth with.
 */
#ifndef FB_MODELS_COMMON_COVERAGE_H
#define FB_MODELS_COMMON_COVERAGE_H

/** The probability of mean -+ one standard deviation of a normal distribution, as the challenge rounds it. */
#define FB_COVERAGE_LEVEL 0.6827

/** The standard deviation of the fraction of `n` (> 0) intervals that hold the truth, where each does with the
 * probability FB_COVERAGE_LEVEL. */
double fb_coverage_error(double n);

#endif
