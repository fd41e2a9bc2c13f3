/** \file command_line.h
 * The command line: a table of options per command, from which come both the parsing and the text of --help.
 */
#ifndef FB_BASELINE_CONFIG_COMMAND_LINE_H
#define FB_BASELINE_CONFIG_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "holdout/events/nuisance.h"
#include "models/common/status.h"

typedef enum fb_option_kind {
    FB_OPTION_FLAG,   ///< value: bool *
    FB_OPTION_COUNT,  ///< value: uint64_t *
    FB_OPTION_NUMBER, ///< value: double *
    FB_OPTION_TEXT,   ///< value: const char ** (points into argv)
    FB_OPTION_LIST    ///< value: fb_text_list *; may be repeated
} fb_option_kind;

enum { FB_MAX_LIST = 64, FB_MAX_POSITIONAL = 1024 };

typedef struct fb_text_list {
    int n;
    const char *item[FB_MAX_LIST];
} fb_text_list;

typedef struct fb_option {
    const char *name;     ///< without the dashes
    char letter;          ///< one-letter form, or 0
    const char *argument; ///< its name in --help; NULL for a flag
    fb_option_kind kind;
    void *value;      ///< holds the default before and the result after
    double low, high; ///< allowed range of a count or number
    const char *help;
} fb_option;

/** What every command understands. */
typedef struct fb_common {
    uint64_t threads; ///< 0: as many as the machine has cores
    uint64_t seed;
    bool json, quiet, verbose;
    fb_text_list config; ///< configurations that were applied before the command line
} fb_common;

typedef struct fb_command_line {
    const char *name;      ///< of the command
    const char *arguments; ///< "IN OUT"
    const char *summary;   ///< one line
    const char *details;   ///< paragraphs for --help, or NULL
    const char *example;   ///< one command line
    const fb_option *options;
    int n_options;
    const char *base;              ///< section of configurations to take first, or NULL: 'evaluate' fits as 'fit' does
    const fb_option *base_options; ///< what that section may set
    int n_base_options;
    bool needs_output; ///< without its option -o there is nothing to do
    fb_common *common; ///< in: defaults; out: what was given
    int min_positional, max_positional;
    const char *positional[FB_MAX_POSITIONAL]; ///< out
    int n_positional;                          ///< out
    bool done;                                 ///< out: --help or --version was answered, there is nothing else to do
} fb_command_line;

/** Parses argv[1] ... (argv[0] is the command's name), sets the number of threads and the log level. What --config
 *  names is applied first, in the order given, whatever its place; then the command line, which has the last word.
 *  FB_ERROR_USAGE says what is wrong and what is allowed. */
FB_API fb_status fb_command_line_parse(fb_command_line *line, int argc, char **argv, fb_error *error) FB_MUST_USE;

/** Sets the value of an option from text, as on the command line (a flag: to true). FB_ERROR_USAGE names the option,
 * the text and what is allowed. Texts are not copied. */
FB_API fb_status fb_command_line_set_option(const fb_option *option, const char *text, fb_error *error) FB_MUST_USE;

/** After parsing: what every option of the command was set to, as fb_config_writer_text writes it; release with free(). */
FB_API fb_status fb_command_line_configuration(const fb_command_line *line, char **text, fb_error *error) FB_MUST_USE;

/** After parsing: puts that text into an object of results, under the key "configuration". */
FB_API fb_status fb_command_line_record(const fb_command_line *line, json_t *results, fb_error *error) FB_MUST_USE;

/** The same, then prints the object and releases it. */
FB_API fb_status fb_command_line_print(const fb_command_line *line, json_t *results, fb_error *error) FB_MUST_USE;

/** One row of an option table that sets a nuisance value; name and range come from the table of nuisance parameters. */
#define FB_NUISANCE_OPTION(nuisances, which, help)                                                                     \
    {                                                                                                                  \
        fb_nuisance_describe(which)->option, 0, "X", FB_OPTION_NUMBER, &(nuisances).value[which],                      \
            fb_nuisance_prior(FB_PRIORS_OFFICIAL, which).low, fb_nuisance_prior(FB_PRIORS_OFFICIAL, which).high, help  \
    }

/** The six rows. */
#define FB_NUISANCE_OPTIONS(n)                                                                                         \
    FB_NUISANCE_OPTION(n, FB_TES, "tau energy scale"), FB_NUISANCE_OPTION(n, FB_JES, "jet energy scale"),              \
        FB_NUISANCE_OPTION(n, FB_SOFT_MET, "soft-MET noise, GeV"),                                                     \
        FB_NUISANCE_OPTION(n, FB_TTBAR_SCALE, "ttbar yield"),                                                          \
        FB_NUISANCE_OPTION(n, FB_DIBOSON_SCALE, "diboson yield"),                                                      \
        FB_NUISANCE_OPTION(n, FB_BKG_SCALE, "yield of all backgrounds")

#endif
