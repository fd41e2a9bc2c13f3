#include "baseline/config/config_document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "models/common/memory.h"

/* File, sections, lists, their items. An alias counts each time it is used, so the number of values is bounded, too: a
 * few lines of aliases to aliases can mean billions. */
enum { MAX_DEPTH = 3, MAX_VALUES = 20000 };

struct fb_config_document {
    char *name;
    char *bytes;
    size_t n_bytes;
    yaml_document_t yaml;
    bool is_loaded;
};

bool fb_config_document_same_key(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b)) {
            return false;
        }
    }
    return *a == *b;
}

static size_t line_of(const yaml_node_t *node)
{
    return node->start_mark.line + 1;
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* --- what is wrong whatever the keys mean ---------------------------------------------------------------------------
 */

static fb_status fail_at(const fb_config_document *d, const yaml_node_t *node, const char *what, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s: line %zu: %s", d->name, line_of(node), what);
}

static fb_status check_scalar(const fb_config_document *d, const yaml_node_t *node, fb_error *error)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};
    if (memchr(text_of(node), '\0', node->data.scalar.length) != NULL) {
        return fail_at(d, node, "a text cannot hold a zero byte", error);
    }
    for (size_t k = 0; k < sizeof nothing / sizeof nothing[0]; k++) {
        if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text_of(node), nothing[k]) == 0) {
            return fail_at(d, node, "there is a key without a value", error);
        }
    }
    return FB_OK;
}

static fb_status check_key(fb_config_document *d, const yaml_node_t *mapping, const yaml_node_pair_t *pair,
                           fb_error *error)
{
    const yaml_node_t *key = yaml_document_get_node(&d->yaml, pair->key);
    if (key->type != YAML_SCALAR_NODE) {
        return fail_at(d, key, "a key must be a word", error);
    }
    for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < pair; p++) {
        const yaml_node_t *before = yaml_document_get_node(&d->yaml, p->key);
        if (fb_config_document_same_key(text_of(before), text_of(key))) {
            return fb_fail(error, FB_ERROR_DATA, "%s: line %zu: '%s' is given twice, first in line %zu", d->name,
                           line_of(key), text_of(key), line_of(before));
        }
    }
    return check_scalar(d, key, error);
}

static fb_status check_node(fb_config_document *d, int index, int depth, int *n_values, fb_error *error)
{
    const yaml_node_t *node = yaml_document_get_node(&d->yaml, index);
    fb_status status = FB_OK;
    if (depth > MAX_DEPTH) {
        return fail_at(d, node, "too deep: sections hold keys, and these hold one value or a list", error);
    }
    if (++*n_values > MAX_VALUES) {
        return fb_fail(error, FB_ERROR_DATA, "%s: more than %d values", d->name, MAX_VALUES);
    }
    if (node->type == YAML_SCALAR_NODE) {
        return check_scalar(d, node, error);
    }
    if (node->type == YAML_SEQUENCE_NODE) {
        for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
             item++) {
            FB_TRY(check_node(d, *item, depth + 1, n_values, error));
        }
        return FB_OK;
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        FB_TRY(check_key(d, node, pair, error));
        FB_TRY(check_node(d, pair->value, depth + 1, n_values, error));
    }
cleanup:
    return status;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

static fb_status syntax_error(const fb_config_document *d, const yaml_parser_t *parser, fb_error *error)
{
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be parsed";
    if (parser->error == YAML_MEMORY_ERROR) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", d->name);
    }
    if (parser->error == YAML_READER_ERROR) {
        size_t line = 1;
        for (size_t k = 0; k < d->n_bytes && k < parser->problem_offset; k++) {
            line += d->bytes[k] == '\n';
        }
        return fb_fail(error, FB_ERROR_DATA, "%s: line %zu: is not YAML: %s", d->name, line, problem);
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: line %zu: is not YAML: %s%s%s", d->name, parser->problem_mark.line + 1,
                   problem, parser->context != NULL ? ", " : "", parser->context != NULL ? parser->context : "");
}

