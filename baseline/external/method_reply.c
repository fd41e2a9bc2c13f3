#include "baseline/external/method_reply.h"

#include <string.h>

#include "baseline/support/python_json.h"

/* null, or what Python's json writes of a number that is not finite. */
static bool is_not_finite(const json_t *value)
{
    const char *word = json_string_value(value);
    return json_is_null(value) || (word != NULL && (strcmp(word, "NaN") == 0 || strcmp(word, "Infinity") == 0 ||
                                                    strcmp(word, "-Infinity") == 0));
}

fb_status fb_method_reply_read(const char *line, fb_fit_result *r, fb_error *error)
{
    static const char *const names[] = {"mu_hat", "delta_mu_hat", "p16", "p84"};
    double *const values[] = {&r->mu_hat, &r->delta_mu_hat, &r->p16, &r->p84};
    json_t *root = NULL;
    fb_status status = fb_python_json_parse(line, strlen(line), "answer", &root, NULL);
    const char *failed = json_string_value(json_object_get(root, "failed"));
    if (!json_is_object(root)) {
        status = fb_fail(error, FB_ERROR_DATA, "its answer is not a JSON object: %s", line);
    } else if (failed != NULL) {
        status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s", failed);
    }
    for (size_t k = 0; k < 4 && status == FB_OK; k++) {
        const json_t *value = json_object_get(root, names[k]);
        *values[k] = json_number_value(value);
        if (is_not_finite(value)) {
            status = fb_fail(error, FB_ERROR_NOT_CONVERGED, "%s is not finite", names[k]);
        } else if (!json_is_number(value)) {
            status = fb_fail(error, FB_ERROR_DATA, "its answer has no number %s: %s", names[k], line);
        }
    }
    json_decref(root);
    return status;
}
