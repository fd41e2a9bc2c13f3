#include "baseline/config/config_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "baseline/config/option.h"
#include "models/common/memory.h"
#include "models/common/text.h"

struct fb_config_reader {
    char *name;
    char *bytes;
    size_t n_bytes;
    yaml_document_t document;
    bool is_loaded;
};

/* --- nodes -------------------------------------------------------------------------------------------------------- */

static fb_config_node node_of(const yaml_node_t *yaml)
{
    fb_config_node node = {.yaml = yaml, .line = yaml->start_mark.line + 1, .column = yaml->start_mark.column + 1};
    if (yaml->type == YAML_SEQUENCE_NODE) {
        node.kind = FB_CONFIG_LIST;
        node.n = (int)(yaml->data.sequence.items.top - yaml->data.sequence.items.start);
    } else if (yaml->type == YAML_MAPPING_NODE) {
        node.kind = FB_CONFIG_SECTION;
        node.n = 2 * (int)(yaml->data.mapping.pairs.top - yaml->data.mapping.pairs.start);
    } else {
        node.kind = FB_CONFIG_TEXT;
        node.text = (const char *)yaml->data.scalar.value;
    }
    return node;
}

bool fb_config_reader_root(const fb_config_reader *reader, fb_config_node *root)
{
    const yaml_node_t *yaml = yaml_document_get_root_node((yaml_document_t *)&reader->document);
    if (yaml != NULL) {
        *root = node_of(yaml);
    }
    return yaml != NULL;
}

fb_config_node fb_config_reader_child(const fb_config_reader *reader, const fb_config_node *node, int k)
{
    const yaml_node_t *yaml = node->yaml;
    int index = 0;
    if (node->kind == FB_CONFIG_LIST) {
        index = yaml->data.sequence.items.start[k];
    } else {
        const yaml_node_pair_t *pair = &yaml->data.mapping.pairs.start[k / 2];
        index = k % 2 == 0 ? pair->key : pair->value;
    }
    return node_of(yaml_document_get_node((yaml_document_t *)&reader->document, index));
}

const char *fb_config_reader_bytes(const fb_config_reader *reader)
{
    return reader->bytes;
}

/* --- what is wrong whatever the keys mean ------------------------------------------------------------------------- */

static fb_status at(const fb_config_reader *r, yaml_mark_t mark, fb_status status, fb_error *error)
{
    return fb_fail_prefix(error, status, "%s: line %zu, column %zu", r->name, mark.line + 1, mark.column + 1);
}

fb_status fb_config_reader_locate(const fb_config_reader *reader, const fb_config_node *node, fb_status status,
                                  fb_error *error)
{
    return at(reader, ((const yaml_node_t *)node->yaml)->start_mark, status, error);
}

static fb_status syntax_error(const fb_config_reader *r, const yaml_parser_t *parser, fb_error *error)
{
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_MEMORY_ERROR) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", r->name);
    }
    if (parser->error == YAML_READER_ERROR) { /* of bytes that are no text libyaml knows the number alone */
        mark = (yaml_mark_t){.line = 0};
        for (size_t k = 0; k < r->n_bytes && k < parser->problem_offset; k++) {
            const bool ends_line = r->bytes[k] == '\n';
            mark.line += ends_line;
            mark.column = ends_line ? 0 : mark.column + 1;
        }
    }
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be parsed";
    return at(r, mark,
              fb_fail(error, FB_ERROR_DATA, "is not YAML: %s%s%s", problem, parser->context != NULL ? ", " : "",
                      parser->context != NULL ? parser->context : ""),
              error);
}

/* Of one more value: what it is in, and how many there are with it. */
static fb_status check_limits(const fb_config_reader *r, yaml_mark_t mark, int depth, int n_values, fb_error *error)
{
    fb_status status = FB_OK;
    if (depth > FB_CONFIG_MAX_DEPTH) {
        status = fb_fail(error, FB_ERROR_DATA, "too deep: sections hold keys, and these hold one value or a list");
    } else if (n_values > FB_CONFIG_MAX_VALUES) {
        status = fb_fail(error, FB_ERROR_DATA, "more than %d values", FB_CONFIG_MAX_VALUES);
    }
    return status != FB_OK ? at(r, mark, status, error) : FB_OK;
}

/* libyaml takes seconds to find out that thousands of lists in each other do not end, so that the limits are checked
 * on its events, before it builds anything. */
static fb_status check_events(const fb_config_reader *r, yaml_parser_t *parser, fb_error *error)
{
    int n_documents = 0, depth = 0, n_values = 0;
    fb_status status = FB_OK;
    for (bool is_end = false; !is_end && status == FB_OK;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            return syntax_error(r, parser, error);
        }
        const bool opens = event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
        is_end = event.type == YAML_STREAM_END_EVENT;
        n_documents += event.type == YAML_DOCUMENT_START_EVENT;
        depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (opens || event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT) {
            status = n_documents == 1
                         ? check_limits(r, event.start_mark, depth, ++n_values, error)
                         : at(r, event.start_mark,
                              fb_fail(error, FB_ERROR_DATA, "a second document begins here; one is allowed"), error);
        }
        depth += opens;
        yaml_event_delete(&event);
    }
    return status;
}

