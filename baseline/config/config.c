#include "baseline/config/config.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "baseline/config/command_list.h"
#include "baseline/config/config_document.h"
#include "models/common/memory.h"

/* --- texts that stay -------------------------------------------------------------------------------------------------
 * Options point to texts and do not own them: on the command line they are in argv. Those of a file are kept here, each
 * once, until fb_config_forget. */

typedef struct kept_text {
    struct kept_text *next;
    char text[];
} kept_text;

static kept_text *kept;

static const char *keep(const char *text)
{
    for (const kept_text *k = kept; k != NULL; k = k->next) {
        if (strcmp(k->text, text) == 0) {
            return k->text;
        }
    }
    kept_text *one = malloc(sizeof *one + strlen(text) + 1);
    if (one == NULL) {
        return NULL;
    }
    strcpy(one->text, text);
    one->next = kept;
    kept = one;
    return one->text;
}

void fb_config_forget(void)
{
    while (kept != NULL) {
        kept_text *next = kept->next;
        free(kept);
        kept = next;
    }
}

/* --- the schema -----------------------------------------------------------------------------------------------------
 * libcyaml gets one made from the table of options. Every value is loaded as text and then read like a word on the
 * command line: libcyaml's own numbers take -1 as 18446744073709551615 and 1e3 as 1. */

/* What libcyaml fills for one key. */
typedef struct slot {
    char *text;
    char **item; /* [n_items] */
    uint32_t n_items;
} slot;

typedef struct file_root {
    slot *section;
} file_root;

typedef struct schema {
    cyaml_schema_field_t *section, *root; /* end with a key that is NULL */
    char **key;                           /* [n_options] spelt with '_' */
    int n_options;
    char name[32]; /* of the section */
    cyaml_schema_value_t top;
} schema;

static const cyaml_schema_value_t text_item = {
    .type = CYAML_STRING, .flags = CYAML_FLAG_POINTER, .data_size = sizeof(char), .string = {0, CYAML_UNLIMITED}};

/* "plot" itself has no options. */
static const char *const sections[] = {
#define FB_COMMAND_NAME(name, summary) #name,
    FB_COMMAND_LIST(FB_COMMAND_NAME)
#undef FB_COMMAND_NAME
        "plot-templates",
    "plot-scores", "plot-nll", "plot-coverage"};

enum { N_SECTIONS = sizeof sections / sizeof sections[0] };

static cyaml_schema_field_t field_of(const fb_option *option, const char *key, int which)
{
    const uint32_t offset = (uint32_t)((size_t)which * sizeof(slot));
    cyaml_schema_field_t field = {.key = key, .data_offset = offset + (uint32_t)offsetof(slot, text)};
    field.value = text_item;
    if (option->kind == FB_OPTION_LIST) {
        field.data_offset = offset + (uint32_t)offsetof(slot, item);
        field.count_offset = offset + (uint32_t)offsetof(slot, n_items);
        field.count_size = sizeof(uint32_t);
        field.value = (cyaml_schema_value_t){.type = CYAML_SEQUENCE,
                                             .flags = CYAML_FLAG_POINTER,
                                             .data_size = sizeof(char *),
                                             .sequence = {&text_item, 0, FB_MAX_LIST}};
    }
    field.value.flags |= CYAML_FLAG_OPTIONAL;
    return field;
}

static void schema_clear(schema *s)
{
    for (int k = 0; s->key != NULL && k < s->n_options; k++) {
        free(s->key[k]);
    }
    free(s->key);
    free(s->section);
    free(s->root);
}

