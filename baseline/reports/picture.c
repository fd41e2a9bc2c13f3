#include "baseline/reports/picture.h"

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

fb_status fb_picture_write(const fb_picture *picture, const char *path, fb_error *error)
{
    char *numbers_path = NULL, *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_picture_numbers_path(path, &numbers_path, error));
    FB_TRY(fb_json_output_text(picture->numbers, &text, error));
    FB_TRY(fb_output_write_pair(path, picture->svg, numbers_path, text, error));
cleanup:
    free(numbers_path);
    free(text);
    return status;
}
