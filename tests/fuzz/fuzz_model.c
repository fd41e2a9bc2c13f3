/* Stored classifiers, of all kinds: as they come, and with the length and the hash in front of them put right, without
 * which the readers behind them would see next to nothing. What is accepted is scored with, saved, and loaded again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/classifier.h"
#include "models/classifier_kinds.h"
#include "models/common/hash.h"
#include "tests/fuzz/fuzz.h"

/* The head: 8 bytes that say what follows, its length, its hash (models/classifier.c). */
enum { LENGTH_AT = 8, HASH_AT = 16, HEAD = 24 };

/* More rows than a kernel takes at once (512), and not a multiple of anything. */
enum { ROWS = 523, MOST_FEATURES = 8 };

static float matrix[ROWS * MOST_FEATURES];

static void demand(int condition, const char *what, const fb_error *error)
{
    if (!condition) {
        fprintf(stderr, "contradiction: %s (%s)\n", what, error->text);
        abort();
    }
}

/* Values around those that trees cut at, undefined ones, and what no file of events has. */
static void make_rows(void)
{
    for (int i = 0; i < ROWS * MOST_FEATURES; i++) {
        matrix[i] = i % 11 == 0 ? -25.0f : i % 97 == 0 ? NAN : i % 101 == 0 ? INFINITY : (float)(i % 37) * 0.2f - 3.0f;
    }
}

static int score(const fb_classifier *classifier)
{
    fb_error error = {0};
    float out[ROWS];
    int n_scored = 0;
    for (int d = 1; d <= MOST_FEATURES; d++) {
        fb_status status = fb_classifier_score(classifier, ROWS, d, matrix, out, &error);
        demand(status == FB_OK || status == FB_ERROR_DATA, "scoring fails otherwise than by the number of features",
               &error);
        n_scored += status == FB_OK;
    }
    return n_scored;
}

static void load(fb_classifier *classifier, const uint8_t *data, size_t size)
{
    fb_error error = {0};
    uint8_t *bytes = NULL;
    size_t n_bytes = 0;
    fb_status status = fb_classifier_load(classifier, data, size, &error);
    demand(status == FB_OK || error.text[0] != '\0', "an error without a text", &error);
    if (status != FB_OK) {
        return;
    }
    const int n_scored = score(classifier);
    demand(n_scored <= 1, "several numbers of features fit", &error);
    demand(fb_classifier_save(classifier, &bytes, &n_bytes, &error) == FB_OK, "what was loaded cannot be saved",
           &error);
    demand(fb_classifier_load(classifier, bytes, n_bytes, &error) == FB_OK, "... nor be loaded again", &error);
    demand(score(classifier) == n_scored, "... nor be scored with", &error);
    free(bytes);
    fb_fuzz_counted.opened++;
    fb_fuzz_counted.whole += n_scored > 0 ? 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fb_classifier *classifier[FB_MAX_CLASSIFIER_KINDS];
    fb_error error = {0};
    uint8_t *right = malloc(size > 0 ? size : 1);
    if (right == NULL) {
        exit(1);
    }
    memcpy(right, data, size);
    if (size >= HEAD) {
        const uint64_t length = size - HEAD, hash = fb_hash_u64(data + HEAD, size - HEAD);
        memcpy(right + LENGTH_AT, &length, sizeof length);
        memcpy(right + HASH_AT, &hash, sizeof hash);
    }
    for (int k = 0; fb_classifier_kinds_at(k) != NULL; k++) {
        if (classifier[k] == NULL) {
            make_rows();
            demand(fb_classifier_create(fb_classifier_kinds_at(k)->name, &classifier[k], &error) == FB_OK, "create",
                   &error);
        }
        load(classifier[k], data, size);
        load(classifier[k], right, size);
    }
    free(right);
    return 0;
}
