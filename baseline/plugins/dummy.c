/* The smallest plug-in: always the same answer, from an interval that is wide enough to be honest. */
#include <baseline/plugin.h>

static int create(const fb_plugin_data *data, void **method, char *reason)
{
    (void)data, (void)reason;
    *method = NULL;
    return 0;
}

static int fit(void *method, char *reason)
{
    (void)method, (void)reason;
    return 0;
}

static int predict(void *method, const fb_plugin_experiment *experiment, fb_plugin_result *result, char *reason)
{
    (void)method, (void)experiment, (void)reason;
    *result = (fb_plugin_result){.mu_hat = 1.0, .delta_mu_hat = 1.0, .p16 = 0.25, .p84 = 2.5};
    return 0;
}

static void destroy(void *method)
{
    (void)method;
}

const fb_plugin *fb_plugin_get(void)
{
    static const fb_plugin plugin = {FB_PLUGIN_VERSION, "dummy", create, fit, predict, destroy};
    return &plugin;
}
