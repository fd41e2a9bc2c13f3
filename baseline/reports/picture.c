#include "baseline/reports/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/support/json_output.h"
#include "models/common/memory.h"
#include "models/common/output.h"

void fb_picture_clear(fb_picture *picture)
{
    free(picture->svg);
    json_decref(picture->numbers);
    *picture = (fb_picture){0};
}

static bool holds_numbers(const char *path)
{
    json_t *root = json_load_file(path, 0, NULL);
    const bool is_ours = json_is_string(json_object_get(root, "picture"));
    json_decref(root);
    return is_ours;
}

fb_status fb_picture_numbers_path(const char *path, char **out, fb_error *error)
{
    const size_t length = strlen(path), end = length >= 4 ? length - 4 : 0;
    *out = NULL;
    if (length <= 4 || strcmp(path + end, ".svg") != 0 || path[end - 1] == '/') {
        return fb_fail(error, FB_ERROR_USAGE, "-o: '%s' does not end in .svg, and pictures are SVG", path);
    }
    fb_status status = fb_memory_allocate(length + 2, 1, out, error);
    if (status != FB_OK) {
        return status;
    }
    memcpy(*out, path, end);
    strcpy(*out + end, ".json");
    if (access(*out, F_OK) == 0 && !holds_numbers(*out)) {
        status = fb_fail(error, FB_ERROR_USAGE,
                         "%s: the numbers of the picture would replace this file, which holds something else; choose "
                         "another name with -o",
                         *out);
        free(*out);
        *out = NULL;
    }
    return status;
}

/* Opens the file and fills it; on its way to the disk, but not yet under its name. */
static fb_status write_text(const char *path, const char *text, fb_output **out, fb_error *error)
{
    fb_status status = fb_output_create(path, out, error);
    if (status == FB_OK && (fputs(text, fb_output_stream(*out)) == EOF || fflush(fb_output_stream(*out)) != 0)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written", path);
    }
    return status;
}

fb_status fb_picture_write(const fb_picture *picture, const char *path, fb_error *error)
{
    fb_output *svg = NULL, *numbers = NULL;
    char *numbers_path = NULL, *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_picture_numbers_path(path, &numbers_path, error));
    FB_TRY(fb_json_output_text(picture->numbers, &text, error));
    FB_TRY(write_text(path, picture->svg, &svg, error));
    FB_TRY(write_text(numbers_path, text, &numbers, error));
    FB_TRY(fb_output_commit(numbers, error));
    FB_TRY(fb_output_commit(svg, error));
cleanup:
    fb_output_free(svg);
    fb_output_free(numbers);
    free(numbers_path);
    free(text);
    return status;
}