static fb_status check_scalar(const fb_config_reader *r, const yaml_node_t *node, fb_error *error)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL", NULL};
    const char *text = (const char *)node->data.scalar.value;
    fb_status status = FB_OK;
    if (memchr(text, '\0', node->data.scalar.length) != NULL) {
        status = fb_fail(error, FB_ERROR_DATA, "a text cannot hold a zero byte");
    } else if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && fb_text_find(text, nothing) >= 0) {
        status = fb_fail(error, FB_ERROR_DATA, "there is a key without a value");
    }
    return status != FB_OK ? at(r, node->start_mark, status, error) : FB_OK;
}

/* Child k of a section is a key. */
static fb_status check_key(const fb_config_reader *r, const fb_config_node *section, int k, fb_error *error)
{
    const fb_config_node key = fb_config_reader_child(r, section, k);
    fb_status status = FB_OK;
    if (key.kind != FB_CONFIG_TEXT) {
        status = fb_fail(error, FB_ERROR_DATA, "a key must be a word");
    }
    for (int before = 0; before < k && status == FB_OK; before += 2) {
        const fb_config_node other = fb_config_reader_child(r, section, before);
        if (fb_option_same_name(other.text, key.text)) {
            status = fb_fail(error, FB_ERROR_DATA, "'%s' is given twice, first in line %zu", key.text, other.line);
        }
    }
    return status != FB_OK ? fb_config_reader_locate(r, &key, status, error) : FB_OK;
}

/* Follows aliases, so that the limits are checked once more. */
static fb_status check_node(const fb_config_reader *r, const fb_config_node *node, int depth, int *n_values,
                            fb_error *error)
{
    const yaml_node_t *yaml = node->yaml;
    fb_status status = FB_OK;
    FB_TRY(check_limits(r, yaml->start_mark, depth, ++*n_values, error));
    if (node->kind == FB_CONFIG_TEXT) {
        return check_scalar(r, yaml, error);
    }
    for (int k = 0; k < node->n; k++) {
        const fb_config_node child = fb_config_reader_child(r, node, k);
        FB_TRY(node->kind == FB_CONFIG_SECTION && k % 2 == 0 ? check_key(r, node, k, error) : FB_OK);
        FB_TRY(check_node(r, &child, depth + 1, n_values, error));
    }
cleanup:
    return status;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static fb_status load(fb_config_reader *r, fb_error *error)
{
    yaml_parser_t checked = {0}, parser = {0};
    fb_config_node root;
    int n_values = 0;
    fb_status status = FB_OK;
    if (!yaml_parser_initialize(&checked) || !yaml_parser_initialize(&parser)) {
        FB_TRY(fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", r->name));
    }
    yaml_parser_set_input_string(&checked, (const unsigned char *)r->bytes, r->n_bytes);
    yaml_parser_set_input_string(&parser, (const unsigned char *)r->bytes, r->n_bytes);
    FB_TRY(check_events(r, &checked, error));
    if (!yaml_parser_load(&parser, &r->document)) {
        FB_TRY(syntax_error(r, &parser, error));
    }
    r->is_loaded = true;
    if (fb_config_reader_root(r, &root)) {
        FB_TRY(check_node(r, &root, 0, &n_values, error));
    }
cleanup:
    yaml_parser_delete(&checked);
    yaml_parser_delete(&parser);
    return status;
}

fb_status fb_config_reader_parse(const char *text, size_t n_bytes, const char *name, fb_config_reader **out,
                                 fb_error *error)
{
    fb_config_reader *r = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    if (n_bytes > FB_CONFIG_MAX_BYTES) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is longer than %d bytes: not a configuration", name,
                       FB_CONFIG_MAX_BYTES);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *r, &r, error));
    FB_TRY(fb_memory_allocate(strlen(name) + 1, 1, &r->name, error));
    FB_TRY(fb_memory_allocate(n_bytes + 1, 1, &r->bytes, error));
    memcpy(r->name, name, strlen(name));
    memcpy(r->bytes, text, n_bytes);
    r->n_bytes = n_bytes;
    FB_TRY(load(r, error));
    *out = r;
    r = NULL;
cleanup:
    fb_config_reader_free(r);
    return status;
}

fb_status fb_config_reader_open(const char *path, fb_config_reader **out, fb_error *error)
{
    char bytes[FB_CONFIG_MAX_BYTES + 1];
    *out = NULL;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    }
    const size_t n = fread(bytes, 1, sizeof bytes, stream);
    const int reason = ferror(stream) ? errno : 0;
    fclose(stream);
    return reason == 0 ? fb_config_reader_parse(bytes, n, path, out, error)
                       : fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(reason));
}

void fb_config_reader_free(fb_config_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->is_loaded) {
        yaml_document_delete(&reader->document);
    }
    free(reader->name);
    free(reader->bytes);
    free(reader);
}
