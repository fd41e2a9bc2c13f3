/** \file command_line.h
 * The command line: a table of options per command, from which come both the parsing and the text of --help.
 */
#ifndef FB_BASELINE_CONFIG_COMMAND_LINE_H
#define FB_BASELINE_CONFIG_COMMAND_LINE_H

#include <jansson.h>

#include "baseline/config/option.h"
#include "baseline/support/communicator.h"
#include "holdout/events/nuisance.h"

enum { FB_MAX_POSITIONAL = 1024 };

/** What every command understands. */
typedef struct fb_common {
    uint64_t threads; ///< 0: OMP_NUM_THREADS, else as many as the machine has cores
    uint64_t seed;
    bool json, quiet, verbose, help;
    fb_text_list config; ///< configurations that were applied before the command line
} fb_common;

typedef struct fb_command_line {
    const char *name;             ///< out: of the command, argv[0]
    const char *arguments;        ///< "IN OUT"
    const char *summary;          ///< one line
    const char *details;          ///< paragraphs for --help, or NULL
    const char *example;          ///< one command line
    fb_option_table options;      ///< in: those of the command alone; parsing adds those of every command
    const char *base;             ///< section of configurations to take first, or NULL: 'evaluate' fits as 'fit' does
    fb_option_table base_options; ///< what that section may set
    fb_common common;             ///< in: defaults; out: what was given
    const fb_communicator *ranks; ///< that parse it together; NULL: this process alone
    int output_positional;        ///< which of the arguments, from 1, is a file to write; 0: none
    bool overwrite;               ///< out: files to write may be there already
    int min_positional;           ///< number of arguments; ...
    int max_positional;           ///< ... if it is larger, up to so many
    const char *positional[FB_MAX_POSITIONAL]; ///< out
    int n_positional;                          ///< out
    bool done;                                 ///< out: --help or --version was answered, there is nothing else to do
} fb_command_line;

/** Parses argv[1] ... (argv[0] is the command's name), sets the number of threads and the log level. What --config
 *  names is applied first, in the order given, whatever its place; then the command line, which has the last word.
 *  A command that writes files, as its options or output_positional say, gets --overwrite, and they are checked.
 *  FB_ERROR_USAGE says what is wrong and what is allowed; else as fb_command_line_check_output. */
fb_status fb_command_line_parse(fb_command_line *line, int argc, char **argv, fb_error *error) FB_MUST_USE;

/** Before any work, of a file that a command writes and that its options do not name: FB_ERROR_USAGE when it is one of
 *  the arguments that are read, FB_ERROR_FILE when it is there and --overwrite was not given. What is no ordinary file
 *  is left to those who write. */
fb_status fb_command_line_check_output(const fb_command_line *line, const char *path, fb_error *error) FB_MUST_USE;

/** What a command does once its options have their values. */
typedef fb_status fb_command_line_work(const fb_command_line *line, void *choices, fb_error *error);

/** Parses, on all ranks or none, and unless that was all there is to do, works with the `choices` that the options are
 * bound to. */
fb_status fb_command_line_run(fb_command_line *line, int argc, char **argv, fb_command_line_work *work, void *choices,
                              fb_error *error) FB_MUST_USE;

/** After parsing: what every option of the command was set to, as fb_config_writer_text writes it; release with
 * free(). */
fb_status fb_command_line_configuration(const fb_command_line *line, char **text, fb_error *error) FB_MUST_USE;

/** After parsing: puts that text into an object of results, under the key "configuration", the checksums of the
 * files among the arguments, under "files", and what made it, under "program". */
fb_status fb_command_line_record(const fb_command_line *line, json_t *results, fb_error *error) FB_MUST_USE;

/** The same, then prints the object and releases it. */
fb_status fb_command_line_print(const fb_command_line *line, json_t *results, fb_error *error) FB_MUST_USE;

/** Adds the options that set the six nuisance parameters; names and ranges come from their table. */
void fb_command_line_add_nuisances(fb_option_table *table, fb_nuisances *nuisances);

#endif
