#include "baseline/config/config_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "baseline/config/option.h"
#include "models/common/memory.h"

struct fb_config_reader {
    char *name;
    char *bytes;
    size_t n_bytes;
    yaml_document_t document;
    bool is_loaded;
};

/* --- nodes ----------------------------------------------------------------------------------------------------------
 */

static fb_config_node node_of(const yaml_node_t *yaml)
{
    fb_config_node node = {.yaml = yaml, .line = yaml->start_mark.line + 1, .column = yaml->start_mark.column + 1};
    switch (yaml->type) {
    case YAML_SEQUENCE_NODE:
        node.kind = FB_CONFIG_LIST;
        node.n = (int)(yaml->data.sequence.items.top - yaml->data.sequence.items.start);
        break;
    case YAML_MAPPING_NODE:
        node.kind = FB_CONFIG_SECTION;
        node.n = (int)(yaml->data.mapping.pairs.top - yaml->data.mapping.pairs.start);
        break;
    default:
        node.kind = FB_CONFIG_TEXT;
        node.text = (const char *)yaml->data.scalar.value;
    }
    return node;
}

static fb_config_node node_at(const fb_config_reader *reader, int index)
{
    return node_of(yaml_document_get_node((yaml_document_t *)&reader->document, index));
}

bool fb_config_reader_root(const fb_config_reader *reader, fb_config_node *root)
{
    const yaml_node_t *yaml = yaml_document_get_root_node((yaml_document_t *)&reader->document);
    if (yaml != NULL) {
        *root = node_of(yaml);
    }
    return yaml != NULL;
}

fb_config_node fb_config_reader_item(const fb_config_reader *reader, const fb_config_node *node, int k)
{
    const yaml_node_t *yaml = node->yaml;
    return node_at(reader, node->kind == FB_CONFIG_LIST ? yaml->data.sequence.items.start[k]
                                                        : yaml->data.mapping.pairs.start[k].key);
}

fb_config_node fb_config_reader_value(const fb_config_reader *reader, const fb_config_node *section, int k)
{
    return node_at(reader, ((const yaml_node_t *)section->yaml)->data.mapping.pairs.start[k].value);
}

const char *fb_config_reader_bytes(const fb_config_reader *reader)
{
    return reader->bytes;
}

/* --- messages -------------------------------------------------------------------------------------------------------
 */

fb_status fb_config_reader_locate(const fb_config_reader *reader, const fb_config_node *node, fb_status status,
                                  fb_error *error)
{
    return fb_fail_prefix(error, status, "%s: line %zu, column %zu", reader->name, node->line, node->column);
}

static fb_status fail_at(const fb_config_reader *r, yaml_mark_t mark, const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: line %zu, column %zu: %s", r->name, mark.line + 1, mark.column + 1, what);
}

static fb_status too_deep(const fb_config_reader *r, yaml_mark_t mark, fb_error *error)
{
    return fail_at(r, mark, "too deep: sections hold keys, and these hold one value or a list", error);
}

static fb_status too_many(const fb_config_reader *r, yaml_mark_t mark, fb_error *error)
{
    char what[64];
    snprintf(what, sizeof what, "more than %d values", FB_CONFIG_MAX_VALUES);
    return fail_at(r, mark, what, error);
}

/* Of bytes that are no text libyaml knows the number alone. */
static yaml_mark_t mark_of_byte(const fb_config_reader *r, size_t offset)
{
    yaml_mark_t mark = {.line = 0};
    for (size_t k = 0; k < r->n_bytes && k < offset; k++) {
        const bool ends_line = r->bytes[k] == '\n';
        mark.line += ends_line;
        mark.column = ends_line ? 0 : mark.column + 1;
    }
    return mark;
}

static fb_status syntax_error(const fb_config_reader *r, const yaml_parser_t *parser, fb_error *error)
{
    char what[256];
    if (parser->error == YAML_MEMORY_ERROR) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", r->name);
    }
    snprintf(what, sizeof what, "is not YAML: %s%s%s", parser->problem != NULL ? parser->problem : "cannot be parsed",
             parser->context != NULL ? ", " : "", parser->context != NULL ? parser->context : "");
    return fail_at(r,
                   parser->error == YAML_READER_ERROR ? mark_of_byte(r, parser->problem_offset) : parser->problem_mark,
                   what, error);
}

/* --- before anything is built: events -------------------------------------------------------------------------------
 */

typedef struct counts {
    int documents, open, values; /* open: lists and sections around what comes next */
} counts;

