/* The process of an external method: loads the library and calls it, or becomes the command. Its parent is
 * `evaluate` (external_method.c), which asks through standard input and hears the answers on standard output. Not in
 * the list of commands: only evaluate calls it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "baseline/analysis/split_metadata.h"
#include "baseline/analysis/train_options.h"
#include "baseline/commands/commands.h"
#include "baseline/external/external_method.h"
#include "baseline/external/plugin_data.h"
#include "baseline/support/json_output.h"
#include "models/common/text.h"

typedef struct host {
    const fb_plugin *plugin;
    void *method;
    fb_plugin_data *data;
    bool is_created;
    FILE *requests, *answers;
} host;

/* Takes the two streams away from where the plug-in could write or read by accident: what it prints goes to standard
 * error. */
static fb_status take_streams(host *h, fb_error *error)
{
    const int requests = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 4), answers = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 4);
    const int nothing = open("/dev/null", O_RDONLY);
    h->requests = requests >= 0 ? fdopen(requests, "r") : NULL;
    h->answers = answers >= 0 ? fdopen(answers, "w") : NULL;
    if (h->requests == NULL || h->answers == NULL || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
        dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        return fb_fail(error, FB_ERROR_FILE, "plugin-host: no streams: %s", strerror(errno));
    }
    close(nothing);
    return FB_OK;
}

static fb_status say(host *h, json_t *root, fb_error *error)
{
    const bool said = root != NULL && json_dumpf(root, h->answers, JSON_COMPACT | JSON_REAL_PRECISION(17)) == 0 &&
                      fputc('\n', h->answers) != EOF && fflush(h->answers) == 0;
    json_decref(root);
    return said ? FB_OK : fb_fail(error, FB_ERROR_FILE, "plugin-host: evaluate no longer listens");
}

/* --- load, create, fit -------------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
    const size_t n = name != NULL ? strlen(name) : 0;
    for (size_t k = 0; k < n; k++) {
        if (name[k] < ' ' || name[k] > '~') {
            return false;
        }
    }
    return n >= 1 && n <= FB_EXTERNAL_METHOD_NAME_SIZE - 1;
}

static fb_status check(const fb_plugin *plugin, fb_error *error)
{
    if (plugin == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "fb_plugin_get returned NULL");
    }
    if (plugin->version != FB_PLUGIN_VERSION) {
        return fb_fail(error, FB_ERROR_DATA, "was made for version %d of plugin.h, this program has version %d",
                       plugin->version, FB_PLUGIN_VERSION);
    }
    if (!is_name(plugin->name)) {
        return fb_fail(error, FB_ERROR_DATA, "its name is not 1 to %d printable ASCII characters",
                       FB_EXTERNAL_METHOD_NAME_SIZE - 1);
    }
    if (plugin->create == NULL || plugin->fit == NULL || plugin->predict == NULL || plugin->destroy == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "one of create, fit, predict, destroy is NULL");
    }
    return FB_OK;
}

static fb_status load(host *h, const char *path, fb_error *error)
{
    const fb_plugin *(*get)(void) = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "cannot be loaded: %s", dlerror());
    }
    *(void **)&get = dlsym(library, "fb_plugin_get");
    if (get == NULL) {
        return fb_fail(error, FB_ERROR_DATA, "does not define the function fb_plugin_get");
    }
    h->plugin = get();
    return check(h->plugin, error);
}

static fb_status failed(const char *what, int code, const char *reason, fb_error *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%s failed (%d)%s%.*s", what, code, reason[0] != '\0' ? ": " : "",
                   FB_PLUGIN_REASON_SIZE - 1, reason);
}

static fb_status learn(host *h, fb_error *error)
{
    char reason[FB_PLUGIN_REASON_SIZE] = "";
    int code = h->plugin->create(h->data, &h->method, reason);
    if (code != 0) {
        return failed("create", code, reason, error);
    }
    h->is_created = true;
    code = h->plugin->fit(h->method, reason);
    return code == 0 ? FB_OK : failed("fit", code, reason, error);
}

/* --- predict ------------------------------------------------------------------------------------------------------ */

static json_t *predict(host *h, const fb_plugin_experiment *experiment)
{
    char reason[FB_PLUGIN_REASON_SIZE] = "";
    fb_plugin_result r = {NAN, NAN, NAN, NAN};
    fb_error error = {0};
    const int code = h->plugin->predict(h->method, experiment, &r, reason);
    if (code != 0) {
        failed("predict", code, reason, &error);
        char text[FB_EXTERNAL_METHOD_REASON_SIZE];
        fb_external_method_plain_text(error.text, text);
        return json_pack("{s:s}", "failed", text);
    }
    return json_pack("{s:o,s:o,s:o,s:o}", "mu_hat", fb_json_output_number(r.mu_hat), "delta_mu_hat",
                     fb_json_output_number(r.delta_mu_hat), "p16", fb_json_output_number(r.p16), "p84",
                     fb_json_output_number(r.p84));
}

