#include "baseline/experiments/experiment_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "baseline/support/json_output.h"

json_t *fb_experiment_json_write(uint64_t index, const fb_experiment *x)
{
    const fb_fit_result *r = &x->result;
    json_t *nuisances = fb_json_output_numbers(r->nuisance, FB_N_NUISANCE);
    return json_pack("{s:I,s:I,s:b,s:s,s:o,s:o,s:o,s:o,s:o,s:I,s:o}", "experiment", (json_int_t)index, "events",
                     (json_int_t)x->n_events, "converged", x->status == FB_OK, "reason", x->reason, "mu_hat",
                     fb_json_output_number(r->mu_hat), "delta_mu_hat", fb_json_output_number(r->delta_mu_hat), "p16",
                     fb_json_output_number(r->p16), "p84", fb_json_output_number(r->p84), "sigma",
                     fb_json_output_number(r->sigma), "at_limit", (json_int_t)r->at_limit, "fitted", nuisances);
}

/* Beyond every number of events, and of what a fit may find. */
static const double most = 1e12;

/* `value` as JSON, for a message. */
static fb_status refuse(json_int_t index, const char *key, const json_t *value, const char *needed, fb_error *error)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const fb_status status =
        fb_fail(error, FB_ERROR_DATA, "experiment %" JSON_INTEGER_FORMAT ": \"%s\" is %.60s; %s is needed", index, key,
                text != NULL ? text : "?", needed);
    free(text);
    return status;
}

/* A number of the experiment, or null where it may be unknown. */
static fb_status read_number(json_int_t index, const char *key, const json_t *value, bool may_be_unknown, double low,
                             double *out, fb_error *error)
{
    *out = json_is_number(value) ? json_number_value(value) : NAN;
    if (may_be_unknown && !json_is_number(value) && !json_is_null(value)) {
        return refuse(index, key, value, "a number or null", error);
    }
    const bool is_bounded = low != -INFINITY;
    if (!may_be_unknown && !(*out >= low && (*out <= most || !is_bounded))) {
        return refuse(index, key, value,
                      !is_bounded  ? "a number"
                      : low == 0.0 ? "a number from 0 to 1e12"
                                   : "a number from -1e12 to 1e12",
                      error);
    }
    return FB_OK;
}

/* p84 - p16 of another's method has the sign of its sigma, which is half of it. */
static fb_status check_interval(json_int_t index, const fb_fit_result *r, bool ours, fb_error *error)
{
    const bool good = ours ? r->p16 <= r->mu_hat && r->mu_hat <= r->p84 : r->sigma * (r->p84 - r->p16) >= 0.0;
    return good ? FB_OK
                : fb_fail(error, FB_ERROR_DATA,
                          "experiment %" JSON_INTEGER_FORMAT
                          ": \"mu_hat\" is %g, \"p16\" %g, \"p84\" %g and \"sigma\" %g; "
                          "%s is needed",
                          index, r->mu_hat, r->p16, r->p84, r->sigma,
                          ours ? "p16 <= mu_hat <= p84" : "the sign of p84 - p16 for that of sigma");
}

/* No set of priors lets a fit leave the widest of their ranges, but for rounding. */
static fb_status check_fitted(json_int_t index, int which, double fitted, fb_error *error)
{
    const double rounding = 1e-9;
    const fb_nuisance_info *nuisance = fb_nuisance_describe((fb_nuisance)which);
    double low = INFINITY, high = -INFINITY;
    for (int set = FB_PRIORS_OFFICIAL; set <= FB_PRIORS_KIT; set++) {
        const fb_prior prior = fb_nuisance_prior((fb_prior_set)set, (fb_nuisance)which);
        low = fmin(low, prior.low);
        high = fmax(high, prior.high);
    }
    return fitted >= low - rounding && fitted <= high + rounding
               ? FB_OK
               : fb_fail(error, FB_ERROR_DATA,
                         "experiment %" JSON_INTEGER_FORMAT ": \"fitted\" has %g for %s; its range is %g to %g", index,
                         fitted, nuisance->name, low, high);
}

