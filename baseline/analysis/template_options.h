/** \file template_options.h
 * The options of measuring templates as text, the same for every command that measures them.
 */
#ifndef FB_BASELINE_ANALYSIS_TEMPLATE_OPTIONS_H
#define FB_BASELINE_ANALYSIS_TEMPLATE_OPTIONS_H

#include "baseline/config/command_line.h"
#include "holdout/templates/template_builder.h"

typedef struct fb_template_options {
    const char *binning;     ///< "quantile" or "uniform"
    const char *combination; ///< "product", "additive" or "average"
    const char *degree;      ///< "auto", one number or three
    uint64_t bins, drop_bins;
    double share;
    fb_text_list tell; ///< NAME or NAME=VALUE
} fb_template_options;

/** As fb_template_builder_default. */
FB_API fb_template_options fb_template_options_default(void);

/** Sets what the options say, and leaves the rest of `settings`. FB_ERROR_USAGE names the option and what is allowed.
 */
FB_API fb_status fb_template_options_parse(const fb_template_options *options, fb_template_settings *settings,
                                           fb_error *error) FB_MUST_USE;

/** The rows of an option table. */
#define FB_TEMPLATE_OPTIONS(o)                                                                                          \
    {"bins", 0, "N", FB_OPTION_COUNT, &(o).bins, 1, FB_MAX_BINS, "bins of the score"},                                  \
        {"drop-bins", 0, "N", FB_OPTION_COUNT, &(o).drop_bins, 0, FB_MAX_BINS - 1, "leave out the N lowest bins"},      \
        {"binning", 0, "KIND", FB_OPTION_TEXT, &(o).binning, 0, 0, "quantile (of the signal) or uniform"},              \
        {"combination",    0, "KIND", FB_OPTION_TEXT,                                                                   \
         &(o).combination, 0, 0,      "how shape effects combine: product, additive, or average (the official kit's)"}, \
        {"degree",    0, "D", FB_OPTION_TEXT,                                                                           \
         &(o).degree, 0, 0,   "of the polynomials: auto, one number, or tes,jes,soft_met"},                             \
        {"share", 0, "X", FB_OPTION_NUMBER, &(o).share, 1e-6, 1.0, "of the holdout that the shapes are measured on"},   \
    {                                                                                                                   \
        "tell", 0, "NAME[=X]", FB_OPTION_LIST, &(o).tell, 0, 0,                                                         \
            "tell the classifier, trained with --augment, that tes, jes or soft_met is X [nominal]; may be repeated"    \
    }

#endif