/* The table is in the file that came as number 3: all features, then all weights. */
static fb_status predict_table(host *h, uint64_t n, fb_error *error)
{
    const size_t n_bytes = fb_external_method_table_size(n);
    const float *table = mmap(NULL, n_bytes, PROT_READ, MAP_SHARED, FB_EXTERNAL_METHOD_TABLE, 0);
    if (table == MAP_FAILED) {
        return fb_fail(error, FB_ERROR_FILE, "plugin-host: the table cannot be mapped: %s", strerror(errno));
    }
    const fb_plugin_experiment experiment = {n, table, table + n * FB_PLUGIN_N_FEATURES};
    fb_status status = say(h, predict(h, &experiment), error);
    munmap((void *)table, n_bytes);
    return status;
}

static fb_status serve(host *h, fb_error *error)
{
    uint64_t n = 0;
    fb_status status = FB_OK;
    FB_TRY(say(h, json_pack("{s:s}", "name", h->plugin->name), error));
    while (fscanf(h->requests, "%" SCNu64, &n) == 1) {
        FB_TRY(predict_table(h, n, error));
    }
cleanup:
    return status;
}

typedef struct choices {
    const char *command;
    fb_split_settings split;
    const char *metadata;
} choices;

static fb_status host_library(const char *path, const char *events, const choices *c, fb_error *error)
{
    char text[FB_EXTERNAL_METHOD_REASON_SIZE];
    fb_error own = {0};
    fb_split_settings splitting = c->split;
    fb_metadata metadata;
    host h = {0};
    fb_status status = FB_OK;
    FB_TRY(take_streams(&h, error));
    FB_TRY(fb_split_metadata_read(c->metadata, events, &splitting, &metadata, error));
    const fb_split split = fb_split_of(&splitting);
    FB_TRY(fb_plugin_data_create(events, &split, &h.data, error));
    status = load(&h, path, &own);
    status = status == FB_OK ? learn(&h, &own) : status;
    if (status == FB_OK) {
        FB_TRY(serve(&h, error));
    } else {
        fb_external_method_plain_text(own.text, text);
        FB_TRY(say(&h, json_pack("{s:s}", "error", text), error));
    }
cleanup:
    if (h.is_created) {
        h.plugin->destroy(h.method);
    }
    fb_plugin_data_free(h.data);
    return status; /* the streams end with the process */
}

/* Tells a command which events it may learn from, and how to get them: as `convert --part` takes them. */
static fb_status set_environment(const choices *c, const char *events, fb_error *error)
{
    char program[PATH_MAX] = "", seed[24], shares[FB_N_PARTS * FB_NUMBER_SIZE];
    fb_text_of_doubles(FB_N_PARTS, c->split.share, shares, sizeof shares);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)c->split.seed);
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    const struct {
        const char *name, *value;
    } variables[] = {{"FB_PROGRAM", length > 0 ? program : "fair-baseline"},
                     {"FB_EVENTS", events},
                     {"FB_SPLIT", shares},
                     {"FB_SPLIT_RULE", fb_split_rule_names[c->split.rule]},
                     {"FB_SPLIT_SEED", seed},
                     {"FB_METADATA", c->metadata != NULL ? c->metadata : ""}};
    for (size_t k = 0; k < sizeof variables / sizeof variables[0]; k++) {
        /* Without events none is left that some other program may have set. */
        if ((events != NULL ? setenv(variables[k].name, variables[k].value, 1) : unsetenv(variables[k].name)) != 0) {
            return fb_fail(error, FB_ERROR_MEMORY, "plugin-host: no memory for %s", variables[k].name);
        }
    }
    return FB_OK;
}

static fb_status run(const fb_command_line *line, void *context, fb_error *error)
{
    const choices *c = context;
    /* Not to stay behind when `evaluate` is killed, and not to keep its files open. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(c->command != NULL ? FB_EXTERNAL_METHOD_TABLE : FB_EXTERNAL_METHOD_TABLE + 1, ~0U, 0);
    if (c->command != NULL) {
        const fb_status status = set_environment(c, line->n_positional > 0 ? line->positional[0] : NULL, error);
        if (status != FB_OK) {
            return status;
        }
        signal(SIGXFSZ, SIG_DFL); /* ignored by main only, and inherited */
        execl("/bin/sh", "sh", "-c", c->command, (char *)NULL);
        return fb_fail(error, FB_ERROR_FILE, "/bin/sh: %s", strerror(errno));
    }
    return line->n_positional == 2 ? host_library(line->positional[0], line->positional[1], c, error)
                                   : fb_fail(error, FB_ERROR_USAGE, "plugin-host: expected LIBRARY EVENTS");
}

fb_status fb_cmd_plugin_host(int argc, char **argv, fb_error *error)
{
    choices c = {.split = fb_split_default()};
    fb_command_line line = {.arguments = "LIBRARY EVENTS",
                            .summary = "The process of a plug-in; started by 'evaluate --method'.",
                            .example = "fair-baseline evaluate --method ./mine.so events.h5 -o results",
                            .max_positional = 2};
    fb_option_add_text(&line.options, "command", "TEXT", &c.command,
                       "become this command instead of loading a library");
    fb_train_options_add_split(&line.options, &c.split);
    fb_option_find(&line.options, "split-seed")->needs = NULL; /* it gets the seed whatever the rule is */
    fb_option_add_text(&line.options, "metadata", "FILE", &c.metadata, FB_SPLIT_METADATA_HELP);
    return fb_command_line_run(&line, argc, argv, run, &c, error);
}
