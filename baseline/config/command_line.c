#include "baseline/config/command_line.h"

#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/command_help.h"
#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "baseline/config/given_options.h"
#include "baseline/config/overwrite.h"
#include "baseline/config/suggestion.h"
#include "baseline/support/file_checksums.h"
#include "baseline/support/json_output.h"
#include "baseline/support/progress.h"
#include "models/common/build_info.h"
#include "models/common/log.h"
#include "models/common/output.h"
#include "models/common/thread_limit.h"

enum { FIRST_CODE = 1000, SECTION_SIZE = 32 };

/* The last two, --config and --help, are not for configurations. */
enum { N_LAST = 2 };

static void add_common(fb_option_table *table, fb_common *common)
{
    table->group = "every command";
    fb_option_add_count(table, "threads", "N", &common->threads, 0, 4096,
                        "threads; 0: OMP_NUM_THREADS, else one per core");
    fb_option_add_count(table, "seed", "S", &common->seed, 0, 9e18, "seed of the random numbers");
    fb_option_add_flag(table, "json", &common->json, "print the result as JSON");
    fb_option *quiet = fb_option_add_flag(table, "quiet", &common->quiet, "no progress, no warnings");
    quiet->letter = 'q';
    quiet->excludes = "verbose";
    fb_option_add_flag(table, "verbose", &common->verbose, "say more on stderr")->letter = 'v';
    fb_option_add_list(table, "config", "FILE", &common->config,
                       "take options from this YAML file first; may be repeated");
    fb_option_add_flag(table, "help", &common->help, "print this and stop")->letter = 'h';
}

void fb_command_line_add_nuisances(fb_option_table *table, fb_nuisances *nuisances)
{
    static const char *const help[FB_N_NUISANCE] = {
        [FB_TES] = "tau energy scale",         [FB_JES] = "jet energy scale",
        [FB_SOFT_MET] = "soft-MET noise, GeV", [FB_TTBAR_SCALE] = "ttbar yield",
        [FB_DIBOSON_SCALE] = "diboson yield",  [FB_BKG_SCALE] = "yield of all backgrounds"};
    table->group = "nuisance parameters";
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_prior range = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        fb_option_add_number(table, fb_nuisance_describe((fb_nuisance)k)->option, "X", &nuisances->value[k], range.low,
                             range.high, help[k]);
    }
}

/* The option that a word with one dash names, "-threads" or "-thr=2"; a short option with its value, "-oresults", names
 * none. NULL: none. */
static const fb_option *meant_by(const fb_option_table *table, const char *word)
{
    enum { LEAST = 3 };
    if (word[0] != '-' || word[1] == '-') {
        return NULL;
    }
    const size_t n = strcspn(word + 1, "=");
    for (int k = 0; k < table->n && n >= LEAST; k++) {
        if (strncmp(table->option[k].name, word + 1, n) == 0) {
            return &table->option[k];
        }
    }
    return NULL;
}

/* Whether the word behind this one is its value. */
static bool takes_next(const fb_option_table *table, const char *word)
{
    for (int k = 0; k < table->n; k++) {
        const fb_option *option = &table->option[k];
        const bool is_long = word[0] == '-' && word[1] == '-' && strcmp(word + 2, option->name) == 0;
        const bool is_short = option->letter != 0 && word[0] == '-' && word[1] == option->letter && word[2] == '\0';
        if (option->argument != NULL && (is_long || is_short)) {
            return true;
        }
    }
    return false;
}

/* Whether a word is a long option of the table, whole: getopt would take any beginning of its name that is no other's,
 * and a script with it would fail when a new option comes. */