/* libyaml says "no more documents" with one that has no root. */
static fb_status check_only_one(fb_config_document *d, yaml_parser_t *parser, fb_error *error)
{
    yaml_document_t next;
    fb_status status = FB_OK;
    if (!yaml_parser_load(parser, &next)) {
        return syntax_error(d, parser, error);
    }
    const yaml_node_t *root = yaml_document_get_root_node(&next);
    if (root != NULL) {
        status = fail_at(d, root, "a second document begins here; one is allowed", error);
    }
    yaml_document_delete(&next);
    return status;
}

static fb_status load(fb_config_document *d, fb_error *error)
{
    yaml_parser_t parser;
    int n_values = 0;
    fb_status status = FB_OK;
    if (!yaml_parser_initialize(&parser)) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to parse it", d->name);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)d->bytes, d->n_bytes);
    if (!yaml_parser_load(&parser, &d->yaml)) {
        status = syntax_error(d, &parser, error);
        goto cleanup;
    }
    d->is_loaded = true;
    const yaml_node_t *root = yaml_document_get_root_node(&d->yaml);
    if (root == NULL) {
        goto cleanup;
    }
    FB_TRY(check_only_one(d, &parser, error));
    if (root->type != YAML_MAPPING_NODE) {
        status = fail_at(d, root, "expected sections, such as 'train:', with lines of 'key: value' below them", error);
        goto cleanup;
    }
    FB_TRY(check_node(d, 1, 0, &n_values, error)); /* the root is node 1 */
cleanup:
    yaml_parser_delete(&parser);
    return status;
}

fb_status fb_config_document_parse(const char *text, size_t n_bytes, const char *name, fb_config_document **out,
                                   fb_error *error)
{
    fb_config_document *d = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    if (n_bytes > FB_CONFIG_MAX_BYTES) {
        return fb_fail(error, FB_ERROR_DATA, "%s: is longer than %d bytes: not a configuration", name,
                       FB_CONFIG_MAX_BYTES);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *d, &d, error));
    FB_TRY(fb_memory_allocate(strlen(name) + 1, 1, &d->name, error));
    FB_TRY(fb_memory_allocate(n_bytes + 1, 1, &d->bytes, error));
    memcpy(d->name, name, strlen(name));
    memcpy(d->bytes, text, n_bytes);
    d->n_bytes = n_bytes;
    FB_TRY(load(d, error));
    *out = d;
    d = NULL;
cleanup:
    fb_config_document_free(d);
    return status;
}

fb_status fb_config_document_read(const char *path, fb_config_document **out, fb_error *error)
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
    FB_TRY(fb_config_document_parse(bytes, n, path, out, error));
cleanup:
    free(bytes);
    fclose(stream);
    return status;
}

/* --- asking ---------------------------------------------------------------------------------------------------------
 */

bool fb_config_document_is_empty(const fb_config_document *document)
{
    return yaml_document_get_root_node((yaml_document_t *)&document->yaml) == NULL;
}

const char *fb_config_document_bytes(const fb_config_document *document, size_t *n_bytes)
{
    *n_bytes = document->n_bytes;
    return document->bytes;
}

static const yaml_node_pair_t *find_pair(yaml_document_t *yaml, const yaml_node_t *mapping, const char *key)
{
    if (mapping == NULL || mapping->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top; p++) {
        if (fb_config_document_same_key(text_of(yaml_document_get_node(yaml, p->key)), key)) {
            return p;
        }
    }
    return NULL;
}

size_t fb_config_document_line(const fb_config_document *document, const char *section, const char *key)
{
    yaml_document_t *yaml = (yaml_document_t *)&document->yaml;
    const yaml_node_t *mapping = yaml_document_get_root_node(yaml);
    if (section != NULL) {
        const yaml_node_pair_t *found = find_pair(yaml, mapping, section);
        mapping = found != NULL ? yaml_document_get_node(yaml, found->value) : NULL;
    }
    const yaml_node_pair_t *pair = find_pair(yaml, mapping, key);
    return pair != NULL ? line_of(yaml_document_get_node(yaml, pair->key)) : 0;
}

void fb_config_document_free(fb_config_document *document)
{
    if (document == NULL) {
        return;
    }
    if (document->is_loaded) {
        yaml_document_delete(&document->yaml);
    }
    free(document->name);
    free(document->bytes);
    free(document);
}
