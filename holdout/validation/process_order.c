#include "holdout/validation/process_order.h"

#include <math.h>
#include <string.h>

static void add_sums(fb_weight_sums *to, const fb_weight_sums *sums, double share)
{
    to->n += share * sums->n;
    to->sum += share * sums->sum;
    to->square += share * sums->square;
}

static void merge_neighbours(fb_process_order *s)
{
    for (int k = 0; k < FB_PROCESS_ORDER_SLOTS / 2; k++) {
        for (int process = 0; process < FB_N_PROCESS; process++) {
            s->slot[k][process] = s->slot[2 * k][process];
            add_sums(&s->slot[k][process], &s->slot[2 * k + 1][process], 1.0);
        }
    }
    memset(s->slot[FB_PROCESS_ORDER_SLOTS / 2], 0, sizeof s->slot / 2);
    s->slot_rows *= 2;
}

/* Rows [from, to) of the table, all of one slot. */
static void add_rows(fb_process_order *s, fb_weight_sums slot[FB_N_PROCESS], const fb_events *events, size_t from,
                     size_t to)
{
    for (size_t i = from; i < to; i++) {
        const int process = events->process[i];
        const double weight = events->weight[i];
        if (process >= FB_N_PROCESS) {
            continue;
        }
        slot[process].n += 1.0;
        slot[process].sum += weight;
        slot[process].square += weight * weight;
        s->n_of[process]++;
        const bool new_run = s->n_runs == 0 || process != s->last;
        s->n_runs += new_run;
        s->run = new_run ? 1 : s->run + 1;
        s->last = process;
        if (s->run > s->longest) {
            s->longest = s->run;
            s->longest_process = process;
            s->longest_end = s->n_rows + (i - from) + 1;
        }
    }
}

void fb_process_order_add(fb_process_order *order, const fb_events *events)
{
    size_t from = 0;
    while (from < events->n) {
        if (order->n_rows == FB_PROCESS_ORDER_SLOTS * order->slot_rows) {
            merge_neighbours(order);
        }
        const uint64_t room = order->slot_rows - order->n_rows % order->slot_rows;
        const size_t n = events->n - from < room ? events->n - from : (size_t)room;
        add_rows(order, order->slot[order->n_rows / order->slot_rows], events, from, from + n);
        order->n_rows += n;
        from += n;
    }
}

double fb_process_order_expected_runs(const fb_process_order *order, double *deviation)
{
    double n = 0.0, squares = 0.0, cubes = 0.0;
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += (double)order->n_of[process];
    }
    *deviation = 0.0;
    if (n < 2.0) {
        return n;
    }
    /* In shares of n, which 220 million cubed would not fit. */
    for (int process = 0; process < FB_N_PROCESS; process++) {
        const double share = (double)order->n_of[process] / n;
        squares += share * share;
        cubes += share * share * share;
    }
    const double variance = n * n / (n - 1.0) * (squares * (squares + 1.0 + 1.0 / n) - 2.0 * cubes - 1.0 / n);
    *deviation = sqrt(fmax(variance, 0.0));
    return 1.0 + n * (1.0 - squares);
}

bool fb_process_order_has_blocks(const fb_process_order *order)
{
    double deviation = 0.0, n = 0.0;
    const double expected = fb_process_order_expected_runs(order, &deviation);
    for (int process = 0; process < FB_N_PROCESS; process++) {
        n += (double)order->n_of[process];
    }
    if (n == 0.0) {
        return false;
    }
    /* Each of n rows begins a run of L rows of a process of share p with probability below p^L. */
    const double share = (double)order->n_of[order->longest_process] / n;
    const bool long_run = log(n) + (double)order->longest * log(share) < log(1e-6);
    return long_run || ((double)order->n_runs < 0.9 * expected && (double)order->n_runs < expected - 5.0 * deviation);
}

void fb_process_order_divide(const fb_process_order *order, uint64_t n, fb_weight_sums first[FB_N_PROCESS],
                             fb_weight_sums rest[FB_N_PROCESS])
{
    memset(first, 0, FB_N_PROCESS * sizeof *first);
    memset(rest, 0, FB_N_PROCESS * sizeof *rest);
    for (uint64_t k = 0; k * order->slot_rows < order->n_rows; k++) {
        const uint64_t begin = k * order->slot_rows;
        const uint64_t left = order->n_rows - begin;
        const double size = (double)(left < order->slot_rows ? left : order->slot_rows);
        const double share = n > begin ? fmin(1.0, (double)(n - begin) / size) : 0.0;
        for (int process = 0; process < FB_N_PROCESS; process++) {
            add_sums(&first[process], &order->slot[k][process], share);
            add_sums(&rest[process], &order->slot[k][process], 1.0 - share);
        }
    }
}