static fb_status check_long(fb_option_table *table, const char *word, const char *command, fb_error *error)
{
    char name[64], text[FB_SUGGESTION_SIZE];
    const int length = (int)strcspn(word, "=");
    snprintf(name, sizeof name, "%.*s", length - 2, word + 2);
    const fb_option *option = fb_option_find(table, name);
    if (option != NULL && strcmp(option->name, name) == 0) {
        return FB_OK;
    }
    fb_suggestion meant = fb_suggestion_start(name);
    for (int k = 0; k < table->n; k++) {
        fb_suggestion_offer(&meant, table->option[k].name);
    }
    return fb_fail(error, FB_ERROR_USAGE, "%.*s: unknown option%s; see 'fair-baseline %s --help'", length, word,
                   fb_suggestion_text(&meant, "--", text), command);
}

/* "-overwrite" would be -o with the value "verwrite", and "-threads" a fault of some other word. */
static fb_status check_words(fb_option_table *table, int argc, char **argv, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        const fb_option *meant = meant_by(table, argv[k]);
        if (meant != NULL) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "%s: long options have two dashes: --%s; see 'fair-baseline %s --help'", argv[k],
                           meant->name, argv[0]);
        }
        FB_TRY(strncmp(argv[k], "--", 2) == 0 ? check_long(table, argv[k], argv[0], error) : FB_OK);
        k += takes_next(table, argv[k]);
    }
cleanup:
    return status;
}

/* The word with an option that is not known: getopt stays on one with several short options until its end. */
static const char *refused_word(int argc, char **argv)
{
    for (int k = 1; k < argc && optopt > 0 && optopt < FIRST_CODE; k++) {
        if (argv[k][0] == '-' && argv[k][1] != '-' && strchr(argv[k], optopt) != NULL) {
            return argv[k];
        }
    }
    return argv[optind - 1];
}

/* What getopt_long takes. */
static void describe(const fb_option_table *table, struct option long_options[FB_OPTION_MOST + 1],
                     char letters[2 * FB_OPTION_MOST + 2])
{
    size_t n_letters = 0;
    letters[n_letters++] = ':';
    for (int k = 0; k < table->n; k++) {
        const fb_option *option = &table->option[k];
        long_options[k] = (struct option){option->name, option->argument != NULL, NULL, FIRST_CODE + k};
        if (option->letter != 0) {
            letters[n_letters++] = option->letter;
            if (option->argument != NULL) {
                letters[n_letters++] = ':';
            }
        }
    }
}

/* Either --config alone, which has its turn first, or all others. */
static fb_status parse_options(fb_option_table *table, bool configs, int argc, char **argv, fb_error *error)
{
    struct option long_options[FB_OPTION_MOST + 1] = {{0}};
    char letters[2 * FB_OPTION_MOST + 2] = "";
    fb_given_options given = {0};
    fb_status status = FB_OK;
    describe(table, long_options, letters);
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (int code = 0; (code = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        int which = 0;
        while (which < table->n && code != FIRST_CODE + which && code != table->option[which].letter) {
            which++;
        }
        if (which == table->n) {
            FB_TRY(fb_fail(error, FB_ERROR_USAGE, "%s: %s; see 'fair-baseline %s --help'", refused_word(argc, argv),
                           code == ':' ? "needs a value" : "unknown option, or a value it does not take", argv[0]));
        }
        const bool is_config = strcmp(table->option[which].name, "config") == 0;
        FB_TRY(is_config == configs ? fb_given_options_set(&given, &table->option[which], optarg, error) : FB_OK);
    }
cleanup:
    fb_given_options_clear(&given);
    return status;
}

/* The section of configurations for a command: "plot-scores" for "plot scores". */
static void name_section(const char *command, char section[SECTION_SIZE])
{
    snprintf(section, SECTION_SIZE, "%s", command);
    char *blank = strchr(section, ' ');
    if (blank != NULL) {
        *blank = '-';
    }
}

/* What the base section gives, which is bound to the same values, is given for the command as well. */
static void take_given(const fb_option_table *base, fb_option_table *own)
{
    for (int k = 0; k < base->n; k++) {
        fb_option *option = fb_option_find(own, base->option[k].name);
        if (option != NULL && option->value == base->option[k].value) {
            option->is_given = option->is_given || base->option[k].is_given;
        }
    }
}

static fb_status apply_configs(fb_command_line *line, fb_error *error)
{
    fb_common unused = {0}; /* the base section's own threads and seed are another command's */
    fb_option_table base = line->base_options;
    char section[SECTION_SIZE];
    fb_status status = FB_OK;
    name_section(line->name, section);
    add_common(&base, &unused);
    base.n -= N_LAST;
    line->options.n -= N_LAST;
    for (int k = 0; k < line->common.config.n; k++) {
        const char *path = line->common.config.item[k];
        if (line->base != NULL) {
            FB_TRY(fb_config_apply(path, line->base, &base, error));
        }
        FB_TRY(fb_config_apply(path, section, &line->options, error));
    }
    take_given(&base, &line->options);
cleanup:
    line->options.n += N_LAST;
    return status;
}

static void to_stderr(fb_log_level level, const char *message, void *context)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    (void)context;
    char line[FB_ERROR_TEXT_SIZE + 64];
    snprintf(line, sizeof line, "fair-baseline: %s: %s", names[level], message);
    fb_progress_print(line);
}

