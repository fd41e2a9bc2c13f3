#include "baseline/config/command_line.h"

#include <getopt.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config.h"
#include "baseline/config/config_writer.h"
#include "baseline/support/json_output.h"
#include "baseline/support/version.h"
#include "models/common/log.h"
#include "models/common/text.h"

enum { MAX_OPTIONS = 64, FIRST_CODE = 1000, N_COMMON = 7 };

/* The last two, --config and --help, are not for configurations. */
enum { N_LAST = 2 };

/* All options of a command: its own, then the common ones. */
typedef struct option_table {
    fb_option option[MAX_OPTIONS];
    int n;
    bool help;
} option_table;

static void collect_options(const fb_option *own, int n_own, fb_common *common, option_table *table)
{
    const fb_option shared[N_COMMON] = {
        {"threads", 0, "N", FB_OPTION_COUNT, &common->threads, 0, 4096, "threads; 0: one per core"},
        {"seed", 0, "S", FB_OPTION_COUNT, &common->seed, 0, 9e18, "seed of the random numbers"},
        {"json", 0, NULL, FB_OPTION_FLAG, &common->json, 0, 0, "print the result as JSON"},
        {"quiet", 'q', NULL, FB_OPTION_FLAG, &common->quiet, 0, 0, "no progress, no warnings"},
        {"verbose", 'v', NULL, FB_OPTION_FLAG, &common->verbose, 0, 0, "say more on stderr"},
        {"config", 0, "FILE", FB_OPTION_LIST, &common->config, 0, 0,
         "take options from this YAML file first; may be repeated"},
        {"help", 'h', NULL, FB_OPTION_FLAG, &table->help, 0, 0, "print this and stop"}};
    if (n_own > 0) { /* 'plot' has none, and memcpy wants no NULL even for nothing */
        memcpy(table->option, own, (size_t)n_own * sizeof(fb_option));
    }
    memcpy(table->option + n_own, shared, sizeof shared);
    table->n = n_own + N_COMMON;
}

static void print_default(const fb_option *option)
{
    char number[FB_NUMBER_SIZE];
    switch (option->kind) {
    case FB_OPTION_COUNT:
        if ((double)*(uint64_t *)option->value <= option->high) { /* beyond it: not given */
            printf(" [%llu]", (unsigned long long)*(uint64_t *)option->value);
        }
        break;
    case FB_OPTION_NUMBER:
        if (isfinite(*(double *)option->value)) {
            printf(" [%s]", fb_text_of_double(*(double *)option->value, number));
        }
        break;
    case FB_OPTION_TEXT:
        if (*(const char **)option->value != NULL) {
            printf(" [%s]", *(const char **)option->value);
        }
        break;
    default:
        break;
    }
}

static void print_help(const fb_command_line *line, const option_table *table)
{
    printf("usage: fair-baseline %s %s [options]\n\n%s\n", line->name, line->arguments, line->summary);
    if (line->details != NULL) {
        printf("\n%s\n", line->details);
    }
    printf("\noptions (defaults in brackets):\n");
    for (int k = 0; k < table->n; k++) {
        const fb_option *option = &table->option[k];
        char left[64];
        snprintf(left, sizeof left, "%c%c --%s %s", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
                 option->name, option->argument != NULL ? option->argument : "");
        printf("  %-32s %s", left, option->help);
        print_default(option);
        printf("\n");
    }
    printf("\nexample:\n  %s\n", line->example);
}

fb_status fb_command_line_set_option(const fb_option *option, const char *text, fb_error *error)
{
    double number = 0.0;
    uint64_t count = 0;
    switch (option->kind) {
    case FB_OPTION_FLAG:
        *(bool *)option->value = true;
        return FB_OK;
    case FB_OPTION_TEXT:
        *(const char **)option->value = text;
        return FB_OK;
    case FB_OPTION_LIST: {
        fb_text_list *list = option->value;
        if (list->n == FB_MAX_LIST) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s: more than %d values", option->name, FB_MAX_LIST);
        }
        list->item[list->n++] = text;
        return FB_OK;
    }
    case FB_OPTION_COUNT:
        if (!fb_text_to_u64(text, &count) || (double)count < option->low || (double)count > option->high) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not a whole number from %.0f to %.0f", option->name,
                           text, option->low, option->high);
        }
        *(uint64_t *)option->value = count;
        return FB_OK;
    case FB_OPTION_NUMBER:
        if (!fb_text_to_double(text, &number) || number < option->low || number > option->high) {
            return fb_fail(error, FB_ERROR_USAGE, "--%s: '%s' is not a number from %g to %g", option->name, text,
                           option->low, option->high);
        }
        *(double *)option->value = number;
        return FB_OK;
    }
    return FB_OK;
}

static int find_by_code(const option_table *table, int code)
{
    if (code >= FIRST_CODE) {
        return code - FIRST_CODE;
    }
    for (int k = 0; k < table->n; k++) {
        if (table->option[k].letter == code) {
            return k;
        }
    }
    return -1;
}

