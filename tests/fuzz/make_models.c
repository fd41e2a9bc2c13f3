/* Small stored classifiers for the fuzzers to damage.
 *
 *     make_models FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/hash.h"
#include "models/hardened.h"
#include "tests/support/toy.h"

static void write_file(const char *folder, const char *name, const uint8_t *bytes, size_t n)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes, 1, n, stream) != n || fclose(stream) != 0) {
        perror(path);
        exit(1);
    }
}

/* Trees without XGBoost's own form behind them, which is kept but not read: three quarters of the bytes. */
static size_t without_ubj(uint8_t *bytes)
{
    uint64_t n_forest, length, hash;
    memcpy(&n_forest, bytes + 24, sizeof n_forest);
    length = sizeof n_forest + n_forest;
    hash = fb_hash_u64(bytes + 24, length);
    memcpy(bytes + 8, &length, sizeof length);
    memcpy(bytes + 16, &hash, sizeof hash);
    return 24 + length;
}

typedef struct model {
    const char *file, *kind;
    const char *setting[6];
    bool calibrated, whole;
} model;

static fb_status make(const char *folder, const model *m, const fb_toy *training, const fb_toy *validation,
                      fb_error *error)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    fb_classifier *classifier = NULL;
    fb_training_report report;
    fb_status status = FB_OK;
    FB_TRY(fb_classifier_create(m->kind, &classifier, error));
    for (int k = 0; m->setting[k] != NULL; k++) {
        FB_TRY(fb_classifier_set(classifier, m->setting[k], error));
    }
    if (fb_hardened_is(classifier)) {
        FB_TRY(fb_hardened_prepare(classifier,
                                   &(fb_hardened_constants){.yield = {1.0, 1000.0, 50.0, 4.0},
                                                            .width = {1.0, 0.0, 0.02, 0.25},
                                                            .distance = {4.0, 4.0, 1.4}},
                                   error));
    }
    FB_TRY(fb_classifier_fit(classifier, &training->sample, &validation->sample, NULL, NULL, &report, error));
    if (m->calibrated) {
        FB_TRY(fb_classifier_calibrate(classifier, &validation->sample, error));
    }
    FB_TRY(fb_classifier_save(classifier, &bytes, &n, error));
    write_file(folder, m->file, bytes, m->whole ? n : without_ubj(bytes));
cleanup:
    free(bytes);
    fb_classifier_free(classifier);
    return status;
}

/* Gives the rows of a toy the heads of a hardened score. */
static void add_heads(const fb_heads *heads, uint8_t *head, fb_toy *toy)
{
    for (size_t i = 0; i < toy->sample.n; i++) {
        head[i] = (uint8_t)(i * FB_HARDENED_HEADS / toy->sample.n);
        toy->label[i] = (float)(i % (head[i] == 0 ? FB_HARDENED_CLASSES : 2));
    }
    toy->sample.heads = heads;
    toy->sample.head = head;
}

int main(int argc, char **argv)
{
    static const model models[] = {
        {"trees", "bdt", {"trees=4", "depth=3", NULL}, false, false},
        {"deep_trees", "bdt", {"trees=2", "depth=10", "min_child_weight=0", NULL}, false, false}, /* not sliced */
        {"calibrated_trees", "bdt", {"trees=1", "depth=2", NULL}, true, true},
        {"net", "dense", {"hidden=5x3", "epochs=1", NULL}, false, true},
        {"line", "dense", {"hidden=none", "epochs=1", "features=standard", NULL}, false, true},
        {"calibrated_net", "dense", {"hidden=2", "epochs=1", NULL}, true, true}};
    fb_error error = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    fb_toy training = fb_toy_make(400, 1, true), validation = fb_toy_make(200, 2, false);
    for (size_t k = 0; k < sizeof models / sizeof models[0]; k++) {
        if (make(argv[1], &models[k], &training, &validation, &error) != FB_OK) {
            fprintf(stderr, "%s: %s\n", models[k].file, error.text);
            return 1;
        }
    }
    static const model hardened = {"hardened", "hardened", {"hidden=3", "epochs=1", NULL}, false, true};
    static uint8_t head[2][400];
    const fb_heads heads = fb_hardened_heads();
    add_heads(&heads, head[0], &training);
    add_heads(&heads, head[1], &validation);
    if (make(argv[1], &hardened, &training, &validation, &error) != FB_OK) {
        fprintf(stderr, "%s: %s\n", hardened.file, error.text);
        return 1;
    }
    fb_toy_free(&training);
    fb_toy_free(&validation);
    return 0;
}
