/** \file method_reply.h
 * What an external method replies for an experiment: a line of JSON.
 */
#ifndef FB_BASELINE_EXTERNAL_METHOD_REPLY_H
#define FB_BASELINE_EXTERNAL_METHOD_REPLY_H

#include "nll/fit.h"

/** Reads {"mu_hat": X, "delta_mu_hat": X, "p16": X, "p84": X}; other keys are ignored.
 *  \param result  gets the four numbers
 *  \return FB_ERROR_DATA: no such answer; FB_ERROR_NOT_CONVERGED: it says {"failed": "why"}, or a number is null or
 *          not finite: the method that answered so can go on */
fb_status fb_method_reply_read(const char *line, fb_fit_result *result, fb_error *error) FB_MUST_USE;

#endif
