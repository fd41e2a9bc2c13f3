#include "baseline/config/config_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "baseline/support/version.h"
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

static bool shares_value(const fb_option *options, int which)
{
    for (int k = 0; k < which; k++) {
        if (options[k].value == options[which].value) {
            return true;
        }
    }
    return false;
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

/* --- events for libyaml, which writes them ---------------------------------------------------------------------------
 * A function returns 0 when there is no memory, as those of libyaml do. */

static int put_plain(yaml_emitter_t *emitter, const char *text)
{
    yaml_event_t event;
    return yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
                                        YAML_PLAIN_SCALAR_STYLE) &&
           yaml_emitter_emit(emitter, &event);
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

static int put_text(yaml_emitter_t *emitter, const char *text)
{
    yaml_event_t event;
    return is_plain(text) ? put_plain(emitter, text)
                          : yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                                         (int)strlen(text), 1, 1, YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
                                yaml_emitter_emit(emitter, &event);
}

static int put_list(yaml_emitter_t *emitter, const fb_text_list *list)
{
    yaml_event_t event;
    int good = yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE) &&
               yaml_emitter_emit(emitter, &event);
    for (int k = 0; k < list->n; k++) {
        good = good && put_text(emitter, list->item[k]);
    }
    return good && yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static int put_value(yaml_emitter_t *emitter, const fb_option *option)
{
    char number[FB_NUMBER_SIZE];
    switch (option->kind) {
    case FB_OPTION_FLAG:
        return put_plain(emitter, *(bool *)option->value ? "true" : "false");
    case FB_OPTION_COUNT:
        snprintf(number, sizeof number, "%llu", (unsigned long long)*(uint64_t *)option->value);
        return put_plain(emitter, number);
    case FB_OPTION_NUMBER:
        return put_plain(emitter, fb_text_of_double(*(double *)option->value, number));
    case FB_OPTION_TEXT:
        return put_text(emitter, *(const char **)option->value);
    case FB_OPTION_LIST:
        return put_list(emitter, option->value);
    }
    return 0;
}

static int put_mapping_start(yaml_emitter_t *emitter)
{
    yaml_event_t event;
    return yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) &&
           yaml_emitter_emit(emitter, &event);
}

static int put_mapping_end(yaml_emitter_t *emitter)
{
    yaml_event_t event;
    return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static int put_section(yaml_emitter_t *emitter, const char *section, const fb_option *options, int n_options)
{
    char name[64];
    snprintf(name, sizeof name, "%s", section);
    for (char *blank = name; (blank = strchr(blank, ' ')) != NULL;) {
        *blank = '-';
    }
    int good = put_mapping_start(emitter) && put_plain(emitter, name) && put_mapping_start(emitter);
    for (int k = 0; k < n_options; k++) {
        if (!is_aside(options[k].name) && !shares_value(options, k) && has_value(&options[k])) {
            good = good && put_plain(emitter, options[k].name) && put_value(emitter, &options[k]);
        }
    }
    return good && put_mapping_end(emitter) && put_mapping_end(emitter);
}

/* One block of keys, each on a line of its own, however long; ASCII. */
static int put_document(yaml_emitter_t *emitter, FILE *stream, const char *section, const fb_option *options,
                        int n_options)
{
    yaml_event_t event;
    yaml_emitter_set_output_file(emitter, stream);
    yaml_emitter_set_width(emitter, -1);
    int good = yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) && yaml_emitter_emit(emitter, &event);
    good = good && yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
           yaml_emitter_emit(emitter, &event) && put_section(emitter, section, options, n_options);
    good = good && yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event);
    return good && yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event) &&
           yaml_emitter_flush(emitter);
}

/* --- the text -------------------------------------------------------------------------------------------------------
 */

/* libyaml's own check lets the halves of surrogate pairs pass, and no reader takes them. */
static bool is_utf8(const char *text)
{
    json_t *probe = json_string(text);
    json_decref(probe);
    return probe != NULL;
}

static fb_status check_text(const fb_option *option, fb_error *error)
{
    const fb_text_list *list = option->value;
    bool good = option->kind != FB_OPTION_TEXT || !has_value(option) || is_utf8(*(const char **)option->value);
    for (int k = 0; option->kind == FB_OPTION_LIST && k < list->n; k++) {
        good = good && is_utf8(list->item[k]);
    }
    return good ? FB_OK
                : fb_fail(error, FB_ERROR_USAGE, "--%s: its text is not UTF-8 and cannot be recorded", option->name);
}

fb_status fb_config_writer_text(const char *section, const fb_option *options, int n_options, char **out,
                                fb_error *error)
{
    char *text = NULL;
    size_t size = 0;
    fb_status status = FB_OK;
    *out = NULL;
    for (int k = 0; k < n_options; k++) {
        if (!is_aside(options[k].name)) {
            FB_TRY(check_text(&options[k], error));
        }
    }
    yaml_emitter_t emitter;
    FILE *stream = open_memstream(&text, &size);
    int good = stream != NULL && yaml_emitter_initialize(&emitter);
    if (good) {
        fprintf(stream, "# fair-baseline %s: the settings of this result, for --config\n", FB_VERSION);
        good = put_document(&emitter, stream, section, options, n_options);
        yaml_emitter_delete(&emitter);
    }
    if ((stream != NULL && fclose(stream) != 0) || !good) {
        free(text);
        return fb_fail(error, FB_ERROR_MEMORY, "no memory for the text of a configuration");
    }
    *out = text;
cleanup:
    return status;
}
