#include "baseline/config/config_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <yaml.h>

#include "models/common/build_info.h"
#include "models/common/text.h"

/* How the work is done and where the result goes, which changes nothing in the result. An earlier leaderboard is only
 * compared with it. */
static bool is_aside(const char *name)
{
    static const char *const aside[] = {"threads",   "json",           "quiet", "verbose",      "config",
                                        "help",      "output",         "batch", "shard",        "resume",
                                        "overwrite", "write-metadata", "check", "keep-failing", NULL};
    return fb_text_find(name, aside) >= 0;
}

/* The first member of a struct is where the struct is, so the address alone does not tell. */
static bool shares_value(const fb_option_table *table, const fb_option *one)
{
    for (const fb_option *other = table->option; other < one; other++) {
        if (other->value == one->value && other->kind == one->kind && other->type == one->type) {
            return true;
        }
    }
    return false;
}

/* libyaml's own check lets the halves of surrogate pairs pass, and no reader takes them. */
static bool is_utf8(const char *text)
{
    json_t *probe = json_string(text);
    json_decref(probe);
    return probe != NULL;
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

/* --- libyaml's document: nodes are numbers, 0 when there is no memory --------------------------------------------- */

static int add_scalar(yaml_document_t *document, const char *text, bool plain)
{
    return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)text, -1,
                                    plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

/* Flags and numbers. */
static bool is_meant_so(const fb_option *option)
{
    return option->kind < FB_OPTION_TEXT || (option->kind == FB_OPTION_PARSED && option->type->is_number);
}

/* Flags and numbers are meant as such; a text is quoted where a reader could take it for something else. */
static fb_status add_value(yaml_document_t *document, const fb_option *option, int *node, fb_error *error)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    const char *text = NULL;
    const bool is_list = fb_option_is_list(option);
    *node = is_list ? yaml_document_add_sequence(document, NULL, YAML_FLOW_SEQUENCE_STYLE) : 0;
    for (int k = 0; (text = fb_option_text(option, k, buffer)) != NULL; k++) {
        if (!is_utf8(text)) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s: its text is not UTF-8 and cannot be recorded", option->name);
        }
        const int one = add_scalar(document, text, is_meant_so(option) || is_plain(text));
        if (!is_list) {
            *node = one;
        } else if (one == 0 || !yaml_document_append_sequence_item(document, *node, one)) {
            *node = 0;
        }
    }
    return FB_OK;
}

static fb_status add_pair(yaml_document_t *document, int mapping, const char *key, int value, fb_error *error)
{
    const int name = add_scalar(document, key, true);
    return name != 0 && value != 0 && yaml_document_append_mapping_pair(document, mapping, name, value)
               ? FB_OK
               : fb_fail(error, FB_ERROR_MEMORY, "no memory for a configuration");
}

/* What was not given and has no value is left out; a list may be empty. */
static fb_status add_section(yaml_document_t *document, const char *section, const fb_option_table *table,
                             fb_error *error)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    const int root = yaml_document_add_mapping(document, NULL, YAML_BLOCK_MAPPING_STYLE);
    const int own = yaml_document_add_mapping(document, NULL, YAML_BLOCK_MAPPING_STYLE);
    fb_status status = FB_OK;
    FB_TRY(add_pair(document, root, section, own, error));
    for (const fb_option *option = table->option; option < table->option + table->n; option++) {
        int value = 0;
        if (is_aside(option->name) || shares_value(table, option) ||
            (!fb_option_is_list(option) && fb_option_text(option, 0, buffer) == NULL)) {
            continue;
        }
        FB_TRY(add_value(document, option, &value, error));
        FB_TRY(add_pair(document, own, option->name, value, error));
    }
cleanup:
    return status;
}

/* Each key is on a line of its own, however long. Releases the document. */
static bool write_document(yaml_document_t *document, FILE *stream)
{
    yaml_emitter_t emitter;
    if (!yaml_emitter_initialize(&emitter)) {
        yaml_document_delete(document);
        return false;
    }
    yaml_emitter_set_output_file(&emitter, stream);
    yaml_emitter_set_width(&emitter, -1);
    const bool good =
        yaml_emitter_dump(&emitter, document) && yaml_emitter_close(&emitter) && yaml_emitter_flush(&emitter);
    yaml_emitter_delete(&emitter);
    return good;
}

fb_status fb_config_writer_text(const char *section, const fb_option_table *table, char **out, fb_error *error)
{
    yaml_document_t document;
    size_t size = 0;
    fb_status status = FB_OK;
    *out = NULL;
    if (!yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1)) {
        return fb_fail(error, FB_ERROR_MEMORY, "no memory for a configuration");
    }
    status = add_section(&document, section, table, error);
    FILE *stream = status == FB_OK ? open_memstream(out, &size) : NULL;
    if (stream == NULL) {
        yaml_document_delete(&document);
        return status != FB_OK ? status : fb_fail(error, FB_ERROR_MEMORY, "no memory for a configuration");
    }
    fprintf(stream, "# fair-baseline %s: the settings of this result, for --config\n", fb_build_info_version());
    const bool good = write_document(&document, stream);
    if (fclose(stream) != 0 || !good) {
        free(*out);
        *out = NULL;
        return fb_fail(error, FB_ERROR_MEMORY, "no memory for the text of a configuration");
    }
    return FB_OK;
}