/* Two keys and two slots for an option, [0, n) with '-' and [n, 2 n) with '_', if these differ. */
static fb_status schema_create(const char *section, const fb_option *options, int n, schema *s, fb_error *error)
{
    fb_status status = FB_OK;
    int n_fields = 0, n_root = 0;
    s->n_options = n;
    snprintf(s->name, sizeof s->name, "%s", section);
    for (char *blank = s->name; (blank = strchr(blank, ' ')) != NULL;) {
        *blank = '-';
    }
    FB_TRY(fb_memory_allocate((size_t)n + 1, sizeof *s->key, &s->key, error));
    FB_TRY(fb_memory_allocate(2 * (size_t)n + 1, sizeof *s->section, &s->section, error));
    FB_TRY(fb_memory_allocate(N_SECTIONS + 2, sizeof *s->root, &s->root, error));
    for (int k = 0; k < n; k++) {
        s->section[n_fields++] = field_of(&options[k], options[k].name, k);
        if (strchr(options[k].name, '-') != NULL) {
            FB_TRY(fb_memory_allocate(strlen(options[k].name) + 1, 1, &s->key[k], error));
            strcpy(s->key[k], options[k].name);
            for (char *dash = s->key[k]; (dash = strchr(dash, '-')) != NULL;) {
                *dash = '_';
            }
            s->section[n_fields++] = field_of(&options[k], s->key[k], n + k);
        }
    }
    s->root[n_root++] = (cyaml_schema_field_t){.key = s->name,
                                               .data_offset = offsetof(file_root, section),
                                               .value = {.type = CYAML_MAPPING,
                                                         .flags = CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
                                                         .data_size = (uint32_t)(2 * (size_t)n * sizeof(slot)),
                                                         .mapping = {s->section}}};
    for (int k = 0; k < N_SECTIONS; k++) {
        if (strcmp(sections[k], s->name) != 0 && strcmp(sections[k], "plot") != 0) {
            s->root[n_root++] = (cyaml_schema_field_t){.key = sections[k],
                                                       .value = {.type = CYAML_IGNORE, .flags = CYAML_FLAG_OPTIONAL}};
        }
    }
    s->top = (cyaml_schema_value_t){
        .type = CYAML_MAPPING, .flags = CYAML_FLAG_POINTER, .data_size = sizeof(file_root), .mapping = {s->root}};
cleanup:
    return status;
}

/* --- what libcyaml says, in one line --------------------------------------------------------------------------------
 */

typedef struct complaint {
    char what[256];
    char key[64]; /* the innermost */
    int n_levels; /* of keys: 1 in a section, 2 in the value of one of its keys */
} complaint;

/* It comes as "Load: <what>", "Load: Backtrace:" and one line per level, "  in mapping field 'bins' (line: 2, column:
 * 9)", from the inside outwards. The lines told are not used: that of an unknown key is the one before it. */
FB_PRINTF(3, 0)
static void listen(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    complaint *c = context;
    char text[512], key[64] = "";
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    if (level < CYAML_LOG_ERROR) {
        return;
    }
    if (sscanf(text, "  in mapping field '%63[^']'", key) == 1) {
        if (c->n_levels++ == 0) {
            memcpy(c->key, key, sizeof key);
        }
    } else if (c->what[0] == '\0' && strstr(text, "Backtrace") == NULL) {
        snprintf(c->what, sizeof c->what, "%.255s", strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
    }
}

/* A file that is read, and what for. */
typedef struct reading {
    const fb_config_document *document;
    const char *name; /* of the file */
    const fb_option *options;
    schema schema;
} reading;

static fb_status unknown_key(const complaint *c, const reading *r, fb_error *error)
{
    static const char before[] = "Unexpected key: ";
    const bool in_section = c->n_levels > 0;
    const char *key = strncmp(c->what, before, sizeof before - 1) == 0 ? c->what + sizeof before - 1 : c->what;
    char known[768] = "";
    size_t used = 0;
    for (int k = 0; k < (in_section ? r->schema.n_options : N_SECTIONS) && used < sizeof known; k++) {
        const char *one = in_section ? r->options[k].name : sections[k];
        if (in_section || strcmp(one, "plot") != 0) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", one);
        }
    }
    return fb_fail(error, FB_ERROR_USAGE, "%s: line %zu: '%.60s' is no %s%s; known are %s", r->name,
                   fb_config_document_line(r->document, in_section ? r->schema.name : NULL, key), key,
                   in_section ? "key of " : "section", in_section ? r->schema.name : "", known);
}

static fb_status translate(cyaml_err_t code, const complaint *c, const reading *r, fb_error *error)
{
    static const struct {
        const char *said, *meant;
    } kinds[] = {{"Expecting SEQUENCE", "is a list: [a, b], or lines that begin with '- '"},
                 {"Expecting STRING", "takes single values, no lists or keys in it"},
                 {"Expecting MAPPING", "is a section: lines of 'key: value'"}};
    const size_t line = fb_config_document_line(r->document, c->n_levels > 1 ? r->schema.name : NULL, c->key);
    if (code == CYAML_ERR_OOM) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: no memory to read it", r->name);
    }
    if (code == CYAML_ERR_INVALID_KEY) {
        return unknown_key(c, r, error);
    }
    if (code == CYAML_ERR_SEQUENCE_ENTRIES_MAX) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: line %zu: '%s' has more than %d items", r->name, line, c->key,
                       FB_MAX_LIST);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (strncmp(c->what, kinds[k].said, strlen(kinds[k].said)) == 0) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: line %zu: '%s' %s", r->name, line, c->key, kinds[k].meant);
        }
    }
    return fb_fail(error, FB_ERROR_DATA, "%s: line %zu: %s%s%s", r->name, line, cyaml_strerror(code),
                   c->what[0] != '\0' ? ": " : "", c->what);
}

