/** \file classifier_kinds.h
 * The kinds of classifiers that are known by name: those of the project, and those that a program registers. A new kind
 * is a table of functions (common/classifier_methods.h); README.md has one in full.
 */
#ifndef FB_MODELS_CLASSIFIER_KINDS_H
#define FB_MODELS_CLASSIFIER_KINDS_H

#include "models/common/classifier_methods.h"

FB_BEGIN_DECLARATIONS

enum {
    FB_MAX_CLASSIFIER_KINDS = 32, ///< kinds that can be known at a time
    FB_CLASSIFIER_NAME_SIZE = 64  ///< of the name of a kind, with its end
};

/** Kind number k = 0, 1, ... of the known ones; NULL after the last. */
FB_API const fb_classifier_methods *fb_classifier_kinds_at(int k);

/** Makes another kind known by its name to fb_classifier_create, and with it to training and analysis files. `methods`
 * is borrowed until the program ends. Register before there are threads. FB_ERROR_USAGE when a function is missing (it
 * is named), the name is taken or too long, or there are FB_MAX_CLASSIFIER_KINDS. */
FB_API fb_status fb_classifier_kinds_register(const fb_classifier_methods *methods, fb_error *error) FB_MUST_USE;

FB_END_DECLARATIONS

#endif
