/* The effective configuration as YAML. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "baseline/config/config.h"
#include "baseline/support/version.h"
#include "models/common/output.h"
#include "models/common/text.h"

/* How the work is done and where the result goes, which changes nothing in the result. A metadata file is compared with
 * the events, an earlier leaderboard with the result; neither is used. */
static bool is_aside(const char *name)
{
    static const char *const aside[] = {"threads", "json",  "quiet",  "verbose",   "config",   "help", "output",
                                        "batch",   "shard", "resume", "overwrite", "metadata", "check"};
    for (size_t k = 0; k < sizeof aside / sizeof aside[0]; k++) {
        if (strcmp(name, aside[k]) == 0) {
            return true;
        }
    }
    return false;
}

/* The character that `text` begins with, and its bytes; 0 if that is not UTF-8. */
static size_t read_character(const unsigned char *text, uint32_t *character)
{
    const unsigned char c = text[0];
    const size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    *character = n < 2 ? c : c & (0xffU >> (n + 1));
    for (size_t k = 1; k < n; k++) {
        if ((text[k] & 0xc0) != 0x80) {
            return 0;
        }
        *character = *character << 6 | (text[k] & 0x3fU);
    }
    const bool is_overlong = (n == 3 && *character < 0x800) || (n == 4 && *character < 0x10000);
    const bool is_no_character = (*character >= 0xd800 && *character < 0xe000) || *character > 0x10ffff;
    return is_overlong || is_no_character ? 0 : n;
}

/* Words that every reader of YAML takes for text: a letter, then what numbers, lists and paths are made of. */
static bool is_plain(const char *text)
{
    static const char *const meant_otherwise[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    for (size_t k = 0; k < sizeof meant_otherwise / sizeof meant_otherwise[0]; k++) {
        if (strcasecmp(text, meant_otherwise[k]) == 0) {
            return false;
        }
    }
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return strspn(text, LETTERS) > 0 && text[strspn(text, LETTERS "0123456789_.=/+-")] == '\0';
#undef LETTERS
}

static bool write_text(FILE *stream, const char *text)
{
    if (is_plain(text)) {
        fputs(text, stream);
        return true;
    }
    fputc('"', stream);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        uint32_t character = 0;
        const size_t n = read_character(c, &character);
        if (n == 0) {
            return false;
        }
        /* Beyond ASCII there are line breaks and characters that YAML does not take as they are. */
        if (character == '"' || character == '\\') {
            fprintf(stream, "\\%c", *c);
        } else if (character < 0x20 || character > 0x7e) {
            fprintf(stream, "\\U%08" PRIx32, character);
        } else {
            fputc(*c, stream);
        }
        c += n;
    }
    fputc('"', stream);
    return true;
}

static bool write_list(FILE *stream, const fb_text_list *list)
{
    bool good = true;
    fputc('[', stream);
    for (int k = 0; k < list->n; k++) {
        fputs(k > 0 ? ", " : "", stream);
        good = write_text(stream, list->item[k]) && good;
    }
    fputc(']', stream);
    return good;
}

/* A default outside the allowed range, or none at all, means "not given". */
static bool has_value(const fb_option *option)
{
    if (option->kind == FB_OPTION_TEXT) {
        return *(const char **)option->value != NULL;
    }
    if (option->kind != FB_OPTION_COUNT && option->kind != FB_OPTION_NUMBER) {
        return true;
    }
    const double value =
        option->kind == FB_OPTION_COUNT ? (double)*(uint64_t *)option->value : *(double *)option->value;
    return isfinite(value) && value >= option->low && value <= option->high;
}

static bool write_value(FILE *stream, const fb_option *option)
{
    char number[FB_NUMBER_SIZE];
    switch (option->kind) {
    case FB_OPTION_FLAG:
        fputs(*(bool *)option->value ? "true" : "false", stream);
        return true;
    case FB_OPTION_COUNT:
        fprintf(stream, "%llu", (unsigned long long)*(uint64_t *)option->value);
        return true;
    case FB_OPTION_NUMBER:
        fputs(fb_text_of_double(*(double *)option->value, number), stream);
        return true;
    case FB_OPTION_TEXT:
        return write_text(stream, *(const char **)option->value);
    case FB_OPTION_LIST:
        return write_list(stream, option->value);
    }
    return false;
}

static bool shares_value(const fb_option *options, int which)
{
    for (int k = 0; k < which; k++) {
        if (options[k].value == options[which].value) {
            return true;
        }
    }
    return false;
}

fb_status fb_config_text(const char *section, const fb_option *options, int n_options, char **out, fb_error *error)
{
    char *text = NULL;
    size_t size = 0;
    fb_status status = FB_OK;
    *out = NULL;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "no memory for the text of a configuration");
    }
    fprintf(stream, "# fair-baseline %s: the settings of this result, for --config\n", FB_VERSION);
    for (; *section != '\0'; section++) {
        fputc(*section == ' ' ? '-' : *section, stream);
    }
    fputc(':', stream);
    int n_written = 0;
    for (int k = 0; k < n_options && status == FB_OK; k++) {
        const fb_option *option = &options[k];
        if (is_aside(option->name) || shares_value(options, k) || !has_value(option)) {
            continue;
        }
        fprintf(stream, "\n  %s: ", option->name);
        n_written++;
        if (!write_value(stream, option)) {
            status = fb_fail(error, FB_ERROR_USAGE, "--%s: its text is not UTF-8 and cannot be recorded", option->name);
        }
    }
    fputs(n_written > 0 ? "\n" : " {}\n", stream);
    if (fclose(stream) != 0 && status == FB_OK) {
        status = fb_fail(error, FB_ERROR_MEMORY, "no memory for the text of a configuration");
    }
    if (status != FB_OK) {
        free(text);
        return status;
    }
    *out = text;
    return FB_OK;
}

fb_status fb_config_text_write(const char *path, const char *text, fb_error *error)
{
    fb_output *output = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_output_create(path, &output, error));
    fputs(text, fb_output_stream(output)); /* a failure shows at the commit */
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    return status;
}
