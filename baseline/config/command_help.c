#include "baseline/config/command_help.h"

#include <stdio.h>
#include <string.h>

#include "models/common/build_info.h"
#include "models/common/instruction_set.h"

fb_command_help_form fb_command_help_asked(const char *word)
{
    static const struct {
        const char *word;
        fb_command_help_form form;
    } known[] = {{"-h", FB_COMMAND_HELP_TEXT},
                 {"--help", FB_COMMAND_HELP_TEXT},
                 {"--help=man", FB_COMMAND_HELP_MAN},
                 {"--help=words", FB_COMMAND_HELP_WORDS}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (strcmp(word, known[k].word) == 0) {
            return known[k].form;
        }
    }
    return FB_COMMAND_HELP_NONE;
}

void fb_command_help_version(void)
{
    printf("fair-baseline %s\n%s, %s kernels\n", fb_build_info_version(), fb_build_info_compiler(),
           fb_instruction_set_name(fb_instruction_set_best()));
}

/* The default of an option; NULL: it has none, or takes no value. */
static const char *default_of(const fb_option *option, char buffer[FB_OPTION_TEXT_SIZE])
{
    const bool has_default = option->argument != NULL && !fb_option_is_list(option);
    return has_default ? fb_option_text(option, 0, buffer) : NULL;
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

static const char *group_of(const fb_option *option)
{
    return option->group != NULL ? option->group : "options";
}

static bool is_first_of_group(const fb_option_table *table, const fb_option *option)
{
    for (const fb_option *before = table->option; before < option; before++) {
        if (strcmp(group_of(before), group_of(option)) == 0) {
            return false;
        }
    }
    return true;
}

typedef void print_group(const char *name);
typedef void print_option(const fb_option *option);

/* Groups in the order of their first options, and in each its options in their order. */
static void print_groups(const fb_option_table *table, print_group *heading, print_option *print)
{
    const fb_option *end = table->option + table->n;
    for (const fb_option *first = table->option; first < end; first++) {
        if (!is_first_of_group(table, first)) {
            continue;
        }
        heading(group_of(first));
        for (const fb_option *option = first; option < end; option++) {
            if (strcmp(group_of(option), group_of(first)) == 0) {
                print(option);
            }
        }
    }
}

/* --- for a reader ------------------------------------------------------------------------------------------------- */

static void heading_as_text(const char *name)
{
    printf("\n%s:\n", name);
}

static void option_as_text(const fb_option *option)
{
    char left[64], buffer[FB_OPTION_TEXT_SIZE];
    const char *value = default_of(option, buffer);
    snprintf(left, sizeof left, "%c%c --%s %s", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
             option->name, option->argument != NULL ? option->argument : "");
    printf("  %-32s %s%s%s%s\n", left, option->help, value != NULL ? " [" : "", value != NULL ? value : "",
           value != NULL ? "]" : "");
}

static void print_text(const fb_command_line *line)
{
    printf("usage: fair-baseline %s %s [options]\n\n%s\n", line->name, line->arguments, line->summary);
    if (line->details != NULL) {
        printf("\n%s\n", line->details);
    }
    print_groups(&line->options, heading_as_text, option_as_text);
    printf("\nDefaults are in brackets.\n\nexample:\n  %s\n", line->example);
}

/* --- a page of the manual ----------------------------------------------------------------------------------------- */

/* With '-' as a minus sign that can be copied, and no line that begins with a request. */
static void print_roff(const char *text)
{
    bool at_start = true;
    for (const char *c = text; *c != '\0'; c++) {
        if (at_start && (*c == '.' || *c == '\'')) {
            fputs("\\&", stdout);
        }
        if (*c == '-' || *c == '\\') {
            fputs(*c == '-' ? "\\-" : "\\e", stdout);
        } else {
            putchar(*c);
        }
        at_start = *c == '\n';
    }
}

static void heading_as_roff(const char *name)
{
    printf(".SS ");
    print_roff(name);
    printf("\n");
}

static void option_as_roff(const fb_option *option)
{
    char buffer[FB_OPTION_TEXT_SIZE];
    const char *value = default_of(option, buffer);
    printf(".TP\n\\fB");
    if (option->letter != 0) {
        printf("\\-%c\\fR, \\fB", option->letter);
    }
    print_roff("--");
    print_roff(option->name);
    printf("\\fR");
    if (option->argument != NULL) {
        printf(" \\fI");
        print_roff(option->argument);
        printf("\\fR");
    }
    printf("\n");
    print_roff(option->help);
    if (value != NULL) {
        printf(" [");
        print_roff(value);
        printf("]");
    }
    printf("\n");
}

static void print_man(const fb_command_line *line)
{
    char name[64];
    snprintf(name, sizeof name, "fair-baseline-%s", line->name);
    for (char *blank = name; (blank = strchr(blank, ' ')) != NULL;) {
        *blank = '-';
    }
    printf(".TH %s 1 \"\" \"fair-baseline %s\" \"User Commands\"\n.ad l\n.SH NAME\n", name, fb_build_info_version());
    print_roff(name);
    printf(" \\- ");
    print_roff(line->summary);
    printf("\n.SH SYNOPSIS\n.B fair\\-baseline %s\n", line->name);
    print_roff(line->arguments);
    printf(" [options]\n.SH DESCRIPTION\n");
    print_roff(line->summary);
    if (line->details != NULL) {
        printf("\n.PP\n.nf\n");
        print_roff(line->details);
        printf("\n.fi");
    }
    printf("\n.SH OPTIONS\nDefaults are in brackets.\n");
    print_groups(&line->options, heading_as_roff, option_as_roff);
    printf(".SH EXAMPLE\n");
    print_roff(line->example);
    printf("\n.SH SEE ALSO\n.BR fair\\-baseline (1)\n");
}

/* --- for a shell -------------------------------------------------------------------------------------------------- */

static void print_words(const fb_command_line *line)
{
    for (const fb_option *option = line->options.option; option < line->options.option + line->options.n; option++) {
        printf("--%s\t%s\t%s\t", option->name, option->argument != NULL ? option->argument : "", option->help);
        for (int k = 0; option->names != NULL && option->names[k] != NULL; k++) {
            printf("%s%s", k > 0 ? " " : "", option->names[k]);
        }
        printf("\n");
    }
}

void fb_command_help_print(const fb_command_line *line, fb_command_help_form form)
{
    switch (form) {
    case FB_COMMAND_HELP_NONE:
        return;
    case FB_COMMAND_HELP_TEXT:
        print_text(line);
        return;
    case FB_COMMAND_HELP_MAN:
        print_man(line);
        return;
    case FB_COMMAND_HELP_WORDS:
        print_words(line);
        return;
    }
}
