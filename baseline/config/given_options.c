#include "baseline/config/given_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

void fb_given_options_clear(fb_given_options *given)
{
    free(given->item);
    *given = (fb_given_options){0};
}

fb_status fb_given_options_set(fb_given_options *given, fb_option *option, const char *text, fb_error *error)
{
    fb_status status = FB_OK;
    FB_TRY(fb_memory_grow(&given->item, &given->capacity, given->n + 1, sizeof *given->item, error));
    for (size_t k = 0; k < given->n; k++) {
        FB_TRY(given->item[k].option == option ? fb_option_check_again(option, given->item[k].text, text, error)
                                               : FB_OK);
    }
    if (!option->is_typed) {
        fb_option_begin_list(option);
    }
    FB_TRY(fb_option_set(option, text, error));
    option->is_typed = true;
    given->item[given->n++] = (fb_given_option){option, text};
cleanup:
    return status;
}

/* --- beside each other -------------------------------------------------------------------------------------------- */

static bool is_flag(const fb_option *option)
{
    return option->kind == FB_OPTION_FLAG || option->kind == FB_OPTION_NO_FLAG;
}

/* Given, and if it is a flag, not taken back with "false". */
static bool is_in_force(const fb_option *option)
{
    return option->is_given && (!is_flag(option) || *(const bool *)option->value == (option->kind == FB_OPTION_FLAG));
}

/* Whether `one` has `other` ignored. The values of a configuration are there to be overridden, but for its flags. */
static bool overrules(const fb_option *one, const fb_option *other)
{
    return is_in_force(one) && (one->is_typed || is_flag(one)) && fb_option_excludes(one, other);
}

/* The option of "name" or "name=value", n characters; *wanted: where the value begins, or NULL. */
static const fb_option *find_word(fb_option_table *table, const char *word, size_t n, const char **wanted)
{
    char name[FB_OPTION_TEXT_SIZE];
    const size_t length = strcspn(word, "= ");
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    *wanted = length < n ? word + length + 1 : NULL;
    return fb_option_find(table, name);
}

static fb_status check_value(const fb_option *option, const fb_option *needed, const char *wanted, fb_error *error)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    const char *value = fb_option_text(needed, 0, buffer);
    const size_t n = strcspn(wanted, " ");
    const bool is_wanted = value != NULL && strlen(value) == n && strncmp(value, wanted, n) == 0;
    if (value == NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "--%s means nothing without --%s %.*s", option->name, needed->name,
                       (int)n, wanted);
    }
    return is_wanted
               ? FB_OK
               : fb_fail(error, FB_ERROR_USAGE, "--%s means nothing with --%s %s", option->name, needed->name, value);
}

/* Each of the words that `option` needs. */
static fb_status check_needs(fb_option_table *table, const fb_option *option, fb_error *error)
{
    const char *word = option->needs;
    fb_status status = FB_OK;
    for (size_t n = 0; word != NULL && *word != '\0'; word += n + (word[n] == ' ')) {
        const char *wanted = NULL;
        n = strcspn(word, " ");
        const fb_option *needed = find_word(table, word, n, &wanted);
        if (wanted == NULL && (needed == NULL || !is_in_force(needed))) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s means nothing without --%.*s", option->name, (int)n, word);
        }
        FB_TRY(wanted != NULL && needed != NULL ? check_value(option, needed, wanted, error) : FB_OK);
    }
cleanup:
    return status;
}

fb_status fb_given_options_check(fb_option_table *table, fb_error *error)
{
    const fb_option *end = table->option + table->n;
    fb_status status = FB_OK;
    for (const fb_option *one = table->option; one < end; one++) {
        if (!one->is_typed) {
            continue;
        }
        for (const fb_option *other = table->option; other < end; other++) {
            if (overrules(other, one)) {
                return fb_fail(error, FB_ERROR_USAGE, "--%s and --%s%s contradict each other: give one of them",
                               one->name, other->name, other->is_typed ? "" : " (of the configuration)");
            }
        }
        FB_TRY(check_needs(table, one, error));
    }
cleanup:
    return status;
}
