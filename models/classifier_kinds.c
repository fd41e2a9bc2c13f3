#include "models/classifier_kinds.h"

#include <stdbool.h>
#include <string.h>

#include "models/bdt/bdt.h"
#include "models/common/c_locale.h"
#include "models/dense/dense.h"
#include "models/hardened.h"

static const fb_classifier_methods *kinds[FB_MAX_CLASSIFIER_KINDS] = {&fb_bdt_methods, &fb_dense_methods,
                                                                      &fb_hardened_methods};

const fb_classifier_methods *fb_classifier_kinds_at(int k)
{
    return k >= 0 && k < FB_MAX_CLASSIFIER_KINDS ? kinds[k] : NULL;
}

/* The name of a member that must not be NULL but is; NULL: none. */
static const char *missing_member(const fb_classifier_methods *m)
{
    const struct {
        const char *name;
        bool is_missing;
    } members[] = {{"name", m->name == NULL || m->name[0] == '\0'},
                   {"summary", m->summary == NULL},
                   {"create", m->create == NULL},
                   {"free", m->free == NULL},
                   {"set", m->set == NULL},
                   {"describe", m->describe == NULL},
                   {"fit", m->fit == NULL},
                   {"score", m->score == NULL},
                   {"save", m->save == NULL},
                   {"load", m->load == NULL}};
    for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
        if (members[k].is_missing) {
            return members[k].name;
        }
    }
    return NULL;
}

fb_status fb_classifier_kinds_register(const fb_classifier_methods *methods, fb_error *error)
{
    FB_C_LOCALE;
    const char *missing = methods == NULL ? "table" : missing_member(methods);
    int n = 0;
    if (missing != NULL) {
        return fb_fail(error, FB_ERROR_USAGE, "a kind of classifier without %s cannot be registered", missing);
    }
    if (strlen(methods->name) >= FB_CLASSIFIER_NAME_SIZE) {
        return fb_fail(error, FB_ERROR_USAGE, "model '%s': a name has at most %d characters", methods->name,
                       FB_CLASSIFIER_NAME_SIZE - 1);
    }
    for (; n < FB_MAX_CLASSIFIER_KINDS && kinds[n] != NULL; n++) {
        if (strcmp(kinds[n]->name, methods->name) == 0) {
            return fb_fail(error, FB_ERROR_USAGE, "there is a model '%s' already", methods->name);
        }
    }
    if (n == FB_MAX_CLASSIFIER_KINDS) {
        return fb_fail(error, FB_ERROR_USAGE, "model '%s': there are %d kinds already, and no room for more",
                       methods->name, n);
    }
    kinds[n] = methods;
    return FB_OK;
}
