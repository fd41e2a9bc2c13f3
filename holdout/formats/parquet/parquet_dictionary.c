#include "holdout/formats/parquet/parquet_dictionary_internal.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

void fb_parquet_dictionary_clear(fb_parquet_dictionary *dictionary)
{
    free(dictionary->entry);
    free(dictionary->code);
    free(dictionary->slot);
    *dictionary = (fb_parquet_dictionary){0};
}

/* Allocates for `n` rows and an empty table that is half full at most. */
static fb_status start(fb_parquet_dictionary *d, size_t n, fb_error *error)
{
    fb_status status = FB_OK;
    d->n_entries = 0;
    for (d->n_slots = 16; d->n_slots < n;) {
        d->n_slots *= 2;
    }
    FB_TRY(fb_memory_grow(&d->entry, &d->entry_capacity, n / 2 + 1, sizeof *d->entry, error));
    FB_TRY(fb_memory_grow(&d->code, &d->code_capacity, n, sizeof *d->code, error));
    FB_TRY(fb_memory_grow(&d->slot, &d->slot_capacity, d->n_slots, sizeof *d->slot, error));
    memset(d->slot, 0, d->n_slots * sizeof *d->slot);
cleanup:
    return status;
}

/* Where the search for a value begins. Values that are rounded to decimals differ in high and low bits alike, which the
 * multiplication by 2^32 / golden ratio brings to the top. */
static size_t first_slot(uint32_t bits, size_t n_slots)
{
    return (size_t)((uint64_t)(bits * UINT32_C(2654435769)) * n_slots >> 32);
}

fb_status fb_parquet_dictionary_number(fb_parquet_dictionary *d, const float *value, size_t n, bool *fits,
                                       fb_error *error)
{
    fb_status status = start(d, n, error);
    *fits = false;
    if (status != FB_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        memcpy(&bits, &value[i], sizeof bits);
        size_t at = first_slot(bits, d->n_slots);
        while (d->slot[at] != 0 && d->slot[at] >> 32 != bits) {
            at = (at + 1) & (d->n_slots - 1);
        }
        if (d->slot[at] == 0) {
            if (d->n_entries > 0 && d->n_entries >= n / 2) {
                return FB_OK;
            }
            d->entry[d->n_entries++] = bits;
            d->slot[at] = (uint64_t)bits << 32 | d->n_entries;
        }
        d->code[i] = (uint32_t)d->slot[at] - 1;
    }
    *fits = n > 0;
    return FB_OK;
}
