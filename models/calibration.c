#include "models/calibration.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"
#include "models/isotonic.h"

typedef struct knot {
    double x, y;
} knot;

struct fb_calibration {
    size_t n_steps;
    size_t n_knots; /* the first at x = 0, the last at x = 1; x and y rise strictly */
    knot *knot;
};

static const double KEPT = 0.01; /* of the score itself */

/* --- learning ----------------------------------------------------------------------------------------------------- */

typedef struct scored_row {
    float score, label, weight;
} scored_row;

/* Equal scores make one block, and the order in it only matters for rounding: sorted by everything, so that the bytes
 * are the same whatever qsort does. */
static int in_order(const void *a, const void *b)
{
    const scored_row *r = a, *s = b;
    if (r->score != s->score) {
        return r->score < s->score ? -1 : 1;
    }
    if (r->label != s->label) {
        return r->label < s->label ? -1 : 1;
    }
    return (r->weight > s->weight) - (r->weight < s->weight);
}

/* Those that have weight, by score; returns how many. */
static size_t sort_rows(size_t n, const float *score, const float *label, const float *weight, scored_row *row)
{
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (weight[i] > 0.0f) {
            row[n_rows++] = (scored_row){score[i], label[i], weight[i]};
        }
    }
    qsort(row, n_rows, sizeof *row, in_order);
    return n_rows;
}

/* One block for each value of the score. */
static size_t make_blocks(size_t n, const scored_row *row, fb_isotonic_block *block)
{
    size_t n_blocks = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || row[i].score != row[i - 1].score) {
            block[n_blocks++] = (fb_isotonic_block){0.0, 0.0, 0.0};
        }
        fb_isotonic_block *b = &block[n_blocks - 1];
        b->weight += (double)row[i].weight;
        b->sum_x += (double)row[i].weight * (double)row[i].score;
        b->sum_y += (double)row[i].weight * (double)row[i].label;
    }
    return n_blocks;
}

static void add_knot(fb_calibration *c, double x, double y)
{
    c->knot[c->n_knots++] = (knot){x, (1.0 - KEPT) * y + KEPT * x};
}

/* The centres of the steps; rounding can make neighbouring ones equal, of which one is enough. */
static void make_knots(fb_calibration *c, size_t n, const fb_isotonic_block *block)
{
    double x = 0.0, y = 0.0, end = 1.0;
    c->n_steps = n;
    if (block[0].sum_x > 0.0) {
        add_knot(c, 0.0, 0.0);
    }
    for (size_t k = 0; k < n; k++) {
        x = block[k].sum_x / block[k].weight;
        y = fmin(block[k].sum_y / block[k].weight, 1.0);
        if (x >= 1.0) {
            end = y; /* a step of scores 1, which is an end of the line itself */
        } else if (c->n_knots == 0 || x > c->knot[c->n_knots - 1].x) {
            add_knot(c, x, y);
        }
    }
    add_knot(c, 1.0, end);
}

fb_status fb_calibration_fit(size_t n, const float *score, const float *label, const float *weight,
                             fb_calibration **out, fb_error *error)
{
    scored_row *row = NULL;
    fb_isotonic_block *block = NULL;
    fb_calibration *c = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(n, sizeof *row, &row, error));
    const size_t n_rows = sort_rows(n, score, label, weight, row);
    FB_TRY(fb_memory_allocate(n_rows, sizeof *block, &block, error));
    const size_t n_steps = fb_isotonic_pool(make_blocks(n_rows, row, block), block);
    FB_TRY(fb_memory_allocate(1, sizeof *c, &c, error));
    FB_TRY(fb_memory_allocate(n_steps + 2, sizeof *c->knot, &c->knot, error));
    make_knots(c, n_steps, block);
    *out = c;
    c = NULL;
cleanup:
    fb_calibration_free(c);
    free(block);
    free(row);
    return status;
}

void fb_calibration_free(fb_calibration *calibration)
{
    if (calibration != NULL) {
        free(calibration->knot);
    }
    free(calibration);
}

size_t fb_calibration_n_steps(const fb_calibration *calibration)
{
    return calibration->n_steps;
}

/* --- applying ----------------------------------------------------------------------------------------------------- */

void fb_calibration_apply(const fb_calibration *calibration, size_t n, float *score)
{
    const knot *knots = calibration->knot;
    for (size_t i = 0; i < n; i++) {
        const double s = (double)score[i];
        size_t low = 0, high = calibration->n_knots - 1; /* knots[low].x <= s <= knots[high].x */
        while (high - low > 1) {
            const size_t middle = low + (high - low) / 2;
            if (knots[middle].x <= s) {
                low = middle;
            } else {
                high = middle;
            }
        }
        const knot *a = &knots[low], *b = &knots[high];
        const double y = a->y + (b->y - a->y) * ((s - a->x) / (b->x - a->x));
        score[i] = (float)(y < b->y ? y : b->y);
    }
}

/* --- as bytes ----------------------------------------------------------------------------------------------------- */

/* The number of steps and that of knots (uint64), then the knots, little-endian as the machines are that this is built
 * for. */
enum { HEAD = 2 * sizeof(uint64_t) };

fb_status fb_calibration_save(const fb_calibration *calibration, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const uint64_t head[2] = {calibration->n_steps, calibration->n_knots};
    const size_t n = calibration->n_knots * sizeof(knot);
    fb_status status = fb_memory_allocate(HEAD + n, 1, bytes, error);
    if (status == FB_OK) {
        memcpy(*bytes, head, HEAD);
        memcpy(*bytes + HEAD, calibration->knot, n);
        *n_bytes = HEAD + n;
    }
    return status;
}

static bool rises(size_t n, const knot *knots)
{
    bool rise = n >= 2 && knots[0].x == 0.0 && knots[n - 1].x == 1.0 && knots[0].y >= 0.0 && knots[n - 1].y <= 1.0;
    for (size_t k = 1; k < n; k++) {
        rise = rise && knots[k].x > knots[k - 1].x && knots[k].y > knots[k - 1].y;
    }
    return rise;
}

fb_status fb_calibration_load(const uint8_t *bytes, size_t n_bytes, fb_calibration **out, fb_error *error)
{
    uint64_t head[2] = {0, 0};
    fb_calibration *c = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    if (n_bytes >= HEAD) {
        memcpy(head, bytes, HEAD);
    }
    if (n_bytes < HEAD || (n_bytes - HEAD) % sizeof(knot) != 0 || head[1] != (n_bytes - HEAD) / sizeof(knot)) {
        return fb_fail(error, FB_ERROR_DATA, "the stored calibration has a wrong length of %zu bytes", n_bytes);
    }
    FB_TRY(fb_memory_allocate(1, sizeof *c, &c, error));
    FB_TRY(fb_memory_allocate(head[1], sizeof(knot), &c->knot, error));
    memcpy(c->knot, bytes + HEAD, n_bytes - HEAD);
    c->n_steps = head[0];
    c->n_knots = head[1];
    if (!rises(c->n_knots, c->knot)) {
        status = fb_fail(error, FB_ERROR_DATA, "the stored calibration does not rise from 0 to 1");
        goto cleanup;
    }
    *out = c;
    c = NULL;
cleanup:
    fb_calibration_free(c);
    return status;
}
