#include "holdout/math/alias_table.h"

#include <stdlib.h>

#include "models/common/memory.h"

fb_status fb_alias_table_reserve(fb_alias_table *alias, size_t capacity, fb_error *error)
{
    fb_status status = FB_OK;
    *alias = (fb_alias_table){0};
    FB_TRY(fb_memory_allocate(capacity, sizeof *alias->keep, &alias->keep, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof *alias->other, &alias->other, error));
    FB_TRY(fb_memory_allocate(capacity, sizeof *alias->queue, &alias->queue, error));
cleanup:
    return status;
}

void fb_alias_table_clear(fb_alias_table *alias)
{
    free(alias->keep);
    free(alias->other);
    free(alias->queue);
    *alias = (fb_alias_table){0};
}

/* Every entry holds the mean weight. Entries below it are filled up, one after the other, from one above it. */
void fb_alias_table_build(fb_alias_table *alias, size_t n, const float *weight)
{
    size_t n_below = 0, n_above = 0; /* of the mean; the queue holds them from its start and from its end */
    alias->n = n;
    alias->total = 0.0;
    for (size_t i = 0; i < n; i++) {
        alias->total += (double)weight[i];
    }
    for (size_t i = 0; i < n; i++) {
        alias->keep[i] = alias->total > 0.0 ? (double)weight[i] * ((double)n / alias->total) : 1.0;
        alias->other[i] = (uint32_t)i;
        alias->queue[alias->keep[i] < 1.0 ? n_below++ : n - ++n_above] = (uint32_t)i;
    }
    while (n_below > 0 && n_above > 0) {
        const uint32_t below = alias->queue[--n_below], above = alias->queue[n - n_above];
        alias->other[below] = above;
        alias->keep[above] -= 1.0 - alias->keep[below];
        if (alias->keep[above] < 1.0) {
            n_above--;
            alias->queue[n_below++] = above;
        }
    }
    /* What is left is full but for rounding, and goes to itself. */
}

uint32_t fb_alias_table_pick(const fb_alias_table *alias, double u)
{
    const double place = u * (double)alias->n;
    const uint32_t entry = (uint32_t)place;
    return place - entry < alias->keep[entry] ? entry : alias->other[entry];
}