/* Either --config alone, which has its turn first, or all others. */
static fb_status parse_options(const option_table *table, bool configs, int argc, char **argv, fb_error *error)
{
    struct option long_options[MAX_OPTIONS + 1] = {{0}};
    char letters[2 * MAX_OPTIONS + 2] = ":";
    size_t n_letters = 1;
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
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (int code = 0; (code = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        int which = code == '?' || code == ':' ? -1 : find_by_code(table, code);
        if (which < 0) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: %s; see 'fair-baseline %s --help'", argv[optind - 1],
                           code == ':' ? "needs a value" : "unknown option, or a value it does not take", argv[0]);
        }
        const bool is_config = strcmp(table->option[which].name, "config") == 0;
        if (is_config != configs) {
            continue;
        }
        fb_status status = fb_command_line_set_option(&table->option[which], optarg, error);
        if (status != FB_OK) {
            return status;
        }
    }
    return FB_OK;
}

static fb_status apply_configs(const fb_command_line *line, const option_table *table, fb_error *error)
{
    fb_common unused = {0}; /* the base section's own threads and seed are another command's */
    option_table base = {.n = 0};
    fb_status status = FB_OK;
    collect_options(line->base_options, line->n_base_options, &unused, &base);
    for (int k = 0; k < line->common->config.n; k++) {
        const char *path = line->common->config.item[k];
        if (line->base != NULL) {
            FB_TRY(fb_config_apply(path, line->base, base.option, base.n - N_LAST, error));
        }
        FB_TRY(fb_config_apply(path, line->name, table->option, table->n - N_LAST, error));
    }
cleanup:
    return status;
}

static void to_stderr(fb_log_level level, const char *message, void *context)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    (void)context;
    fprintf(stderr, "fair-baseline: %s: %s\n", names[level], message);
}

static void apply_common(const fb_common *common)
{
    fb_log_level level = fb_log_level_of(getenv("LOG_LEVEL"), FB_LOG_WARNING);
    level = common->verbose && level < FB_LOG_INFO ? FB_LOG_INFO : level;
    fb_log_set(to_stderr, NULL, common->quiet ? FB_LOG_ERROR : level);
    if (common->threads > 0) {
        omp_set_num_threads((int)common->threads);
    } else {
        omp_set_num_threads(omp_get_num_procs());
    }
}

static fb_status check_output(const fb_command_line *line, fb_error *error)
{
    for (int k = 0; k < line->n_options && line->needs_output; k++) {
        const fb_option *option = &line->options[k];
        if (option->letter == 'o' && *(const char *const *)option->value == NULL) {
            return fb_fail(error, FB_ERROR_USAGE, "%s: -o %s is missing; see 'fair-baseline %s --help'", line->name,
                           option->argument, line->name);
        }
    }
    return FB_OK;
}

fb_status fb_command_line_parse(fb_command_line *line, int argc, char **argv, fb_error *error)
{
    option_table table = {.n = 0};
    collect_options(line->options, line->n_options, line->common, &table);
    /* The help shows the defaults, so it is looked for before any value is set. */
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        if (strcmp(argv[k], "--version") == 0) {
            printf("fair-baseline %s\n", FB_VERSION);
            line->done = true;
            return FB_OK;
        }
        if (strcmp(argv[k], "--help") == 0 || strcmp(argv[k], "-h") == 0) {
            print_help(line, &table);
            line->done = true;
            return FB_OK;
        }
    }
    fb_status status = FB_OK;
    FB_TRY(parse_options(&table, true, argc, argv, error));
    FB_TRY(apply_configs(line, &table, error));
    FB_TRY(parse_options(&table, false, argc, argv, error));
    line->n_positional = argc - optind;
    if (line->n_positional < line->min_positional || line->n_positional > line->max_positional) {
        return fb_fail(error, FB_ERROR_USAGE, "expected %s, got %d arguments; see 'fair-baseline %s --help'",
                       line->arguments, line->n_positional, line->name);
    }
    for (int k = 0; k < line->n_positional; k++) {
        line->positional[k] = argv[optind + k];
    }
    apply_common(line->common);
    FB_TRY(check_output(line, error));
cleanup:
    return status;
}

fb_status fb_command_line_configuration(const fb_command_line *line, char **text, fb_error *error)
{
    option_table table = {.n = 0};
    collect_options(line->options, line->n_options, line->common, &table);
    return fb_config_writer_text(line->name, table.option, table.n - N_LAST, text, error);
}

fb_status fb_command_line_record(const fb_command_line *line, json_t *results, fb_error *error)
{
    char *text = NULL;
    fb_status status = fb_command_line_configuration(line, &text, error);
    if (status == FB_OK && json_object_set_new(results, "configuration", json_string(text)) != 0) {
        status = fb_fail(error, FB_ERROR_MEMORY, "no memory for the configuration of a result");
    }
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
