#include "baseline/config/option.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "models/common/text.h"

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* Tables are made by the code, never by a user: one that is too long is a mistake in it. */
static fb_option *add(fb_option_table *table, fb_option_kind kind, const char *name, const char *argument, void *value,
                      const char *help)
{
    assert(table->n < FB_OPTION_MOST);
    fb_option *option = &table->option[table->n++];
    *option = (fb_option){
        .name = name, .argument = argument, .kind = kind, .value = value, .group = table->group, .help = help};
    return option;
}

static fb_option *add_in_range(fb_option_table *table, fb_option_kind kind, const char *name, const char *argument,
                               void *value, double low, double high, const char *help)
{
    fb_option *option = add(table, kind, name, argument, value, help);
    option->low = low;
    option->high = high;
    return option;
}

fb_option *fb_option_add_flag(fb_option_table *table, const char *name, bool *value, const char *help)
{
    return add(table, FB_OPTION_FLAG, name, NULL, value, help);
}

void fb_option_add_no_flag(fb_option_table *table, const char *name, bool *value, const char *help)
{
    add(table, FB_OPTION_NO_FLAG, name, NULL, value, help);
}

fb_option *fb_option_add_count(fb_option_table *table, const char *name, const char *argument, uint64_t *value,
                               double low, double high, const char *help)
{
    return add_in_range(table, FB_OPTION_COUNT, name, argument, value, low, high, help);
}

void fb_option_add_integer(fb_option_table *table, const char *name, const char *argument, int *value, int low,
                           int high, const char *help)
{
    add_in_range(table, FB_OPTION_INTEGER, name, argument, value, low, high, help);
}

fb_option *fb_option_add_number(fb_option_table *table, const char *name, const char *argument, double *value,
                                double low, double high, const char *help)
{
    return add_in_range(table, FB_OPTION_NUMBER, name, argument, value, low, high, help);
}

fb_option *fb_option_add_text(fb_option_table *table, const char *name, const char *argument, const char **value,
                              const char *help)
{
    return add(table, FB_OPTION_TEXT, name, argument, value, help);
}

fb_option *fb_option_add_output(fb_option_table *table, const char *argument, const char **value, const char *help)
{
    fb_option *option = add(table, FB_OPTION_TEXT, "output", argument, value, help);
    option->letter = 'o';
    option->is_needed = true;
    return option;
}

fb_option *fb_option_add_output_file(fb_option_table *table, const char *argument, const char **value, const char *help)
{
    fb_option *option = fb_option_add_output(table, argument, value, help);
    option->is_file = true;
    return option;
}

fb_option *fb_option_add_overwrite(fb_option_table *table, bool *value)
{
    return fb_option_add_flag(table, "overwrite", value, "replace results that are there already");
}

void fb_option_add_list(fb_option_table *table, const char *name, const char *argument, fb_text_list *value,
                        const char *help)
{
    add(table, FB_OPTION_LIST, name, argument, value, help);
}

fb_option *fb_option_add_choice(fb_option_table *table, const char *name, const char *argument, void *value,
                                const char *const *names, const char *help)
{
    fb_option *option = add(table, FB_OPTION_CHOICE, name, argument, value, help);
    option->names = names;
    return option;
}

fb_option *fb_option_add_parsed(fb_option_table *table, const char *name, const char *argument, void *value,
                                const fb_option_type *type, const char *help)
{
    fb_option *option = add(table, FB_OPTION_PARSED, name, argument, value, help);
    option->type = type;
    return option;
}

bool fb_option_same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b)) {
            return false;
        }
    }
    return *a == *b;
}

static const fb_option *find(const fb_option_table *table, const char *name)
{
    for (int k = 0; k < table->n; k++) {
        if (fb_option_same_name(table->option[k].name, name)) {
            return &table->option[k];
        }
    }
    return NULL;
}

fb_option *fb_option_find(fb_option_table *table, const char *name)
{
    return (fb_option *)find(table, name);
}

bool fb_option_is_list(const fb_option *option)
{
    return option->kind == FB_OPTION_LIST || (option->kind == FB_OPTION_PARSED && option->type->is_list);
}

void fb_option_begin_list(const fb_option *option)
{
    if (option->kind == FB_OPTION_PARSED && option->type->clear != NULL) {
        option->type->clear(option->value);
    }
}

/* Whether two items of a list are of the form KEY=VALUE with the same key: "soft_met=1" and "soft-met=2", or "tes". */
static bool have_same_key(const fb_option *option, const char *a, const char *b)
{
    char key[2][FB_OPTION_TEXT_SIZE];
    snprintf(key[0], sizeof key[0], "%.*s", (int)strcspn(a, "="), a);
    snprintf(key[1], sizeof key[1], "%.*s", (int)strcspn(b, "="), b);
    return strchr(option->argument, '=') != NULL && fb_option_same_name(key[0], key[1]);
}

/* --- from text ---------------------------------------------------------------------------------------------------- */

static fb_status set_flag(const fb_option *option, const char *text, fb_error *error)
{
    static const char *const words[] = {"false", "no", "off", "true", "yes", "on"};
    int k = 0;
    for (; text != NULL && k < 6 && strcasecmp(text, words[k]) != 0; k++) {
    }
    if (k == 6) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not true or false", option->name, text);
    }
    const bool is_given = text == NULL || k >= 3;
    *(bool *)option->value = is_given == (option->kind == FB_OPTION_FLAG);
    return FB_OK;
}

/* 1e6 is whole and exact. */
bool fb_option_read_whole(const char *text, uint64_t *count)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    double number = 0.0;
    if (fb_text_to_u64(text, count)) {
        return true;
    }
    if (strpbrk(text, "eE") == NULL || !fb_text_to_double(text, &number) || !(number >= 0.0 && number <= exact) ||
        number != floor(number)) {
        return false;
    }
    *count = (uint64_t)number;
    return true;
}