/* --- from slots to options ------------------------------------------------------------------------------------------
 */

static fb_status set_flag(const fb_option *option, const char *text, fb_error *error)
{
    static const char *const words[2][3] = {{"false", "no", "off"}, {"true", "yes", "on"}};
    for (int k = 0; k < 6; k++) {
        if (strcasecmp(text, words[k / 3][k % 3]) == 0) {
            *(bool *)option->value = k >= 3;
            return FB_OK;
        }
    }
    return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not true or false", option->name, text);
}

static fb_status set_text(const fb_option *option, const char *text, fb_error *error)
{
    if (option->kind == FB_OPTION_FLAG) {
        return set_flag(option, text, error);
    }
    if (option->kind == FB_OPTION_TEXT || option->kind == FB_OPTION_LIST) {
        text = keep(text);
    }
    return text != NULL ? fb_command_line_set_option(option, text, error)
                        : fb_fail(error, FB_ERROR_MEMORY, "--%s: no memory for its text", option->name);
}

static fb_status set_slot(const fb_option *option, const slot *from, fb_error *error)
{
    fb_status status = FB_OK;
    if (from->text != NULL) {
        FB_TRY(set_text(option, from->text, error));
    }
    for (uint32_t k = 0; k < from->n_items; k++) {
        FB_TRY(set_text(option, from->item[k], error));
    }
cleanup:
    return status;
}

static fb_status set_all(const reading *r, const slot *slots, fb_error *error)
{
    const int n = r->schema.n_options;
    for (int k = 0; k < 2 * n; k++) {
        const fb_option *option = &r->options[k % n];
        fb_status status = set_slot(option, &slots[k], error);
        if (status != FB_OK) {
            return fb_fail_prefix(error, status, "%s: line %zu", r->name,
                                  fb_config_document_line(r->document, r->schema.name, option->name));
        }
    }
    return FB_OK;
}

static fb_status apply(const fb_config_document *document, const char *name, const char *section,
                       const fb_option *options, int n_options, fb_error *error)
{
    complaint said = {.n_levels = 0};
    const cyaml_config_t config = {
        .log_fn = listen, .log_ctx = &said, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
    reading r = {.document = document, .name = name, .options = options};
    file_root *root = NULL;
    size_t n_bytes = 0;
    fb_status status = FB_OK;
    if (fb_config_document_is_empty(document)) {
        return FB_OK;
    }
    FB_TRY(schema_create(section, options, n_options, &r.schema, error));
    const char *bytes = fb_config_document_bytes(document, &n_bytes);
    const cyaml_err_t code =
        cyaml_load_data((const uint8_t *)bytes, n_bytes, &config, &r.schema.top, (cyaml_data_t **)(void *)&root, NULL);
    if (code != CYAML_OK) {
        status = translate(code, &said, &r, error);
    } else if (root != NULL && root->section != NULL) {
        status = set_all(&r, root->section, error);
    }
cleanup:
    if (root != NULL) {
        cyaml_free(&config, &r.schema.top, root, 0);
    }
    schema_clear(&r.schema);
    return status;
}

/* --- the doors ------------------------------------------------------------------------------------------------------
 */

fb_status fb_config_apply(const char *path, const char *section, const fb_option *options, int n_options,
                          fb_error *error)
{
    fb_config_document *document = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_config_document_read(path, &document, error));
    FB_TRY(apply(document, path, section, options, n_options, error));
cleanup:
    fb_config_document_free(document);
    return status;
}

fb_status fb_config_apply_text(const char *text, const char *name, const char *section, const fb_option *options,
                               int n_options, fb_error *error)
{
    fb_config_document *document = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_config_document_parse(text, strlen(text), name, &document, error));
    FB_TRY(apply(document, name, section, options, n_options, error));
cleanup:
    fb_config_document_free(document);
    return status;
}