/* What OpenMP takes: one number of threads, or with commas one for each level of regions within regions. */
static bool is_list_of_threads(const char *text)
{
    do {
        char *end = NULL;
        text += strspn(text, " \t");
        const unsigned long n = strtoul(text, &end, 10);
        if (!isdigit((unsigned char)*text) || n < 1 || n > INT_MAX) {
            return false;
        }
        text = end + strspn(end, " \t");
    } while (*text++ == ',');
    return text[-1] == '\0';
}

/* OpenMP takes no notice of a wrong value, and would start a thread on every core. */
static fb_status check_environment(const fb_common *common, fb_error *error)
{
    const char *text = getenv("OMP_NUM_THREADS");
    if (common->threads > 0 || text == NULL || text[0] == '\0' || is_list_of_threads(text)) {
        return FB_OK;
    }
    return fb_fail(error, FB_ERROR_USAGE,
                   "OMP_NUM_THREADS is '%.60s'; a whole number from 1, or several with commas, is allowed there; "
                   "--threads N takes its place",
                   text);
}

static void apply_common(const fb_common *common)
{
    fb_log_level level = fb_log_level_of(getenv("LOG_LEVEL"), FB_LOG_WARNING);
    level = common->verbose && level < FB_LOG_INFO ? FB_LOG_INFO : level;
    fb_log_set(to_stderr, NULL, common->quiet ? FB_LOG_ERROR : level);
    /* Without --threads: OMP_NUM_THREADS, else the processors that this process may use. */
    omp_set_num_threads(common->threads > 0 ? (int)common->threads : omp_get_max_threads());
    fb_thread_limit_apply();
}

/* --- outputs ------------------------------------------------------------------------------------------------------ */

/* A command that writes files can replace them on request. */
static void add_overwrite(fb_command_line *line)
{
    bool is_writing = line->output_positional > 0;
    for (int k = 0; k < line->options.n; k++) {
        is_writing |= line->options.option[k].is_file;
    }
    if (is_writing) {
        fb_option_add_overwrite(&line->options, &line->overwrite)->group = NULL;
    }
}

/* The file that the value of an option names and that is read; NULL: none. */
static const char *read_file(const fb_option *option)
{
    const bool is_read = option->kind == FB_OPTION_TEXT && option->argument != NULL &&
                         strcmp(option->argument, "FILE") == 0 && !option->is_file && !option->is_needed;
    return is_read ? *(const char *const *)option->value : NULL;
}

fb_status fb_command_line_check_output(const fb_command_line *line, const char *path, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < line->n_positional; k++) {
        FB_TRY(k + 1 != line->output_positional ? fb_output_check_distinct(line->positional[k], path, error) : FB_OK);
    }
    for (int k = 0; k < line->options.n; k++) {
        const char *input = read_file(&line->options.option[k]);
        FB_TRY(input != NULL ? fb_output_check_distinct(input, path, error) : FB_OK);
    }
    FB_TRY(line->overwrite ? FB_OK : fb_overwrite_check(path, error));
