/* fair-baseline: finds the command, runs it, turns its status into an exit code. Nothing else in the project exits. */
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "baseline/commands/commands.h"
#include "baseline/config/command_help.h"
#include "baseline/config/suggestion.h"
#include "baseline/external/score_command.h"
#include "baseline/support/mpi.h"
#include "models/common/build_info.h"
#include "models/common/c_locale.h"
#include "models/common/interrupt.h"

typedef struct command {
    const char *name, *summary;
    fb_status (*run)(int argc, char **argv, fb_error *error);
} command;

static const command commands[] = {
#define FB_COMMAND_ROW(name, summary) {#name, summary, fb_cmd_##name},
    FB_COMMAND_LIST(FB_COMMAND_ROW)
#undef FB_COMMAND_ROW
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static const char citation[] =
    "Cite the data set, https://doi.org/10.5281/zenodo.15131565, the white paper of the challenge,\n"
    "https://arxiv.org/abs/2410.02867, and this program:\n\n"
    "@software{fair_baseline,\n"
    "  title = {fair-baseline: the reference analysis of the FAIR Universe HiggsML Uncertainty Challenge in C},\n"
    "  version = {%s},\n"
    "  license = {BSD-3-Clause}\n"
    "}\n";

#define EXIT_CODES                                                                                                     \
    "0 done, 2 wrong usage, 3 bad input data or file, 4 fit not converged, 5 regression\n"                             \
    "check failed, 130 interrupted (Ctrl-C), 143 terminated, 1 anything else\n"

static void print_usage(FILE *stream)
{
    fprintf(stream,
            "usage: fair-baseline COMMAND [arguments] [options]\n\n"
            "Measures the Higgs signal strength mu in H -> tau tau when the simulation is imperfect.\n\ncommands:\n");
    for (int k = 0; k < N_COMMANDS; k++) {
        fprintf(stream, "  %-12s %s\n", commands[k].name, commands[k].summary);
    }
    fprintf(stream, "\n'fair-baseline help COMMAND' explains a command; --version and --citation work without one.\n"
                    "Results go to stdout, messages to stderr. LOG_LEVEL=error|warning|info|debug sets how many.\n"
                    "exit codes: " EXIT_CODES);
}

/* For a shell that completes words: commands and options, their help behind a tab. */
static void print_words(void)
{
    for (int k = 0; k < N_COMMANDS; k++) {
        printf("%s\t%s\n", commands[k].name, commands[k].summary);
    }
    printf("help\texplain a command\n--help\tlist the commands\n--version\tprint the version\n"
           "--citation\tprint what to cite\n");
}

/* The page of the manual that leads to those of the commands. */
static void print_man(void)
{
    printf(".TH fair\\-baseline 1 \"\" \"fair-baseline %s\" \"User Commands\"\n.SH NAME\nfair\\-baseline "
           "\\- measure the Higgs signal strength with imperfect simulation\n.SH SYNOPSIS\n.B fair\\-baseline\n.I "
           "COMMAND\n[arguments] [options]\n.SH COMMANDS\n",
           fb_build_info_version());
    for (int k = 0; k < N_COMMANDS; k++) {
        printf(".TP\n.BR fair\\-baseline\\-%s (1)\n%s\n", commands[k].name, commands[k].summary);
    }
    printf(".SH ENVIRONMENT\n.TP\n.B LOG_LEVEL\nerror, warning, info or debug: how much is said on stderr\n.SH \"EXIT "
           "STATUS\"\n.nf\n" EXIT_CODES ".fi\n");
}

/* Waiting OpenMP threads spin by default, and two of them on a busy core are slower than one alone. The run-time
 * library reads its settings when it is loaded, so the program has to start again with another one. */
static void wait_politely(char **argv)
{
    if (getenv("OMP_WAIT_POLICY") == NULL && setenv("OMP_WAIT_POLICY", "passive", 1) == 0) {
        execv("/proc/self/exe", argv);
    }
}

/* Opens /dev/null where standard input, output or error is closed: the next file that is opened would get its number,
 * and what is printed would go into that file. */
static void hold_streams(void)
{
    int number = 0;
    while (number >= 0 && number <= STDERR_FILENO) {
        number = open("/dev/null", O_RDONLY);
    }
    if (number >= 0) {
        close(number);
    }
}

static volatile sig_atomic_t stopped_by;

static void on_signal(int number)
{
    stopped_by = number;
    fb_interrupt_request();
    /* A second one ends the program at once. */
    signal(number, SIG_DFL);
}

/* What the program that started this one had in mind for itself is not for this one: SIGCHLD ignored, and no child can
 * be waited for. A file that grows beyond its limit (ulimit -f) is an error like a full disk, and not the end. */
static void settle_signals(void)
{
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN);
}

