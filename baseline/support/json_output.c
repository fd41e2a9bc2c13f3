#include "baseline/support/json_output.h"

#include <math.h>
#include <stdio.h>

#include "models/common/memory.h"
#include "models/common/output.h"

enum { FORMAT = JSON_INDENT(2) | JSON_REAL_PRECISION(17) };

json_t *fb_json_output_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *fb_json_output_numbers(const double *values, size_t n)
{
    json_t *array = json_array();
    for (size_t k = 0; k < n; k++) {
        json_array_append_new(array, fb_json_output_number(values[k]));
    }
    return array;
}

fb_status fb_json_output_print(json_t *root, fb_error *error)
{
    int failed = root == NULL || json_dumpf(root, stdout, FORMAT) != 0 || putchar('\n') == EOF;
    json_decref(root);
    return failed ? fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written") : FB_OK;
}

fb_status fb_json_output_text(const json_t *root, char **out, fb_error *error)
{
    const size_t length = root != NULL ? json_dumpb(root, NULL, 0, FORMAT) : 0;
    *out = NULL;
    if (length == 0) {
        return fb_fail(error, FB_ERROR_MEMORY, "a result does not fit into memory as JSON");
    }
    fb_status status = fb_memory_allocate(length + 2, 1, out, error);
    if (status == FB_OK) {
        json_dumpb(root, *out, length, FORMAT);
        (*out)[length] = '\n';
    }
    return status;
}

fb_status fb_json_output_write(const char *path, json_t *root, fb_error *error)
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