static fb_status check_event(const fb_config_reader *r, const yaml_event_t *event, counts *n, fb_error *error)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        n->documents++;
        return FB_OK;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        n->open--;
        return FB_OK;
    case YAML_ALIAS_EVENT:
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        break;
    default:
        return FB_OK;
    }
    if (n->documents > 1) {
        return fail_at(r, event->start_mark, "a second document begins here; one is allowed", error);
    }
    if (n->open > FB_CONFIG_MAX_DEPTH) {
        return too_deep(r, event->start_mark, error);
    }
    n->open += event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    return ++n->values > FB_CONFIG_MAX_VALUES ? too_many(r, event->start_mark, error) : FB_OK;
}

/* libyaml takes seconds to find out that thousands of lists in each other do not end. */
static fb_status check_events(const fb_config_reader *r, yaml_parser_t *parser, fb_error *error)
{
    counts n = {0};
    fb_status status = FB_OK;
    for (bool is_end = false; !is_end && status == FB_OK;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            return syntax_error(r, parser, error);
        }
        is_end = event.type == YAML_STREAM_END_EVENT;
        status = check_event(r, &event, &n, error);
        yaml_event_delete(&event);
    }
    return status;
}

/* --- what is wrong whatever the keys mean ---------------------------------------------------------------------------
 */

static fb_status check_scalar(const fb_config_reader *r, const yaml_node_t *node, fb_error *error)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};
    const char *text = (const char *)node->data.scalar.value;
    if (memchr(text, '\0', node->data.scalar.length) != NULL) {
        return fail_at(r, node->start_mark, "a text cannot hold a zero byte", error);
    }
    for (size_t k = 0; k < sizeof nothing / sizeof nothing[0]; k++) {
        if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, nothing[k]) == 0) {
            return fail_at(r, node->start_mark, "there is a key without a value", error);
        }
    }
    return FB_OK;
}

static fb_status check_key(const fb_config_reader *r, const fb_config_node *section, int k, fb_error *error)
{
    const fb_config_node key = fb_config_reader_item(r, section, k);
    const yaml_node_t *yaml = key.yaml;
    if (key.kind != FB_CONFIG_TEXT) {
        return fail_at(r, yaml->start_mark, "a key must be a word", error);
    }
    for (int before = 0; before < k; before++) {
        const fb_config_node other = fb_config_reader_item(r, section, before);
        if (fb_option_same_name(other.text, key.text)) {
            return fb_config_reader_locate(
                r, &key, fb_fail(error, FB_ERROR_DATA, "'%s' is given twice, first in line %zu", key.text, other.line),
                error);
        }
    }
    return check_scalar(r, yaml, error);
}

/* Follows aliases, so the depth and the number of values are looked at once more. */
static fb_status check_node(const fb_config_reader *r, const fb_config_node *node, int depth, int *n_values,
                            fb_error *error)
{
    const yaml_node_t *yaml = node->yaml;
    fb_status status = FB_OK;
    if (depth > FB_CONFIG_MAX_DEPTH) {
        return too_deep(r, yaml->start_mark, error);
    }
    if (++*n_values > FB_CONFIG_MAX_VALUES) {
        return too_many(r, yaml->start_mark, error);
    }
    if (node->kind == FB_CONFIG_TEXT) {
        return check_scalar(r, yaml, error);
    }
    for (int k = 0; k < node->n; k++) {
        if (node->kind == FB_CONFIG_SECTION) {
            FB_TRY(check_key(r, node, k, error));
        }
        const fb_config_node child =
            node->kind == FB_CONFIG_SECTION ? fb_config_reader_value(r, node, k) : fb_config_reader_item(r, node, k);
        FB_TRY(check_node(r, &child, depth + 1, n_values, error));
    }
cleanup:
    return status;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

/* Events are checked with a parser of their own, which stops where the file is wrong; then libyaml builds the tree. */
static fb_status load(fb_config_reader *r, fb_error *error)
{
    yaml_parser_t checked = {0}, parser = {0};
    fb_config_node root;
    int n_values = 0;
    fb_status status = FB_OK;
    if (!yaml_parser_initialize(&checked) || !yaml_parser_initialize(&parser)) {
        status = fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", r->name);
        goto cleanup;
    }
    yaml_parser_set_input_string(&checked, (const unsigned char *)r->bytes, r->n_bytes);
    yaml_parser_set_input_string(&parser, (const unsigned char *)r->bytes, r->n_bytes);
    FB_TRY(check_events(r, &checked, error));
    if (!yaml_parser_load(&parser, &r->document)) {
        status = syntax_error(r, &parser, error);
        goto cleanup;
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
    char *bytes = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    }
    FB_TRY(fb_memory_allocate(FB_CONFIG_MAX_BYTES + 1, 1, &bytes, error));
    const size_t n = fread(bytes, 1, FB_CONFIG_MAX_BYTES + 1, stream);
    if (ferror(stream)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
        goto cleanup;
    }
    FB_TRY(fb_config_reader_parse(bytes, n, path, out, error));
cleanup:
    free(bytes);
    fclose(stream);
    return status;
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
