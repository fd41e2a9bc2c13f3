#include "baseline/external/external_options.h"

#include <omp.h>
#include <string.h>

fb_external_options fb_external_options_default(void)
{
    return (fb_external_options){
        .format = "h5", .time_limit = 600.0, .fit_time_limit = 3600.0, .splitting = fb_split_options_default()};
}

static bool same_fit(const fb_fit_options *a, const fb_fit_options *b)
{
    json_t *left = fb_fit_options_json(a), *right = fb_fit_options_json(b);
    const bool same = json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return same;
}

static bool same_split(const fb_split_options *a, const fb_split_options *b)
{
    return strcmp(a->fractions, b->fractions) == 0 && strcmp(a->rule, b->rule) == 0 && a->seed == b->seed;
}

fb_status fb_external_options_check(const fb_external_options *options, const fb_fit_options *fit, int n_arguments,
                                    fb_error *error)
{
    const fb_external_options usual = fb_external_options_default();
    const fb_fit_options usual_fit = fb_fit_options_default();
    if (options->method == NULL) {
        if (n_arguments == 0) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "expected ANALYSIS, or --method M EVENTS; see 'fair-baseline evaluate --help'");
        }
        return same_split(&options->splitting, &usual.splitting)
                   ? FB_OK
                   : fb_fail(error, FB_ERROR_USAGE,
                             "the split of an analysis is its own: --split, --split-rule and "
                             "--split-seed go with --method only");
    }
    if (options->method[strspn(options->method, " \t\n")] == '\0') {
        return fb_fail(error, FB_ERROR_USAGE, "--method: is empty; a plug-in, MINE.so, or a command is needed");
    }
    if (n_arguments > 1) {
        return fb_fail(error, FB_ERROR_USAGE, "--method takes the place of ANALYSIS: expected EVENTS, got %d arguments",
                       n_arguments);
    }
    return same_fit(fit, &usual_fit) ? FB_OK
                                     : fb_fail(error, FB_ERROR_USAGE,
                                               "--method fits as it wants: no --systematics, --fix, --interval, "
                                               "--priors, --no-mc-uncertainty");
}

fb_status fb_external_options_create(const fb_external_options *options, const char *events, fb_split *split,
                                     fb_external_method **out, fb_error *error)
{
    const fb_external_method_settings settings = {.method = options->method,
                                                  .format = options->format,
                                                  .events = events,
                                                  .split = options->splitting,
                                                  .threads = (uint64_t)omp_get_max_threads(),
                                                  .time_limit = options->time_limit,
                                                  .fit_time_limit = options->fit_time_limit};
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_split_options_parse(&options->splitting, split, error));
    FB_TRY(fb_external_method_create(&settings, out, error));
cleanup:
    return status;
}
