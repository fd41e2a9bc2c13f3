#include "models/dense/dense_trained_internal.h"

#include <stdlib.h>

void fb_dense_trained_free(fb_dense_trained *trained)
{
    if (trained != NULL) {
        fb_dense_features_clear(&trained->features);
        free(trained->parameter);
    }
    free(trained);
}
