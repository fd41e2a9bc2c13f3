/** \file toy.h
 * A toy problem for classifiers whose likelihood ratio is known.
 */
#ifndef FB_TESTS_SUPPORT_TOY_H
#define FB_TESTS_SUPPORT_TOY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/classifier.h"

enum { FB_TOY_FEATURES = 4 };

/** Signal and background are normal with unit widths, this far apart; the last feature is noise, or -25 for every other
 * row. */
extern const double fb_toy_shift[FB_TOY_FEATURES - 1];

typedef struct fb_toy {
    fb_sample sample;
    float *matrix, *label, *weight;
    float *ratio; ///< [n] the likelihood ratio as a score
} fb_toy;

/** `n` rows, half of them signal; weights between 0.2 and 1.2, or all 1. Release with fb_toy_free. */
fb_toy fb_toy_make(size_t n, uint64_t seed, bool weighted);
void fb_toy_free(fb_toy *toy);

/** The AUC that the likelihood ratio has on endlessly many rows: Phi(d / sqrt 2), d the distance of the centres. */
double fb_toy_auc(void);

enum { FB_TOY_ROUNDS = 200 };

/** Log-losses by round, of at most FB_TOY_ROUNDS. Start it zeroed. */
typedef struct fb_toy_history {
    int n;
    double train[FB_TOY_ROUNDS];    ///< of the rows trained on
    double log_loss[FB_TOY_ROUNDS]; ///< of the validation sample
} fb_toy_history;

/** A classifier of a kind with `settings`, NULL at the end; untrained, and trained with the history and the report in
 * `history` and `report`, which may be NULL. */
fb_classifier *fb_toy_classifier(const char *kind, const char *const *settings);
fb_classifier *fb_toy_train(const char *kind, const char *const *settings, const fb_toy *training,
                            const fb_toy *validation, fb_toy_history *history, fb_training_report *report);

/** The log-loss of rows 0, n / some, 2 n / some, ... (`some` of them; all rows: n) with the weights of the classes
 * balanced over all rows, as a training sees them. */
double fb_toy_balanced_log_loss(const fb_toy *toy, const float *score, size_t some);

/** Its scores of the rows, released with free(). */
float *fb_toy_scores(const fb_classifier *classifier, const fb_toy *toy);

/** The learning curve of a training: at the kept round the log-loss of `some` of the rows trained on, falling, and the
 * same for one thread and three. */
void fb_toy_check_learning_curve(const char *kind, const char *const *settings, const fb_toy *training,
                                 const fb_toy *validation, size_t some);

#endif
