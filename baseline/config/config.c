#include "baseline/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config_reader.h"
#include "baseline/config/suggestion.h"
#include "models/common/memory.h"
#include "models/common/text.h"

/* --- files that stay ------------------------------------------------------------------------------------------------
 * Options point to texts and do not own them: on the command line they are in argv, those of a file in its reader. */

static fb_config_reader **kept;
static size_t n_kept, capacity;

void fb_config_forget(void)
{
    while (n_kept > 0) {
        fb_config_reader_free(kept[--n_kept]);
    }
    free(kept);
    kept = NULL;
    capacity = 0;
}

/* --- sections ----------------------------------------------------------------------------------------------------- */

/* "plot" itself has no options. */
static const char *const sections[] = {
#define FB_COMMAND_NAME(name, summary) #name,
    FB_COMMAND_LIST(FB_COMMAND_NAME)
#undef FB_COMMAND_NAME
        "plot-templates",
    "plot-scores", "plot-nll", "plot-coverage", NULL};

static bool is_section(const char *name)
{
    return fb_text_find(name, sections) >= 0 && strcmp(name, "plot") != 0;
}

/* What a section is read into. */
typedef struct target {
    const fb_config_reader *reader;
    const char *section;
    fb_option_table *table;
} target;

/* "'bin' is no key of train; known are ...; did you mean bins?"; `key` of the section, or a section itself. */
static fb_status unknown(const target *t, const fb_config_node *key, bool in_section, fb_error *error)
{
    char known[768] = "", text[FB_SUGGESTION_SIZE];
    size_t used = 0;
    fb_suggestion meant = fb_suggestion_start(key->text);
    for (int k = 0; in_section ? k < t->table->n : sections[k] != NULL; k++) {
        const char *one = in_section ? t->table->option[k].name : sections[k];
        if (in_section || is_section(one)) {
            fb_suggestion_offer(&meant, one);
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", one);
            used = used < sizeof known ? used : sizeof known - 1;
        }
    }
    fb_status status = fb_fail(error, FB_ERROR_USAGE, "'%.60s' is no %s%s; known are %s%s", key->text,
                               in_section ? "key of " : "section", in_section ? t->section : "", known,
                               fb_suggestion_text(&meant, "", text));
    return fb_config_reader_locate(t->reader, key, status, error);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static fb_status set_one(const target *t, fb_option *option, const fb_config_node *value, fb_error *error)
{
    const fb_status status =
        value->kind == FB_CONFIG_TEXT
            ? fb_option_set(option, value->text, error)
            : fb_fail(error, FB_ERROR_USAGE, "'%s' takes single values, no lists or keys in it", option->name);
    return status != FB_OK ? fb_config_reader_locate(t->reader, value, status, error) : FB_OK;
}

/* Item k of a list beside those before it. */
static fb_status check_again(const target *t, const fb_option *option, const fb_config_node *list, int k,
                             fb_error *error)
{
    const fb_config_node item = fb_config_reader_child(t->reader, list, k);
    for (int j = 0; j < k; j++) {
        const fb_config_node before = fb_config_reader_child(t->reader, list, j);
        const fb_status status = fb_option_check_again(option, before.text, item.text, error);
        if (status != FB_OK) {
            return fb_config_reader_locate(t->reader, &item, status, error);
        }
    }
    return FB_OK;
}

static fb_status set_option(const target *t, fb_option *option, const fb_config_node *value, fb_error *error)
{
    fb_status status = FB_OK;
    if (!fb_option_is_list(option)) {
        return set_one(t, option, value, error);
    }
    if (value->kind != FB_CONFIG_LIST) {
        status = fb_fail(error, FB_ERROR_USAGE, "'%s' is a list: [a, b], or lines that begin with '- '", option->name);
        return fb_config_reader_locate(t->reader, value, status, error);
    }
    fb_option_begin_list(option);
    for (int k = 0; k < value->n; k++) {
        const fb_config_node item = fb_config_reader_child(t->reader, value, k);
        FB_TRY(set_one(t, option, &item, error));
        FB_TRY(check_again(t, option, value, k, error));
    }
cleanup:
    return status;
}

/* Of two keys of one section that contradict each other none can be meant to override the other. Flags may be there to be
 * false, lists to be empty. */
static fb_status check_contradictions(const target *t, const fb_config_node *section, fb_error *error)
{
    for (int k = 0; k < section->n; k += 2) {
        const fb_config_node key = fb_config_reader_child(t->reader, section, k);
        const fb_option *one = fb_option_find(t->table, key.text);
        for (int j = 0; j < section->n && one->argument != NULL; j += 2) {
            const fb_config_node other = fb_config_reader_child(t->reader, section, j);
            const fb_config_node value = fb_config_reader_child(t->reader, section, j + 1);
            const bool is_empty = value.kind == FB_CONFIG_LIST && value.n == 0;
            if (!is_empty && fb_option_excludes(one, fb_option_find(t->table, other.text))) {
                const fb_status status =
                    fb_fail(error, FB_ERROR_USAGE, "'%s' and '%s' contradict each other: give one of them", other.text,
                            key.text);
                return fb_config_reader_locate(t->reader, &other, status, error);
            }
        }
    }
    return FB_OK;
}

static fb_status set_section(const target *t, const fb_config_node *section, fb_error *error)
{
    fb_status status = FB_OK;
    if (section->kind != FB_CONFIG_SECTION) {
        status = fb_fail(error, FB_ERROR_USAGE, "'%s' is a section: lines of 'key: value'", t->section);
        return fb_config_reader_locate(t->reader, section, status, error);
    }
    for (int k = 0; k < section->n; k += 2) {
        const fb_config_node key = fb_config_reader_child(t->reader, section, k);
        const fb_config_node value = fb_config_reader_child(t->reader, section, k + 1);
        fb_option *option = fb_option_find(t->table, key.text);
        FB_TRY(option != NULL ? set_option(t, option, &value, error) : unknown(t, &key, true, error));
    }
    FB_TRY(check_contradictions(t, section, error));
cleanup:
    return status;
}

/* What was read stays, as options point to it. */
static fb_status apply(fb_config_reader *reader, const char *section, fb_option_table *table, fb_error *error)
{
    const target t = {reader, section, table};
    fb_config_node root;
    fb_status status = fb_memory_grow(&kept, &capacity, n_kept + 1, sizeof *kept, error);
    if (status != FB_OK) {
        fb_config_reader_free(reader);
        return status;
    }
    kept[n_kept++] = reader;
    if (!fb_config_reader_root(reader, &root)) {
        return FB_OK;
    }
    if (root.kind != FB_CONFIG_SECTION) {
        status =
            fb_fail(error, FB_ERROR_DATA, "expected sections, such as 'train:', with lines of 'key: value' below them");
        return fb_config_reader_locate(reader, &root, status, error);
    }
    for (int k = 0; k < root.n; k += 2) {
        const fb_config_node key = fb_config_reader_child(reader, &root, k);
        const fb_config_node value = fb_config_reader_child(reader, &root, k + 1);
        if (strcmp(key.text, section) == 0) {
            FB_TRY(set_section(&t, &value, error));
        } else if (!is_section(key.text)) {
            FB_TRY(unknown(&t, &key, false, error));
        }
    }
cleanup:
    return status;
}

/* --- files and texts ---------------------------------------------------------------------------------------------- */

fb_status fb_config_apply(const char *path, const char *section, fb_option_table *table, fb_error *error)
{
    fb_config_reader *reader = NULL;
    const fb_status status = fb_config_reader_open(path, &reader, error);
    return status == FB_OK ? apply(reader, section, table, error) : status;
}

fb_status fb_config_apply_text(const char *text, const char *name, const char *section, fb_option_table *table,
                               fb_error *error)
{
    fb_config_reader *reader = NULL;
    const fb_status status = fb_config_reader_parse(text, strlen(text), name, &reader, error);
    return status == FB_OK ? apply(reader, section, table, error) : status;
}
