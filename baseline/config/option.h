/** \file option.h
 * What an option is: a name that is bound to a value of the program, so that a text sets the value and the value can be
 * written as text again. Tables of options make the command line, --help and configurations.
 */
#ifndef FB_BASELINE_CONFIG_OPTION_H
#define FB_BASELINE_CONFIG_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "models/common/status.h"

enum {
    FB_OPTION_MOST = 64,      ///< options of a table
    FB_OPTION_TEXT_SIZE = 256 ///< of a value as text, but for texts themselves
};

enum { FB_MAX_LIST = 64 };

typedef struct fb_text_list {
    int n;
    const char *item[FB_MAX_LIST];
} fb_text_list;

/** How a value of any type is read and written. */
typedef struct fb_option_type {
    /** Sets the value, or adds to it if it is a list. The error says what is allowed; option and text come before it.
     */
    fb_status (*parse)(const char *text, void *value, fb_error *error);
    /** Item k of a value, k = 0 alone if it is no list, as `parse` reads it; false: there is none. */
    bool (*write)(const void *value, int k, char text[FB_OPTION_TEXT_SIZE]);
    bool is_list;
    bool is_number; ///< its texts are numbers, and written to a configuration as such
    /** Of a list that is meant as a whole: drops what it has, before a file or the command line gives its items. NULL:
     * these are added to those that it has. */
    void (*clear)(void *value);
} fb_option_type;

typedef enum fb_option_kind {
    FB_OPTION_FLAG,    ///< value: bool *
    FB_OPTION_NO_FLAG, ///< value: bool *, false when the flag is given
    FB_OPTION_COUNT,   ///< value: uint64_t *
    FB_OPTION_INTEGER, ///< value: int *
    FB_OPTION_NUMBER,  ///< value: double *
    FB_OPTION_TEXT,    ///< value: const char **, borrowed; NULL: not given
    FB_OPTION_LIST,    ///< value: fb_text_list *; may be repeated
    FB_OPTION_CHOICE,  ///< value: an enum that counts from 0; its names are known
    FB_OPTION_PARSED   ///< value: what its type says
} fb_option_kind;

typedef struct fb_option {
    const char *name;     ///< without the dashes
    char letter;          ///< one-letter form, or 0
    const char *argument; ///< its name in --help; NULL for a flag
    fb_option_kind kind;
    void *value;                ///< holds the default before and the result after
    double low, high;           ///< allowed range of a number; a default beyond it means "not given"
    const char *const *names;   ///< of a choice, in the order of the enum, NULL at the end; of others, for completion
    const fb_option_type *type; ///< of what is parsed
    bool is_needed;             ///< an output: without it there is nothing to do
    bool is_file;               ///< an output that is one file: refused if it is there, unless --overwrite is given
    const char *group;          ///< heading in --help; NULL: the command's own
    const char *excludes;       ///< options that contradict it, names with blanks between; NULL: none
    const char *needs;          ///< options without which it means nothing, "name" or "name=value"; NULL: none
    bool is_given;              ///< its value was set by fb_option_set, ...
    bool is_typed;              ///< ... and on the command line, which has the last word over configurations
    const char *help;
} fb_option;

typedef struct fb_option_table {
    int n;
    const char *group; ///< of the options that are added next
    fb_option option[FB_OPTION_MOST];
} fb_option_table;

/** Each adds one option to a table; texts and values are borrowed. Some return it, so that it can be changed. */
fb_option *fb_option_add_flag(fb_option_table *table, const char *name, bool *value, const char *help);
void fb_option_add_no_flag(fb_option_table *table, const char *name, bool *value, const char *help);
fb_option *fb_option_add_count(fb_option_table *table, const char *name, const char *argument, uint64_t *value,
                               double low, double high, const char *help);
void fb_option_add_integer(fb_option_table *table, const char *name, const char *argument, int *value, int low,
                           int high, const char *help);
fb_option *fb_option_add_number(fb_option_table *table, const char *name, const char *argument, double *value,
                                double low, double high, const char *help);
fb_option *fb_option_add_text(fb_option_table *table, const char *name, const char *argument, const char **value,
                              const char *help);
/** -o, --output, which is needed: a folder. */
fb_option *fb_option_add_output(fb_option_table *table, const char *argument, const char **value, const char *help);
/** The same: a file. */
fb_option *fb_option_add_output_file(fb_option_table *table, const char *argument, const char **value,
                                     const char *help);
/** --overwrite, which is the same for every command. */
fb_option *fb_option_add_overwrite(fb_option_table *table, bool *value);
void fb_option_add_list(fb_option_table *table, const char *name, const char *argument, fb_text_list *value,
                        const char *help);
fb_option *fb_option_add_choice(fb_option_table *table, const char *name, const char *argument, void *value,
                                const char *const *names, const char *help);
fb_option *fb_option_add_parsed(fb_option_table *table, const char *name, const char *argument, void *value,
                                const fb_option_type *type, const char *help);

/** Whether two names are the same: '_' may stand for '-'. */
bool fb_option_same_name(const char *a, const char *b);

/** The option of a name, in which '_' may stand for '-'; NULL: there is none. */
fb_option *fb_option_find(fb_option_table *table, const char *name);

/** Whether it may be given more than once, each adding to the value. */
bool fb_option_is_list(const fb_option *option);

/** FB_ERROR_USAGE if an option that was given as `before` cannot also be given as `text`, on one command line or in one
 * list of a configuration: it takes one value, or its argument is of the form KEY=VALUE and both have the same key. A
 * flag can. */
fb_status fb_option_check_again(const fb_option *option, const char *before, const char *text,
                                fb_error *error) FB_MUST_USE;

/** Whether `one` names `other` among the options that contradict it. */
bool fb_option_excludes(const fb_option *one, const fb_option *other);

/** Before the first item that a file or the command line gives: drops those that a list has if its type says so. */
void fb_option_begin_list(const fb_option *option);

/** A whole number, which may be written as 1e6. */
bool fb_option_read_whole(const char *text, uint64_t *count);

/** Sets the value from text, or adds an item to a list, where it replaces one with the same KEY= before the value. A flag without text (NULL) is given; else the text is true, yes, on, false, no or off. A
 * whole number may be written as 1e6.
 * FB_ERROR_USAGE names the option, the text and what is allowed. Texts of FB_OPTION_TEXT and _LIST are not copied. */
fb_status fb_option_set(fb_option *option, const char *text, fb_error *error) FB_MUST_USE;

/** The value, or item k = 0, 1, ... of a list, as fb_option_set reads it; in `buffer` unless it is a text.
 *  \return NULL: not given, or there are no more items */
const char *fb_option_text(const fb_option *option, int k, char buffer[FB_OPTION_TEXT_SIZE]);

#endif