static fb_status set_whole(const fb_option *option, const char *text, fb_error *error)
{
    uint64_t count = 0;
    if (!fb_option_read_whole(text, &count) || (double)count < option->low || (double)count > option->high) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not a whole number from %.0f to %.0f", option->name, text,
                       option->low, option->high);
    }
    if (option->kind == FB_OPTION_COUNT) {
        *(uint64_t *)option->value = count;
    } else {
        *(int *)option->value = (int)count;
    }
    return FB_OK;
}

static fb_status set_number(const fb_option *option, const char *text, fb_error *error)
{
    double number = 0.0;
    if (!fb_text_to_double(text, &number) || number < option->low || number > option->high) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not a number from %g to %g", option->name, text,
                       option->low, option->high);
    }
    *(double *)option->value = number;
    return FB_OK;
}

/* An item takes the place of an earlier one with its key, of a configuration that is overridden. */
static fb_status set_item(const fb_option *option, const char *text, fb_error *error)
{
    fb_text_list *list = option->value;
    for (int k = 0; k < list->n; k++) {
        if (have_same_key(option, list->item[k], text)) {
            list->item[k] = text;
            return FB_OK;
        }
    }
    if (list->n == FB_MAX_LIST) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s: more than %d values", option->name, FB_MAX_LIST);
    }
    list->item[list->n++] = text;
    return FB_OK;
}

static fb_status set_choice(const fb_option *option, const char *text, fb_error *error)
{
    char known[FB_OPTION_TEXT_SIZE] = "";
    const int which = fb_text_find(text, option->names);
    if (which >= 0) {
        *(int *)option->value = which;
        return FB_OK;
    }
    for (int k = 0; option->names[k] != NULL; k++) {
        const size_t used = strlen(known);
        const char *between = option->names[k + 1] != NULL ? ", " : " or ";
        snprintf(known + used, sizeof known - used, "%s%s", k > 0 ? between : "", option->names[k]);
    }
    return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not %s", option->name, text, known);
}

fb_status fb_option_set(fb_option *option, const char *text, fb_error *error)
{
    fb_status status = FB_OK;
    option->is_given = true;
    switch (option->kind) {
    case FB_OPTION_FLAG:
    case FB_OPTION_NO_FLAG:
        return set_flag(option, text, error);
    case FB_OPTION_COUNT:
    case FB_OPTION_INTEGER:
        return set_whole(option, text, error);
    case FB_OPTION_NUMBER:
        return set_number(option, text, error);
    case FB_OPTION_TEXT:
        *(const char **)option->value = text;
        return FB_OK;
    case FB_OPTION_LIST:
        return set_item(option, text, error);
    case FB_OPTION_CHOICE:
        return set_choice(option, text, error);
    case FB_OPTION_PARSED:
        status = option->type->parse(text, option->value, error);
        return status != FB_OK ? fb_fail_prefix(error, status, "--%s: '%.100s'", option->name, text) : FB_OK;
    }
    return status;
}

/* --- options beside each other ------------------------------------------------------------------------------------- */

/* Whether `name` is among the words of a text. */
static bool has_word(const char *text, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = text; at != NULL && (at = strstr(at, name)) != NULL; at += length) {
        if ((at == text || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

bool fb_option_excludes(const fb_option *one, const fb_option *other)
{
    return has_word(one->excludes, other->name);
}

fb_status fb_option_check_again(const fb_option *option, const char *before, const char *text, fb_error *error)
{
    if (option->argument == NULL) { /* a flag says the same twice */
        return FB_OK;
    }
    if (!fb_option_is_list(option)) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s %.100s: is given already, as %.100s, and takes one value",
                       option->name, text, before);
    }
    if (have_same_key(option, before, text)) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s %.100s: '%.*s' is given already, as %.100s", option->name, text,
                       (int)strcspn(text, "="), text, before);
    }
    return FB_OK;
}

/* --- to text ------------------------------------------------------------------------------------------------------ */

static const char *number_text(const fb_option *option, double number, char buffer[FB_OPTION_TEXT_SIZE])
{
    if (!(number >= option->low && number <= option->high)) {
        return NULL;
    }
    if (option->kind == FB_OPTION_COUNT) { /* beyond 2^53, where a double has not all digits */
        snprintf(buffer, FB_OPTION_TEXT_SIZE, "%" PRIu64, *(const uint64_t *)option->value);
        return buffer;
    }
    return fb_text_of_double(number, buffer);
}

const char *fb_option_text(const fb_option *option, int k, char buffer[FB_OPTION_TEXT_SIZE])
{
    const fb_text_list *list = option->value;
    if (k > 0 && !fb_option_is_list(option)) {
        return NULL;
    }
    switch (option->kind) {
    case FB_OPTION_FLAG:
    case FB_OPTION_NO_FLAG:
        return *(const bool *)option->value == (option->kind == FB_OPTION_FLAG) ? "true" : "false";
    case FB_OPTION_COUNT:
        return number_text(option, (double)*(const uint64_t *)option->value, buffer);
    case FB_OPTION_INTEGER:
        return number_text(option, *(const int *)option->value, buffer);
    case FB_OPTION_NUMBER:
        return number_text(option, *(const double *)option->value, buffer);
    case FB_OPTION_TEXT:
        return *(const char *const *)option->value;
    case FB_OPTION_LIST:
        return k < list->n ? list->item[k] : NULL;
    case FB_OPTION_CHOICE:
        return option->names[*(const int *)option->value];
    case FB_OPTION_PARSED:
        return option->type->write(option->value, k, buffer) ? buffer : NULL;
    }
    return NULL;
}
