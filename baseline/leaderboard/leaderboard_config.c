#include "baseline/leaderboard/leaderboard_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/config/config_writer.h"
#include "models/common/memory.h"

/* The rows of 'evaluate' that a result of its depends on; which more there are depends on the kind of method. */
static fb_status section_of(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings, char **text,
                            fb_error *error)
{
    char list[FB_NUISANCE_MASK_SIZE];
    const char *drawn = fb_nuisance_mask_text(settings->drawn, list),
               *generator = fb_evaluation_generator_names[settings->generator];
    fb_evaluation_settings s = *settings;
    fb_external_options options = method->options;
    fb_fit_options fit = method->file.fit;
#define EXPERIMENTS                                                                                                    \
    {"num-of-sets", 0, "N", FB_OPTION_COUNT, &s.n_sets, 1, 1e6, ""},                                                   \
        {"num-pseudo-experiments", 0, "N", FB_OPTION_COUNT, &s.n_experiments, 1, 1e6, ""},                             \
        {"random-seed", 0, "S", FB_OPTION_COUNT, &s.seed, 0, 9e18, ""},                                                \
        {"draw", 0, "LIST", FB_OPTION_TEXT, &drawn, 0, 0, ""},                                                         \
    {                                                                                                                  \
        "generator", 0, "NAME", FB_OPTION_TEXT, &generator, 0, 0, ""                                                   \
    }
    const fb_option ours[] = {EXPERIMENTS, FB_FIT_OPTIONS(fit)};
    const fb_option theirs[] = {EXPERIMENTS, FB_EXTERNAL_OPTIONS(options)};
#undef EXPERIMENTS
    return method->participant != NULL
               ? fb_config_writer_text("evaluate", theirs, sizeof theirs / sizeof theirs[0], text, error)
               : fb_config_writer_text("evaluate", ours, sizeof ours / sizeof ours[0], text, error);
}

/* Without its first line, a comment that the other section has, too. */
static const char *training_of(const fb_leaderboard_entry *method)
{
    const char *text = method->analysis != NULL ? method->analysis->configuration : "";
    const char *end = strchr(text, '\n');
    return end != NULL ? end + 1 : "";
}

fb_status fb_leaderboard_config_write(const fb_leaderboard_entry *method, const fb_evaluation_settings *settings,
                                      fb_error *error)
{
    const char *training = training_of(method);
    char *section = NULL, *text = NULL;
    fb_status status = FB_OK;
    FB_TRY(section_of(method, settings, &section, error));
    const size_t size = strlen(section) + strlen(training) + 1;
    FB_TRY(fb_memory_allocate(size, 1, &text, error));
    snprintf(text, size, "%s%s", section, training);
    FB_TRY(fb_evaluation_folder_write_configuration(method->folder, text, error));
cleanup:
    free(section);
    free(text);
    return status;
}
