#include "baseline/support/python_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

/* Length of what JSON does not know at `text`, or 0. */
static size_t python_word(const char *text)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (strncmp(text, words[k], strlen(words[k])) == 0) {
            return strlen(words[k]);
        }
    }
    return 0;
}

/* Copies `in` and puts those words into quotes, but for what is quoted already. `out` has room for twice as much, since
 * a word has three letters or more. Returns the length. */
static size_t quote(const char *in, size_t n, char *out)
{
    bool is_string = false;
    size_t used = 0;
    for (size_t at = 0; at < n;) {
        const size_t word = is_string ? 0 : python_word(in + at);
        if (word > 0) {
            out[used++] = '"';
            memcpy(out + used, in + at, word);
            used += word;
            out[used++] = '"';
            at += word;
            continue;
        }
        if (is_string && in[at] == '\\' && at + 1 < n) {
            out[used++] = in[at++];
        } else if (in[at] == '"') {
            is_string = !is_string;
        }
        out[used++] = in[at++];
    }
    return used;
}

fb_status fb_python_json_parse(const char *text, size_t n, const char *name, json_t **out, fb_error *error)
{
    char *quoted = NULL;
    json_error_t reason;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(2 * n + 1, 1, &quoted, error));
    *out = json_loadb(quoted, quote(text, n, quoted), JSON_REJECT_DUPLICATES, &reason);
    if (*out == NULL) {
        status = fb_fail(error, FB_ERROR_DATA, "%s: line %d: %s", name, reason.line, reason.text);
    }
cleanup:
    free(quoted);
    return status;
}

fb_status fb_python_json_load(const char *path, json_t **out, fb_error *error)
{
    enum { PIECE = 65536 };
    size_t capacity = 0, n = 0, got = 0;
    char *bytes = NULL;
    FILE *stream = fopen(path, "r");
    fb_status status = FB_OK;
    *out = NULL;
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    do {
        FB_TRY(fb_memory_grow(&bytes, &capacity, n + PIECE + 1, 1, error));
        got = fread(bytes + n, 1, PIECE, stream);
        n += got;
    } while (got == PIECE);
    if (ferror(stream)) {
        FB_TRY(fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno)));
    }
    bytes[n] = '\0';
    FB_TRY(fb_python_json_parse(bytes, n, path, out, error));
cleanup:
    free(bytes);
    fclose(stream);
    return status;
}
