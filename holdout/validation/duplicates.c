#include "holdout/validation/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/hash.h"
#include "models/common/memory.h"

/* Half full at most, so that a search ends soon. */
enum { SLOT_BITS = 20, N_SLOTS = 1 << SLOT_BITS };

typedef struct slot {
    uint64_t hash;
    uint64_t row; /* of its first appearance */
    uint64_t n;   /* appearances; 0: empty */
} slot;

struct fb_duplicates {
    slot *slots;   /* [N_SLOTS] */
    slot *kept;    /* [FB_DUPLICATES_MOST + 1] scratch */
    size_t n_used; /* slots */
    uint64_t mask; /* hashes that have one of these bits are not looked at */
    uint64_t row, equal;
    uint64_t n_forgotten; /* copies among rows that are no longer compared */
    bool found;
};

fb_status fb_duplicates_create(fb_duplicates **out, fb_error *error)
{
    fb_duplicates *d = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *d, &d, error));
    FB_TRY(fb_memory_allocate(N_SLOTS, sizeof(slot), &d->slots, error));
    FB_TRY(fb_memory_allocate(FB_DUPLICATES_MOST + 1, sizeof(slot), &d->kept, error));
    *out = d;
    d = NULL;
cleanup:
    fb_duplicates_free(d);
    return status;
}

void fb_duplicates_free(fb_duplicates *duplicates)
{
    if (duplicates != NULL) {
        free(duplicates->slots);
        free(duplicates->kept);
        free(duplicates);
    }
}

/* The slot of `hash`, or the empty one where it belongs. The upper bits choose it: the lower ones are zero. */
static slot *find(slot *slots, uint64_t hash)
{
    uint64_t at = hash >> (64 - SLOT_BITS);
    while (slots[at].n > 0 && slots[at].hash != hash) {
        at = (at + 1) & (N_SLOTS - 1);
    }
    return &slots[at];
}

/* Forgets the hashes that are no longer looked at. The others are put in again, for chains of neighbours have holes
 * now. */
static void keep_fewer(fb_duplicates *d)
{
    d->mask = d->mask << 1 | 1;
    d->n_used = 0;
    for (size_t k = 0; k < N_SLOTS; k++) {
        if (d->slots[k].n > 0 && (d->slots[k].hash & d->mask) == 0) {
            d->kept[d->n_used++] = d->slots[k];
        } else if (d->slots[k].n > 1) {
            d->n_forgotten += d->slots[k].n - 1;
        }
    }
    memset(d->slots, 0, N_SLOTS * sizeof *d->slots);
    for (size_t k = 0; k < d->n_used; k++) {
        *find(d->slots, d->kept[k].hash) = d->kept[k];
    }
}

static void look_at(fb_duplicates *d, uint64_t hash, uint64_t row)
{
    slot *s = find(d->slots, hash);
    if (s->n++ > 0) {
        d->row = d->found ? d->row : row;
        d->equal = d->found ? d->equal : s->row;
        d->found = true;
        return;
    }
    s->hash = hash;
    s->row = row;
    d->n_used++;
    if (d->n_used > FB_DUPLICATES_MOST) {
        keep_fewer(d);
    }
}

void fb_duplicates_add(fb_duplicates *duplicates, const fb_events *events)
{
    /* 16 values of a column are one line of the cache: they are fetched once. */
    enum { ROWS = 16 };
    float tile[ROWS][FB_N_PRIMARY];
    for (size_t first = 0; first < events->n; first += ROWS) {
        const size_t n = events->n - first < ROWS ? events->n - first : ROWS;
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            for (size_t i = 0; i < n; i++) {
                tile[i][k] = events->column[k][first + i] + 0.0f; /* -0 becomes 0: they are equal, too */
            }
        }
        for (size_t i = 0; i < n; i++) {
            const uint64_t hash = fb_hash_u64(tile[i], sizeof tile[i]);
            if ((hash & duplicates->mask) == 0) {
                look_at(duplicates, hash, events->first_row + first + i);
            }
        }
    }
}

fb_duplicates_report fb_duplicates_result(const fb_duplicates *duplicates)
{
    fb_duplicates_report report = {.one_in = duplicates->mask + 1,
                                   .n_copies = duplicates->n_forgotten,
                                   .row = duplicates->row,
                                   .equal = duplicates->equal};
    for (size_t k = 0; k < N_SLOTS; k++) {
        const slot *s = &duplicates->slots[k];
        report.n_compared += s->n;
        report.n_copies += s->n > 0 ? s->n - 1 : 0;
    }
    return report;
}
