/** \file analysis.h
 * What training leaves on disk, one HDF5 file: classifier, binning, templates, split, provenance. Nothing else is
 * needed to fit or to evaluate.
 */
#ifndef FB_BASELINE_ANALYSIS_ANALYSIS_H
#define FB_BASELINE_ANALYSIS_ANALYSIS_H

#include "baseline/analysis/diagnostics.h"
#include "baseline/analysis/train_settings.h"
#include "holdout/events/checksum.h"
#include "holdout/validation/value_rules.h"
#include "models/classifier.h"
#include "nll/expectation.h"

/** Which events something was made from. */
typedef struct fb_identity {
    char checksum[FB_CHECKSUM_TEXT_SIZE];
    char origin[FB_ORIGIN_SIZE]; ///< of simulated events, else empty
} fb_identity;

/** Reads a source once, and rewinds it.
 *  \param rules  gets the rows, too; may be NULL */
fb_status fb_analysis_identify(fb_source *source, fb_value_rules *rules, fb_identity *identity,
                               fb_error *error) FB_MUST_USE;

enum { FB_SPLIT_TEXT_SIZE = 256, FB_SETTINGS_SIZE = 512, FB_CONFIGURATION_SIZE = 40960, FB_N_SCORED_PARTS = 3 };

typedef struct fb_analysis {
    fb_train_settings
        settings;         ///< of the training. A file has the split, the conditioning, and of `templates` bins, share,
                          ///< seed and values; the others are defaults then, and in `configuration`
    fb_identity identity; ///< of the events
    fb_split split;       ///< measured on them
    fb_classifier *classifier;
    char model_settings[FB_SETTINGS_SIZE];
    uint64_t n_used[2]; ///< rows of train and validation that were used, after the final selection
    fb_training_report report;
    double auc[FB_N_SCORED_PARTS]; ///< train, validation, holdout; after the final selection, classes balanced
    double log_loss[FB_N_SCORED_PARTS];
    fb_diagnostics diagnostics;
    fb_template_set *template_set;
    double expected_sigma;        ///< of mu at mu = 1, all six systematics, from the Asimov data set
    double shared_template_error; ///< error of mu at mu = 1 that the templates' own statistics makes, the same for all
                                  ///< experiments
    char configuration[FB_CONFIGURATION_SIZE]; ///< YAML, as 'train --config' reads it; empty: not made by options
} fb_analysis;

/** To be trained (train.h): with a new classifier and nothing measured. FB_ERROR_USAGE as fb_train_settings_check and
 * fb_train_settings_classifier. */
fb_status fb_analysis_create(const fb_train_settings *settings, fb_analysis **out, fb_error *error) FB_MUST_USE;
void fb_analysis_free(fb_analysis *analysis);

/** What this analysis can be expected to find at a truth: from the Asimov data set, all systematics floating. NaN when
 * the fit does not converge: templates of a thousand events may not get that far.
 *  \param sigma         error of mu
 *  \param shared_template_error  of mu, that the templates' own statistics makes, the same for all experiments */
fb_status fb_analysis_expect(const fb_analysis *analysis, const fb_point *truth, double *sigma,
                             double *shared_template_error, fb_error *error) FB_MUST_USE;

fb_status fb_analysis_file_save(const fb_analysis *analysis, const char *path, fb_error *error) FB_MUST_USE;
/** Whether `path` can be read and says that it is an analysis. */
bool fb_analysis_file_is(const char *path);
/** FB_ERROR_FILE or FB_ERROR_DATA with the file and what is wrong. */
fb_status fb_analysis_file_load(const char *path, fb_analysis **out, fb_error *error) FB_MUST_USE;

/** The split as text: the same text means the same part for every row of the same events. */
void fb_analysis_split_text(const fb_split *split, char *text, size_t size);

/** The origin recorded for rows drawn from a pool, and the question whether such rows may have been trained on: false
 * when they come from the pool of the analysis' own split, from other events, or when nothing is recorded.
 *  \param split  NULL: the rows are drawn from all events */
void fb_analysis_pool_origin(const fb_identity *identity, const fb_split *split, char origin[FB_ORIGIN_SIZE]);
bool fb_analysis_pool_overlaps(const fb_analysis *analysis, const char *origin);

#endif