static fb_status read_result(const json_t *root, json_int_t index, bool converged, bool ours, fb_fit_result *r,
                             fb_error *error)
{
    static const char *const keys[] = {"mu_hat", "delta_mu_hat", "p16", "p84", "sigma"};
    double *const values[] = {&r->mu_hat, &r->delta_mu_hat, &r->p16, &r->p84, &r->sigma};
    const json_t *fitted = json_object_get(root, "fitted");
    fb_status status = FB_OK;
    for (int k = 0; k < 5; k++) {
        const bool is_error = k == 1 || k == 4;
        FB_TRY(read_number(index, keys[k], json_object_get(root, keys[k]), !converged,
                           !ours      ? -INFINITY
                           : is_error ? 0.0
                                      : -most,
                           values[k], error));
    }
    for (size_t k = 0; k < FB_N_NUISANCE; k++) {
        FB_TRY(read_number(index, "fitted", json_array_get(fitted, k), !converged || !ours, -most, &r->nuisance[k],
                           error));
        FB_TRY(converged && ours ? check_fitted(index, (int)k, r->nuisance[k], error) : FB_OK);
    }
    if (converged) {
        FB_TRY(check_interval(index, r, ours, error));
    }
cleanup:
    return status;
}

fb_status fb_experiment_json_read(const json_t *root, bool ours, uint64_t n, uint64_t *index, fb_experiment *out,
                                  fb_error *error)
{
    const json_int_t limits = (1 << FB_N_PARAMETER) - 1;
    json_int_t number = 0, events = 0, at_limit = 0;
    json_t *fitted, *unused;
    int converged = 0;
    const char *reason = "";
    if (json_unpack((json_t *)root, "{s:I,s:I,s:b,s:s,s:o,s:o,s:o,s:o,s:o,s:I,s:o}", "experiment", &number, "events",
                    &events, "converged", &converged, "reason", &reason, "mu_hat", &unused, "delta_mu_hat", &unused,
                    "p16", &unused, "p84", &unused, "sigma", &unused, "at_limit", &at_limit, "fitted", &fitted) != 0 ||
        json_array_size(fitted) != FB_N_NUISANCE) {
        return fb_fail(error, FB_ERROR_DATA, "is not an experiment of this evaluation");
    }
    if (number < 0 || (uint64_t)number >= n) {
        return fb_fail(error, FB_ERROR_DATA,
                       "is not an experiment of this evaluation: \"experiment\" is %" JSON_INTEGER_FORMAT
                       ", those from 0 to %" PRIu64 " are",
                       number, n - 1);
    }
    if ((reason[0] == '\0') != (converged != 0)) {
        return refuse(number, "reason", json_object_get(root, "reason"), "one where it is not converged, and no other,",
                      error);
    }
    if (events < converged) { /* without events there is nothing to fit */
        return refuse(number, "events", json_object_get(root, "events"),
                      events < 0 ? "a number >= 0" : "at least 1 where it is converged", error);
    }
    if (at_limit < 0 || at_limit > limits) {
        return refuse(number, "at_limit", json_object_get(root, "at_limit"), "a set of the parameters, 0 to 127,",
                      error);
    }
    *index = (uint64_t)number;
    out->is_done = true;
    out->n_events = (uint64_t)events;
    out->status = converged ? FB_OK : FB_ERROR_NOT_CONVERGED;
    snprintf(out->reason, sizeof out->reason, "%s", reason);
    out->result.is_valid = converged;
    out->result.at_limit = (unsigned)at_limit;
    return read_result(root, number, converged, ours, &out->result, error);
}

fb_status fb_experiment_json_compare(uint64_t index, const fb_experiment *before, const fb_experiment *now,
                                     fb_error *error)
{
    json_t *was = fb_experiment_json_write(index, before), *is = fb_experiment_json_write(index, now), *value;
    const char *key;
    fb_status status = was != NULL && is != NULL ? FB_OK : fb_fail(error, FB_ERROR_MEMORY, "no memory for a line");
    json_object_foreach(is, key, value)
    {
        const json_t *other = json_object_get(was, key);
        if (status == FB_OK && !json_equal(value, other)) {
            char *first = json_dumps(other, JSON_COMPACT | JSON_ENCODE_ANY);
            char *second = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
            status = fb_fail(error, FB_ERROR_DATA,
                             "experiment %" PRIu64 " is there twice: its \"%s\" is %.100s, before it was %.100s", index,
                             key, second != NULL ? second : "?", first != NULL ? first : "?");
            free(first);
            free(second);
        }
    }
    json_decref(was);
    json_decref(is);
    return status;
}
