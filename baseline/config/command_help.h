/** \file command_help.h
 * What a command says of itself, all from its table of options: to a reader (--help), as a page of the manual
 * (--help=man), and to a shell that completes words (--help=words).
 */
#ifndef FB_BASELINE_CONFIG_COMMAND_HELP_H
#define FB_BASELINE_CONFIG_COMMAND_HELP_H

#include "baseline/config/command_line.h"

typedef enum fb_command_help_form {
    FB_COMMAND_HELP_NONE,
    FB_COMMAND_HELP_TEXT,
    FB_COMMAND_HELP_MAN,  ///< roff with the macros of man(7)
    FB_COMMAND_HELP_WORDS ///< a line per option: --NAME, argument or nothing, help, choices; tabs between
} fb_command_help_form;

/** Prints the answer to --version: what was built, and which instructions of this machine it uses. */
void fb_command_help_version(void);

/** The form that a word of the command line asks for: -h, --help, --help=man or --help=words. */
fb_command_help_form fb_command_help_asked(const char *word);

/** Prints it to stdout. The values of the options are shown as defaults, so that none may have been set before. */
void fb_command_help_print(const fb_command_line *line, fb_command_help_form form);

#endif
