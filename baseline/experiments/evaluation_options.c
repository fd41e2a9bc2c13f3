#include "baseline/experiments/evaluation_options.h"

#include "baseline/analysis/fit_options.h"

static void add_switches(fb_option_table *table, fb_evaluation_switches *switches)
{
    static const struct {
        const char *name, *help;
    } rows[FB_N_NUISANCE] = {[FB_TES] = {"systematics-tes", "draw tes"},
                             [FB_JES] = {"systematics-jes", "draw jes"},
                             [FB_SOFT_MET] = {"systematics-soft-met", "draw soft-met"},
                             [FB_TTBAR_SCALE] = {"systematics-ttbar-scale", "draw ttbar-scale"},
                             [FB_DIBOSON_SCALE] = {"systematics-diboson-scale", "draw diboson-scale"},
                             [FB_BKG_SCALE] = {"systematics-bkg-scale", "draw bkg-scale"}};
    fb_option_add_flag(table, "all-systematics", &switches->all, "the same as --draw all")->excludes =
        "draw systematics-tes systematics-jes systematics-soft-met systematics-ttbar-scale systematics-diboson-scale "
        "systematics-bkg-scale";
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        fb_option_add_flag(table, rows[k].name, &switches->one[k], rows[k].help)->excludes = "draw";
    }
}

void fb_evaluation_options_add(fb_option_table *table, fb_evaluation_settings *settings, uint64_t *seed,
                               fb_evaluation_switches *switches)
{
    table->group = "experiments";
    fb_option_add_count(table, "num-of-sets", "N", &settings->n_sets, 1, 1e6,
                        "sets, each with its own true mu in [0.1, 3]");
    fb_option_add_count(table, "num-pseudo-experiments", "N", &settings->n_experiments, 1, 1e6, "experiments of a set");
    fb_option_add_count(table, "random-seed", "S", seed, 0, 9e18, "the same as --seed")->excludes = "seed";
    fb_option_add_parsed(table, "draw", "LIST", &settings->drawn, &fb_fit_options_mask,
                         "which nuisance parameters the experiments draw")
        ->names = fb_fit_options_mask_words();
    if (switches != NULL) {
        add_switches(table, switches);
    }
    fb_option_add_choice(table, "generator", "NAME", &settings->generator, fb_evaluation_generator_names,
                         "streams, or official: the official program's draws, bit for bit");
}

fb_nuisance_mask fb_evaluation_options_drawn(fb_nuisance_mask drawn, const fb_evaluation_switches *switches)
{
    fb_nuisance_mask named = 0;
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        named |= (unsigned)switches->one[k] << k;
    }
    if (switches->all) {
        return FB_ALL_NUISANCES;
    }
    return named != 0 ? named : drawn;
}

void fb_evaluation_options_add_batch(fb_option_table *table, uint64_t *batch)
{
    fb_option_add_count(table, "batch", "N", batch, 0, 1e6, "experiments drawn together; 0: 32, or 4 with --method");
}

void fb_evaluation_options_add_use(fb_option_table *table, bool *resume, bool *overwrite)
{
    if (resume != NULL) {
        fb_option_add_flag(table, "resume", resume, "go on with a run that was stopped, or add experiments to it");
    }
    fb_option_add_overwrite(table, overwrite)->excludes = "resume";
}

fb_folder_use fb_evaluation_options_use(bool resume, bool overwrite)
{
    if (resume) {
        return FB_FOLDER_RESUME;
    }
    return overwrite ? FB_FOLDER_OVERWRITE : FB_FOLDER_NEW;
}
