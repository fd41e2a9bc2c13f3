#include "baseline/experiments/method_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/config/config.h"

enum { PATH_SIZE = 4096 };

static bool is_path(const char *method)
{
    const char *dot = strrchr(method, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* Beside the installed program: bin/../share/fair-baseline/methods. */
static bool installed_folder(char folder[PATH_SIZE])
{
    char program[PATH_SIZE / 2];
    const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0) {
        return false;
    }
    program[n] = '\0';
    char *slash = strrchr(program, '/');
    *slash = '\0';
    snprintf(folder, PATH_SIZE, "%s/../share/fair-baseline/methods", program);
    return access(folder, F_OK) == 0;
}

static fb_status find_file(const char *method, char path[PATH_SIZE], fb_error *error)
{
    char installed[PATH_SIZE];
    const char *folder = getenv("FAIR_BASELINE_METHODS");
    if (is_path(method)) {
        snprintf(path, PATH_SIZE, "%s", method);
        return FB_OK;
    }
    if (folder == NULL) {
        folder = installed_folder(installed) ? installed : FB_METHODS_FOLDER;
    }
    if (snprintf(path, PATH_SIZE, "%s/%s.yaml", folder, method) >= PATH_SIZE || access(path, F_OK) != 0) {
        return fb_fail(error, FB_ERROR_USAGE,
                       "there is no method '%s' in %s; the program comes with %s, or name a .yaml file", method, folder,
                       FB_METHOD_NAMES);
    }
    return FB_OK;
}

/* What would otherwise be found when the methods before it are trained. */
static fb_status check_values(const fb_method_file *method, fb_error *error)
{
    fb_classifier *classifier = NULL;
    fb_status status = FB_OK;
    if (method->fit.settings.mu_is_fixed) {
        return fb_fail(error, FB_ERROR_USAGE, "fix: mu leaves nothing to measure");
    }
    FB_TRY(fb_train_settings_check(&method->train, error));
    FB_TRY(fb_train_settings_classifier(&method->train, &classifier, error));
cleanup:
    fb_classifier_free(classifier);
    return status;
}

fb_status fb_method_file_read(const char *method, fb_method_file *out, fb_error *error)
{
    char path[PATH_SIZE];
    fb_option_table train = {0}, fit = {0};
    fb_status status = FB_OK;
    *out = (fb_method_file){.train = fb_train_settings_default(), .fit = fb_fit_options_default()};
    fb_train_options_add(&train, &out->train);
    fb_fit_options_add_section(&fit, &out->fit);
    FB_TRY(find_file(method, path, error));
    FB_TRY(fb_method_name_of(path, out->name, error));
    FB_TRY(fb_config_apply(path, "train", &train, error));
    FB_TRY(fb_config_apply(path, "fit", &fit, error));
    status = check_values(out, error);
    if (status != FB_OK) {
        return fb_fail_prefix(error, status, "%s", path);
    }
cleanup:
    return status;
}

static bool same_texts(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_lists(const fb_text_list *a, const fb_text_list *b)
{
    bool same = a->n == b->n;
    for (int k = 0; k < a->n && same; k++) {
        same = strcmp(a->item[k], b->item[k]) == 0;
    }
    return same;
}

bool fb_method_file_same_classifier(const fb_method_file *a, const fb_method_file *b)
{
    const fb_train_settings *x = &a->train, *y = &b->train;
    const fb_conditioning *of_x = &x->templates.conditioning, *of_y = &y->templates.conditioning;
    return strcmp(x->model, y->model) == 0 && same_texts(x->score_command, y->score_command) &&
           x->calibrate == y->calibrate && same_lists(&x->set, &y->set) && x->train_rows == y->train_rows &&
           x->augmentation.n_copies == y->augmentation.n_copies &&
           x->augmentation.widening == y->augmentation.widening && of_x->which == of_y->which &&
           memcmp(&of_x->value, &of_y->value, sizeof of_x->value) == 0;
}
