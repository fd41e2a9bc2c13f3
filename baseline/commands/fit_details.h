/** \file fit_details.h
 * What 'fit' tells beyond its numbers for mu and the nuisance parameters: tables behind the others, and the same in
 * JSON.
 */
#ifndef FB_BASELINE_COMMANDS_FIT_DETAILS_H
#define FB_BASELINE_COMMANDS_FIT_DETAILS_H

#include <jansson.h>

#include "nll/yields.h"

/** Whether the settings hold a parameter of the fit (FB_MU, 1 + FB_TES, ...) at a value. */
bool fb_fit_details_is_held(const fb_fit_settings *settings, int parameter);

/** Prints errors from the curvature and correlations of the parameters that are not held; nothing where all are. */
void fb_fit_details_print_correlations(const fb_fit_settings *settings, const fb_fit_result *result);

/** Prints, of each parameter that is not held, its value, the error from the curvature and the distances to where the
 *  profile of t has risen by 1; where there is no such point, why. The fit was asked for all sides. */
void fb_fit_details_print_sides(const fb_fit_settings *settings, const fb_fit_result *result);

/** Adds both sides to the JSON of a parameter: error_low, error_high (null unless found), low_side, high_side. */
void fb_fit_details_add_sides(const fb_fit_result *result, int parameter, json_t *object);

/** mu as the nuisance parameters are reported: value, whether held, error from the curvature, sides; a new
 *  reference. */
json_t *fb_fit_details_mu_json(const fb_fit_settings *settings, const fb_fit_result *result);

/** Prints the yields of each process and of all, before and after the fit, and the events of the data.
 *  \param prefit, postfit  [FB_N_YIELD] */
void fb_fit_details_print_yields(const fb_yield *prefit, const fb_yield *postfit, double observed);

/** {"htautau": {"prefit": {"events", "error", "template_error"}, "postfit": the same}, ..., "all": ..., "observed"}; a
 *  new reference. */
json_t *fb_fit_details_yields_json(const fb_yield *prefit, const fb_yield *postfit, double observed);

/** {"parameters": names of those that are not held, "matrix": rows of correlations, null at a limit}; a new
 *  reference. */
json_t *fb_fit_details_correlations_json(const fb_fit_settings *settings, const fb_fit_result *result);

#endif
