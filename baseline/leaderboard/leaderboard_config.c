#include "baseline/leaderboard/leaderboard_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config_writer.h"
#include "baseline/experiments/evaluation_options.h"
#include "models/common/memory.h"

/* The rows of 'evaluate' that a result of its depends on; which more there are depends on the kind of method. */
static fb_status section_of(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings, char **text,
                            fb_error *error)
{
    fb_evaluation_settings s = *settings;
    fb_external_method_settings theirs = method->settings;
    fb_fit_choice ours = method->file.fit;
    fb_option_table table = {0};
    fb_evaluation_options_add(&table, &s, &s.seed, NULL);
    if (method->external != NULL) {
        fb_external_options_add(&table, &theirs);
    } else {
        fb_fit_options_add(&table, &ours);
    }
    return fb_config_writer_text("evaluate", &table, text, error);
}

/* Without its first line, a comment that the other section has, too. */
static const char *training_of(const fb_leaderboard_entry *method)
{
    const char *text = method->analysis != NULL ? method->analysis->configuration : "";
    const char *end = strchr(text, '\n');
    return end != NULL ? end + 1 : "";
}

fb_status fb_leaderboard_config_text(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings,
                                     char **out, fb_error *error)
{
    const char *training = training_of(method);
    char *section = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(section_of(method, settings, &section, error));
    const size_t size = strlen(section) + strlen(training) + 1;
    FB_TRY(fb_memory_allocate(size, 1, out, error));
    snprintf(*out, size, "%s%s", section, training);
cleanup:
    free(section);
    return status;
}
