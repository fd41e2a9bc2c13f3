#include "baseline/print.h"

#include <math.h>
#include <stdio.h>

#include "models/ground/output.h"

enum { FORMAT = JSON_INDENT(2) | JSON_REAL_PRECISION(17) };

json_t *fb_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *fb_json_numbers(const double *values, size_t n)
{
    json_t *array = json_array();
    for (size_t k = 0; k < n; k++) {
        json_array_append_new(array, fb_json_number(values[k]));
    }
    return array;
}

fb_status fb_print_json(json_t *root, fb_error *error)
{
    int failed = root == NULL || json_dumpf(root, stdout, FORMAT) != 0 || putchar('\n') == EOF;
    json_decref(root);
    return failed ? fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written") : FB_OK;
}

fb_status fb_write_json(const char *path, json_t *root, fb_error *error)
{
    fb_output *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_output_create(path, &output, error));
    if (root == NULL || json_dumpf(root, fb_output_stream(output), FORMAT) != 0) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written", path);
        goto cleanup;
    }
    fputc('\n', fb_output_stream(output));
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    json_decref(root);
    return status;
}
