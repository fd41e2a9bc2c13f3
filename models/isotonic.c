#include "models/isotonic.h"

size_t fb_isotonic_pool(size_t n, fb_isotonic_block *block)
{
    size_t n_pooled = 0; /* blocks [0, n_pooled) solve the problem of the observations seen so far */
    for (size_t k = 0; k < n; k++) {
        fb_isotonic_block next = block[k];
        while (n_pooled > 0) {
            const fb_isotonic_block *last = &block[n_pooled - 1];
            if (last->sum_y / last->weight < next.sum_y / next.weight) {
                break;
            }
            next.weight += last->weight;
            next.sum_x += last->sum_x;
            next.sum_y += last->sum_y;
            n_pooled--;
        }
        block[n_pooled++] = next;
    }
    return n_pooled;
}
