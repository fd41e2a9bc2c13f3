#include "baseline/support/json_output.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/common/build_info.h"
#include "models/common/output.h"
#include "models/common/path.h"

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

void fb_json_output_sign(json_t *root)
{
    if (json_object_get(root, "program") == NULL) { /* of what is no object, too, which json_object_set_new refuses */
        json_object_set_new(
            root, "program",
            json_pack("{s:s,s:s}", "version", fb_build_info_version(), "compiler", fb_build_info_compiler()));
    }
}

fb_status fb_json_output_print(json_t *root, fb_error *error)
{
    fb_json_output_sign(root);
    int failed = root == NULL || json_dumpf(root, stdout, FORMAT) != 0 || putchar('\n') == EOF;
    json_decref(root);
    return failed ? fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written") : FB_OK;
}

fb_status fb_json_output_text(const json_t *root, char **out, fb_error *error)
{
    char *text = json_dumps(root, FORMAT);
    const bool failed = text == NULL || asprintf(out, "%s\n", text) < 0;
    free(text);
    if (failed) {
        *out = NULL;
        return fb_fail(error, FB_ERROR_MEMORY, "a result does not fit into memory as JSON");
    }
    return FB_OK;
}

fb_status fb_json_output_to(fb_output *output, json_t *root, fb_error *error)
{
    FILE *stream = fb_output_stream(output);
    const bool failed =
        root == NULL || json_dumpf(root, stream, FORMAT) != 0 || fputc('\n', stream) == EOF || fflush(stream) != 0;
    json_decref(root);
    return failed ? fb_fail(error, FB_ERROR_FILE, "%s: cannot be written", fb_output_path(output)) : FB_OK;
}

fb_status fb_json_output_write(const char *folder, const char *name, json_t *root, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_output *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_path_in(folder, name, path, error));
    FB_TRY(fb_output_create(path, &output, error));
    FB_TRY(fb_json_output_to(output, json_incref(root), error));
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    json_decref(root);
    return status;
}
