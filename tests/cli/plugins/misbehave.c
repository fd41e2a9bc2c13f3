/* A plug-in that does what the environment variable MISBEHAVE says, at its start or at every experiment whose number of
 * events is a multiple of 3; else it answers 1. */
#include <baseline/plugin.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is(const char *what)
{
    const char *wanted = getenv("MISBEHAVE");
    return wanted != NULL && strcmp(wanted, what) == 0;
}

static void loop(void)
{
    for (volatile int k = 0;; k = k + 1) {
    }
}

static int fail(const char *why, char *reason)
{
    snprintf(reason, FB_PLUGIN_REASON_SIZE, "%s", why);
    return 7;
}

/* Learning fails once the file exists that a crash leaves. */
static int was_here(void)
{
    const char *mark = getenv("MARK");
    return mark != NULL && access(mark, F_OK) == 0;
}

static int create(const fb_plugin_data *data, void **method, char *reason)
{
    *method = (void *)data;
    return is("create") ? fail("no \x01 luck", reason) : 0;
}

static int count(void *context, const fb_plugin_rows *rows, char *reason)
{
    (void)reason;
    *(size_t *)context += rows->n;
    return 0;
}

static int fit(void *method, char *reason)
{
    const fb_plugin_data *data = method;
    fb_plugin_nuisances wide = FB_PLUGIN_NOMINAL;
    size_t n = 0;
    wide.tes = 2.0;
    if (is("fit-loop")) {
        loop();
    }
    if (is("fit-abort")) {
        abort();
    }
    if (is("range")) {
        return data->systematics(data, FB_PLUGIN_TRAIN, &wide, 1, count, &n, reason);
    }
    return was_here() ? fail("not again", reason) : 0;
}

static int predict(void *method, const fb_plugin_experiment *experiment, fb_plugin_result *result, char *reason)
{
    const char *mark = getenv("MARK");
    (void)method;
    printf("this is not for evaluate\n");
    fflush(stdout);
    *result = (fb_plugin_result){1.0, 1.0, 0.0, 2.0};
    if (experiment->n % 3 != 0) {
        return 0;
    }
    if (mark != NULL) {
        fclose(fopen(mark, "w"));
    }
    if (is("abort")) {
        abort();
    }
    if (is("exit")) {
        exit(5);
    }
    if (is("loop")) {
        loop();
    }
    if (is("nan")) {
        result->p84 = NAN;
    }
    return is("fail") ? fail("I give up", reason) : 0;
}

static void destroy(void *method)
{
    (void)method;
    if (is("destroy")) {
        loop();
    }
}

const fb_plugin *fb_plugin_get(void)
{
    static fb_plugin plugin = {FB_PLUGIN_VERSION, "misbehave", create, fit, predict, destroy};
    plugin.version += is("version") ? 41 : 0;
    plugin.name = is("name") ? "" : plugin.name;
    plugin.fit = is("no-fit") ? NULL : plugin.fit;
    return is("null") ? NULL : &plugin;
}
