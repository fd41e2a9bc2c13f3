/* What functions for a single kind of classifier need of classifier.c. */
#ifndef FB_MODELS_CLASSIFIER_INTERNAL_H
#define FB_MODELS_CLASSIFIER_INTERNAL_H

#include "models/classifier.h"

/* The state of a classifier of the kind `methods`; NULL for other kinds. */
void *fb_classifier_state(const fb_classifier *classifier, const fb_classifier_methods *methods);

#endif
