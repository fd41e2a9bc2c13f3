#include "baseline/config/config_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <yaml.h>

#include "baseline/support/version.h"

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

/* The first member of a struct is where the struct is, so the address alone does not tell. */
static bool shares_value(const fb_option_table *table, int which)
{
    const fb_option *one = &table->option[which];
    for (const fb_option *other = table->option; other < one; other++) {
        if (other->value == one->value && other->kind == one->kind && other->type == one->type) {
            return true;
        }
    }
    return false;
}

/* What was not given and has no value is left out; a list may be empty. */
static bool is_written(const fb_option_table *table, int which)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    const fb_option *option = &table->option[which];
    return !is_aside(option->name) && !shares_value(table, which) &&
           (fb_option_is_list(option) || fb_option_text(option, 0, buffer) != NULL);
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

/* A text is quoted where a reader could take it for something else; flags and numbers are meant so. */
static int put_value(yaml_emitter_t *emitter, const fb_option *option)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    yaml_event_t event;
    if (!fb_option_is_list(option)) {
        const char *text = fb_option_text(option, 0, buffer);
        return option->kind < FB_OPTION_TEXT ? put_plain(emitter, text) : put_text(emitter, text);
    }
    int good = yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE) &&
               yaml_emitter_emit(emitter, &event);
    const char *item = NULL;
    for (int k = 0; (item = fb_option_text(option, k, buffer)) != NULL; k++) {
        good = good && put_text(emitter, item);
    }
    return good && yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
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

static int put_section(yaml_emitter_t *emitter, const char *section, const fb_option_table *table)
{
    char name[64];
    snprintf(name, sizeof name, "%s", section);
    for (char *blank = name; (blank = strchr(blank, ' ')) != NULL;) {
        *blank = '-';
    }
    int good = put_mapping_start(emitter) && put_plain(emitter, name) && put_mapping_start(emitter);
    for (int k = 0; k < table->n; k++) {
        if (is_written(table, k)) {
            good = good && put_plain(emitter, table->option[k].name) && put_value(emitter, &table->option[k]);
        }
    }
    return good && put_mapping_end(emitter) && put_mapping_end(emitter);
}

/* One block of keys, each on a line of its own, however long; ASCII. */
static int put_document(yaml_emitter_t *emitter, FILE *stream, const char *section, const fb_option_table *table)
{
    yaml_event_t event;
    yaml_emitter_set_output_file(emitter, stream);
    yaml_emitter_set_width(emitter, -1);
    int good = yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) && yaml_emitter_emit(emitter, &event);
    good = good && yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
           yaml_emitter_emit(emitter, &event) && put_section(emitter, section, table);
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
    char buffer[FB_OPTION_TEXT_SIZE];
    const char *text = NULL;
    for (int k = 0; (text = fb_option_text(option, k, buffer)) != NULL; k++) {
        if (!is_utf8(text)) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s: its text is not UTF-8 and cannot be recorded", option->name);
        }
    }
    return FB_OK;
}

fb_status fb_config_writer_text(const char *section, const fb_option_table *table, char **out, fb_error *error)
{
    char *text = NULL;
    size_t size = 0;
    fb_status status = FB_OK;
    *out = NULL;
    for (int k = 0; k < table->n; k++) {
        FB_TRY(is_written(table, k) ? check_text(&table->option[k], error) : FB_OK);
    }
    yaml_emitter_t emitter;
    FILE *stream = open_memstream(&text, &size);
    int good = stream != NULL && yaml_emitter_initialize(&emitter);
    if (good) {
        fprintf(stream, "# fair-baseline %s: the settings of this result, for --config\n", FB_VERSION);
        good = put_document(&emitter, stream, section, table);
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
