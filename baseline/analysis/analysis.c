#include "baseline/analysis/analysis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/interrupt.h"
#include "models/common/memory.h"
#include "models/common/text.h"
#include "models/hardened.h"
#include "nll/asimov.h"

fb_status fb_analysis_identify(fb_source *source, fb_value_rules *rules, fb_identity *identity, fb_error *error)
{
    fb_hash *checksum = NULL;
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    memcpy(identity->origin, fb_source_describe(source)->origin, sizeof identity->origin);
    FB_TRY(fb_hash_create(&checksum, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        FB_TRY(fb_checksum_update(checksum, piece, error));
        if (rules != NULL) {
            fb_value_rules_add(rules, piece);
        }
    } while (piece->n > 0);
    FB_TRY(fb_source_rewind(source, error));
    fb_checksum_text(checksum, identity->checksum);
cleanup:
    fb_hash_free(checksum);
    fb_events_free(piece);
    return status;
}

fb_status fb_analysis_create(const fb_train_settings *settings, fb_analysis **out, fb_error *error)
{
    fb_analysis *a = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_train_settings_check(settings, error));
    FB_TRY(fb_memory_allocate(1, sizeof *a, &a, error));
    a->settings = *settings;
    a->settings.augmentation.conditioned = settings->templates.conditioning.which;
    a->split = fb_split_of(&settings->split);
    FB_TRY(fb_train_settings_classifier(settings, &a->classifier, error));
    a->settings.augmentation.derivatives = fb_hardened_is(a->classifier);
    a->settings.augmentation.priors = settings->templates.priors;
    *out = a;
    a = NULL;
cleanup:
    fb_analysis_free(a);
    return status;
}

void fb_analysis_free(fb_analysis *analysis)
{
    if (analysis != NULL) {
        fb_classifier_free(analysis->classifier);
        fb_diagnostics_clear(&analysis->diagnostics);
        fb_template_builder_free(analysis->template_set);
        free(analysis);
    }
}

fb_status fb_analysis_expect(const fb_analysis *analysis, const fb_point *truth, double *sigma,
                             double *shared_template_error, fb_error *error)
{
    const fb_fit_settings settings = fb_fit_settings_default();
    fb_fit_result result;
    fb_status status = FB_OK;
    *sigma = *shared_template_error = NAN;
    FB_TRY(fb_asimov_fit(analysis->template_set->templates, &settings, truth, &result, error));
    *sigma = result.sigma;
    FB_TRY(fb_asimov_shared_error(analysis->template_set->templates, &settings, truth, shared_template_error, error));
cleanup:
    return status == FB_ERROR_NOT_CONVERGED || status == FB_ERROR_DATA ? FB_OK : status;
}

void fb_analysis_split_text(const fb_split *split, char *text, size_t size)
{
    const int used =
        snprintf(text, size, "%s seed=%llu pool_rows=%llu fractions=", fb_split_rule_names[split->settings.rule],
                 (unsigned long long)split->settings.seed, (unsigned long long)split->n_pool_rows);
    if (used >= 0 && (size_t)used < size) {
        fb_text_of_doubles(FB_N_PARTS, split->fraction, text + used, size - (size_t)used);
    }
}

void fb_analysis_pool_origin(const fb_identity *identity, const fb_split *split, char origin[FB_ORIGIN_SIZE])
{
    char text[FB_SPLIT_TEXT_SIZE] = "all rows";
    if (split != NULL) {
        fb_analysis_split_text(split, text, sizeof text);
    }
    const int used = snprintf(origin, FB_ORIGIN_SIZE, "pool|%s|%.96s|%s", identity->checksum, identity->origin, text);
    if (split != NULL && split->settings.metadata.sum_weights > 0.0 && used > 0 && used < FB_ORIGIN_SIZE) {
        snprintf(origin + used, FB_ORIGIN_SIZE - (size_t)used, "|sum_weights=%.17g",
                 split->settings.metadata.sum_weights);
    }
}

bool fb_analysis_pool_overlaps(const fb_analysis *analysis, const char *origin)
{
    char copy[FB_ORIGIN_SIZE];
    char own[FB_SPLIT_TEXT_SIZE];
    char *at = copy;
    snprintf(copy, sizeof copy, "%s", origin);
    const char *kind = strsep(&at, "|");
    const char *checksum = strsep(&at, "|");
    const char *simulated = strsep(&at, "|");
    const char *split = strsep(&at, "|"); /* what follows is about its weights */
    if (strcmp(kind, "pool") != 0 || checksum == NULL || simulated == NULL || split == NULL) {
        return false;
    }
    bool same_events = strcmp(checksum, analysis->identity.checksum) == 0 ||
                       (simulated[0] != '\0' && strncmp(simulated, analysis->identity.origin, 96) == 0);
    fb_analysis_split_text(&analysis->split, own, sizeof own);
    return same_events && strcmp(split, own) != 0;
}
