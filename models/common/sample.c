#include <string.h>

#include "models/common/c_locale.h"
#include "models/common/memory.h"
#include "models/common/sample.h"

fb_status fb_sample_downsample(const fb_sample *from, size_t n, float **memory, fb_sample *out, fb_error *error)
{
    FB_C_LOCALE;
    const size_t d = (size_t)from->n_features;
    n = n < from->n ? n : from->n;
    fb_status status = fb_memory_allocate(n, (d + 2) * sizeof(float), memory, error);
    if (status != FB_OK) {
        return status;
    }
    float *matrix = *memory, *label = matrix + n * d, *weight = label + n;
    for (size_t k = 0; k < n; k++) {
        const size_t row = from->n * k / n;
        memcpy(matrix + k * d, from->matrix + row * d, d * sizeof *matrix);
        label[k] = from->label[row];
        weight[k] = from->weight[row];
    }
    *out = (fb_sample){n, from->n_features, matrix, label, weight};
    return FB_OK;
}