cleanup:
    return status;
}

static fb_status check_outputs(const fb_command_line *line, fb_error *error)
{
    fb_status status = FB_OK;
    for (int k = 0; k < line->options.n; k++) {
        const fb_option *option = &line->options.option[k];
        const char *path = option->is_needed || option->is_file ? *(const char *const *)option->value : NULL;
        if (option->is_needed && path == NULL) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: -o %s is missing; see 'fair-baseline %s --help'", line->name,
                           option->argument, line->name);
        }
        FB_TRY(option->is_file && path != NULL ? fb_command_line_check_output(line, path, error) : FB_OK);
    }
    if (line->output_positional > 0) {
        FB_TRY(fb_command_line_check_output(line, line->positional[line->output_positional - 1], error));
    }
cleanup:
    return status;
}

fb_status fb_command_line_parse(fb_command_line *line, int argc, char **argv, fb_error *error)
{
    const int most = line->max_positional > line->min_positional ? line->max_positional : line->min_positional;
    fb_status status = FB_OK;
    line->name = argv[0];
    add_overwrite(line);
    add_common(&line->options, &line->common);
    /* The help shows the defaults, so it is looked for before any value is set. */
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        if (strcmp(argv[k], "--version") == 0) {
            fb_command_help_version();
            line->done = true;
            return FB_OK;
        }
        const fb_command_help_form form = fb_command_help_asked(argv[k]);
        if (form != FB_COMMAND_HELP_NONE) {
            fb_command_help_print(line, form);
            line->done = true;
            return FB_OK;
        }
    }
    FB_TRY(check_words(&line->options, argc, argv, error));
    FB_TRY(parse_options(&line->options, true, argc, argv, error));
    FB_TRY(apply_configs(line, error));
    FB_TRY(parse_options(&line->options, false, argc, argv, error));
    FB_TRY(fb_given_options_check(&line->options, error));
    line->n_positional = argc - optind;
    if (line->n_positional < line->min_positional || line->n_positional > most) {
        return fb_fail(error, FB_ERROR_USAGE, "expected %s, got %d arguments; see 'fair-baseline %s --help'",
                       line->arguments, line->n_positional, line->name);
    }
    for (int k = 0; k < line->n_positional; k++) {
        line->positional[k] = argv[optind + k];
    }
    FB_TRY(check_environment(&line->common, error));
    apply_common(&line->common);
    FB_TRY(check_outputs(line, error));
cleanup:
    return status;
}

fb_status fb_command_line_run(fb_command_line *line, int argc, char **argv, fb_command_line_work *work, void *choices,
                              fb_error *error)
{
    const fb_status status = fb_communicator_agree(line->ranks, fb_command_line_parse(line, argc, argv, error), error);
    return status != FB_OK || line->done ? status : work(line, choices, error);
}

fb_status fb_command_line_configuration(const fb_command_line *line, char **text, fb_error *error)
{
    char section[SECTION_SIZE];
    name_section(line->name, section);
    return fb_config_writer_text(section, &line->options, text, error);
}

fb_status fb_command_line_record(const fb_command_line *line, json_t *results, fb_error *error)
{
    char *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(fb_command_line_configuration(line, &text, error));
    json_object_set_new(results, "configuration", json_string(text));
    FB_TRY(fb_file_checksums_record(results, line->n_positional, line->positional, error));
    fb_json_output_sign(results);
cleanup:
    free(text);
    return status;
}

fb_status fb_command_line_print(const fb_command_line *line, json_t *results, fb_error *error)
{
    fb_status status = fb_command_line_record(line, results, error);
    if (status != FB_OK) {
        json_decref(results);
        return status;
    }
    return fb_json_output_print(results, error);
}
