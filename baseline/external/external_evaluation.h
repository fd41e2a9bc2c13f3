/** \file external_evaluation.h
 * The experiments of the runner through another's method: the same events as for analyses, as a table in random order.
 */
#ifndef FB_BASELINE_EXTERNAL_EXTERNAL_EVALUATION_H
#define FB_BASELINE_EXTERNAL_EXTERNAL_EVALUATION_H

#include "baseline/experiments/runner.h"
#include "baseline/external/external_method.h"

/** The method as the runner (experiments/runner.h) takes it. It is borrowed and must have been started; every rank
 * comes with its own. */
fb_runner_external fb_external_evaluation_of(fb_external_method *method);

#endif
