/* fair-baseline: finds the command, runs it, turns its status into an exit code. Nothing else in the project exits. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/commands/commands.h"
#include "baseline/support/mpi.h"
#include "baseline/support/version.h"
#include "models/common/interrupt.h"

static const struct {
    const char *name, *summary;
    fb_status (*run)(int argc, char **argv, fb_error *error);
} commands[] = {
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
    "  version = {" FB_VERSION "},\n"
    "  license = {BSD-3-Clause}\n"
    "}\n";

static void print_usage(FILE *stream)
{
    fprintf(stream,
            "usage: fair-baseline COMMAND [arguments] [options]\n\n"
            "Measures the Higgs signal strength mu in H -> tau tau when the simulation is imperfect.\n\ncommands:\n");
    for (int k = 0; k < N_COMMANDS; k++) {
        fprintf(stream, "  %-12s %s\n", commands[k].name, commands[k].summary);
    }
    fprintf(stream, "\n'fair-baseline COMMAND --help' explains a command; --version and --citation work without one.\n"
                    "Results go to stdout, messages to stderr. LOG_LEVEL=error|warning|info|debug sets how many.\n"
                    "exit codes: 0 done, 2 wrong usage, 3 bad input data or file, 4 fit not converged, 5 regression\n"
                    "check failed, 130 interrupted (Ctrl-C), 143 terminated, 1 anything else\n");
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

int main(int argc, char **argv)
{
    fb_error error = {0};
    wait_politely(argv);
    hold_streams();
    settle_signals();
    if (argc < 2) {
        print_usage(stderr);
        return fb_status_exit_code(FB_ERROR_USAGE);
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_usage(stdout);
        return finish(FB_OK, &error);
    }
    if (strcmp(word, "--version") == 0) {
        printf("fair-baseline %s\n", FB_VERSION);
        return finish(FB_OK, &error);
    }
    if (strcmp(word, "--citation") == 0) {
        fputs(citation, stdout);
        return finish(FB_OK, &error);
    }
    for (int k = 0; k < N_COMMANDS; k++) {
        if (strcmp(word, commands[k].name) == 0) {
            fb_status status = commands[k].run(argc - 1, argv + 1, &error);
            fb_config_forget();
            return finish(status, &error);
        }
    }
    if (strcmp(word, "plugin-host") == 0) { /* for evaluate only, so not in the list */
        return finish(fb_cmd_plugin_host(argc - 1, argv + 1, &error), &error);
    }
    return finish(fb_fail(&error, FB_ERROR_USAGE, "unknown %s '%s'; see 'fair-baseline --help'",
                          word[0] == '-' ? "option" : "command", word),
                  &error);
}