/* Without memory Jansson leaves members out, and its parser (2.14) goes on with what it could not store: neither is
 * something to go on from. Files that were begun stay behind under their temporary names, which the next run removes. */
static void *allocate_for_json(size_t size)
{
    static const char text[] = "fair-baseline: error: out of memory for JSON\n";
    void *memory = malloc(size);
    if (memory == NULL && size > 0) {
        const ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
        (void)written;
        _exit(fb_status_exit_code(FB_ERROR_MEMORY));
    }
    return memory;
}

/* As a shell reports a program that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
static int exit_code(fb_status status)
{
    enum { BY_SIGNAL = 128 };
    return status == FB_ERROR_INTERRUPTED && stopped_by != 0 ? BY_SIGNAL + stopped_by : fb_status_exit_code(status);
}

/* What was printed may still be on its way: a full disk shows here. */
static int finish(fb_status status, fb_error *error)
{
    if (status == FB_OK && (fflush(stdout) != 0 || ferror(stdout))) {
        status = fb_fail(error, FB_ERROR_FILE, "standard output: cannot be written");
    }
    if (status != FB_OK && fb_communicator_is_first(fb_mpi_communicator())) {
        fprintf(stderr, "fair-baseline: error: %s\n", error->text[0] ? error->text : fb_status_text(status));
    }
    fb_mpi_end();
    return exit_code(status);
}

static const command *find_command(const char *name)
{
    for (int k = 0; k < N_COMMANDS; k++) {
        if (strcmp(name, commands[k].name) == 0) {
            return &commands[k];
        }
    }
    return NULL;
}

static fb_status unknown(const char *word, fb_error *error)
{
    char text[FB_SUGGESTION_SIZE];
    fb_suggestion meant = fb_suggestion_start(word);
    for (int k = 0; k < N_COMMANDS; k++) {
        fb_suggestion_offer(&meant, commands[k].name);
    }
    return fb_fail(error, FB_ERROR_USAGE, "unknown %s '%s'%s; see 'fair-baseline --help'",
                   word[0] == '-' ? "option" : "command", word, fb_suggestion_text(&meant, "", text));
}

/* What is asked without a command: false if it is none of that. */
static bool answer(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_usage(stdout);
    } else if (strcmp(word, "--help=words") == 0) {
        print_words();
    } else if (strcmp(word, "--help=man") == 0) {
        print_man();
    } else if (strcmp(word, "--version") == 0) {
        fb_command_help_version();
    } else if (strcmp(word, "--citation") == 0) {
        printf(citation, fb_build_info_version());
    } else {
        return false;
    }
    return true;
}

static fb_status run(int argc, char **argv, fb_error *error)
{
    const command *known = find_command(argv[0]);
    if (known != NULL) {
        const fb_status status = known->run(argc, argv, error);
        fb_config_forget();
        return status;
    }
    if (strcmp(argv[0], "plugin-host") == 0) { /* for evaluate only, so not in the list */
        return fb_cmd_plugin_host(argc, argv, error);
    }
    return unknown(argv[0], error);
}

/* "help", "help COMMAND" and "help plot scores". */
static fb_status help(int argc, char **argv, fb_error *error)
{
    enum { MOST = 4 };
    char *asked[MOST] = {0}, option[] = "--help";
    if (argc == 1) {
        print_usage(stdout);
        return FB_OK;
    }
    if (argc >= MOST) {
        return fb_fail(error, FB_ERROR_USAGE, "help: expected one command, got %d words", argc - 1);
    }
    memcpy(asked, argv + 1, (size_t)(argc - 1) * sizeof *argv);
    asked[argc - 1] = option;
    return run(argc, asked, error);
}

/* malloc gives each thread that has to wait for another one an arena of 64 MiB of address space. How many have to wait
 * depends on what else the machine does; where address space is limited whatever works must not. */
static void spare_address_space(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        mallopt(M_ARENA_MAX, 1);
    }
}

int main(int argc, char **argv)
{
    FB_C_LOCALE; /* even if a plug-in sets another one */
    fb_error error = {0};
    wait_politely(argv);
    hold_streams();
    settle_signals();
    spare_address_space();
    json_set_alloc_funcs(allocate_for_json, free);
    if (argc < 2) {
        print_usage(stderr);
        return fb_status_exit_code(FB_ERROR_USAGE);
    }
    if (answer(argv[1])) {
        return finish(FB_OK, &error);
    }
    if (fb_score_command_register(&error) != FB_OK) {
        return finish(error.status, &error);
    }
    const bool is_help = strcmp(argv[1], "help") == 0;
    return finish(is_help ? help(argc - 1, argv + 1, &error) : run(argc - 1, argv + 1, &error), &error);
}
