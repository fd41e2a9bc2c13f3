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

/* Every entry has room for the mean weight. Entries below it are filled up, one after the other, from one above it. */
void fb_alias_table_build(fb_alias_table *alias, size_t n, const float *weight)
{
    size_t n_poor = 0, n_rich = 0; /* the queue holds the poor from its start and the rich from its end */
    alias->n = n;
    alias->total = 0.0;
    for (size_t i = 0; i < n; i++) {
        alias->total += (double)weight[i];
    }
    for (size_t i = 0; i < n; i++) {
        alias->keep[i] = alias->total > 0.0 ? (double)weight[i] * ((double)n / alias->total) : 1.0;
        alias->other[i] = (uint32_t)i;
        alias->queue[alias->keep[i] < 1.0 ? n_poor++ : n - ++n_rich] = (uint32_t)i;
    }
    while (n_poor > 0 && n_rich > 0) {
        const uint32_t poor = alias->queue[--n_poor], rich = alias->queue[n - n_rich];
        alias->other[poor] = rich;
        alias->keep[rich] -= 1.0 - alias->keep[poor];
        if (alias->keep[rich] < 1.0) {
            n_rich--;
            alias->queue[n_poor++] = rich;
        }
    }
    /* What is left is full but for rounding, and goes to itself. */
}
