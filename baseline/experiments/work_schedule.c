#include "baseline/experiments/work_schedule.h"

#include <stdlib.h>

#include "models/common/interrupt.h"
#include "models/common/memory.h"

/* What all ranks do between two agreements: every rank takes its share, at most a batch, of the next experiments. */
typedef struct round_of_work {
    const fb_evaluation_run *run;
    int n_methods, n_ranks;
    fb_evaluation *const *evaluation; /* [n_methods] */
    uint64_t n, capacity;             /* of all ranks */
    uint64_t *index;                  /* [capacity] which ones */
    fb_truth *truth;                  /* [capacity] theirs */
    fb_experiment *mine, *all;        /* [batch][n_methods]; [n_ranks][batch][n_methods] on rank 0 of several */
    uint64_t done;
} round_of_work;

static fb_status round_prepare(round_of_work *r, fb_error *error)
{
    const size_t batch = (size_t)r->run->batch * (size_t)r->n_methods;
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(r->capacity, sizeof *r->index, &r->index, error));
    FB_TRY(fb_memory_allocate(r->capacity, sizeof *r->truth, &r->truth, error));
    if (r->n_ranks > 1) {
        FB_TRY(fb_memory_allocate(batch, sizeof *r->mine, &r->mine, error));
    }
    if (r->n_ranks > 1 && r->run->communicator->rank == 0) {
        FB_TRY(fb_memory_allocate(batch * (size_t)r->n_ranks, sizeof *r->all, &r->all, error));
    }
cleanup:
    return status;
}

/* Only rank 0 has read the journal. */
static void share_done(const round_of_work *r)
{
    const fb_communicator *communicator = r->run->communicator;
    for (int m = 0; m < r->n_methods && r->n_ranks > 1; m++) {
        fb_evaluation *evaluation = r->evaluation[m];
        communicator->share(communicator->context, evaluation->experiment, evaluation->n * sizeof(fb_experiment));
    }
}

static bool is_wanted(const round_of_work *r, uint64_t index)
{
    bool is_done = true;
    for (int m = 0; m < r->n_methods; m++) {
        is_done = is_done && r->evaluation[m]->experiment[index].is_done;
    }
    return index % r->run->n_shards == r->run->shard && !is_done;
}

/* The experiments of a rank follow those of the rank before it, and no rank has more than one more than another. */
static uint64_t first_of(const round_of_work *r, int rank)
{
    return r->n * (uint64_t)rank / (uint64_t)r->n_ranks;
}

static fb_status work_on_mine(const round_of_work *r, fb_batch_work *work, void *context, fb_error *error)
{
    const int rank = r->run->communicator != NULL ? r->run->communicator->rank : 0;
    const uint64_t first = first_of(r, rank), end = first_of(r, rank + 1);
    const fb_batch batch = {end - first, r->index + first, r->truth + first, r->done};
    fb_status status = FB_OK;
    FB_TRY(fb_interrupt_check(error));
    if (batch.n > 0) {
        FB_TRY(work(context, &batch, error));
    }
cleanup:
    return status;
}

/* Keeps and records what another rank has finished, in order: whatever comes after something unfinished would be out of
 * order after the run was resumed, so it is run again then. */
static fb_status take(const round_of_work *r, int rank, bool *is_complete, fb_error *error)
{
    const uint64_t first = first_of(r, rank), end = first_of(r, rank + 1);
    const fb_experiment *theirs = r->all + (uint64_t)rank * r->run->batch * (uint64_t)r->n_methods;
    fb_status status = FB_OK;
    for (uint64_t k = first; k < end; k++) {
        for (int m = 0; m < r->n_methods; m++, theirs++) {
            fb_experiment *ours = &r->evaluation[m]->experiment[r->index[k]];
            if (ours->is_done) {
                continue;
            }
            *is_complete = *is_complete && theirs->is_done;
            if (!*is_complete) {
                goto cleanup;
            }
            if (r->run->record != NULL) {
                FB_TRY(r->run->record(r->run->context, m, r->index[k], theirs, error));
            }
            *ours = *theirs;
        }
    }
cleanup:
    return status;
}

/* Brings the experiments of all ranks together; `mine` is the outcome of this one. */
static fb_status exchange(const round_of_work *r, fb_status mine, fb_error *error)
{
    const fb_communicator *communicator = r->run->communicator;
    if (r->n_ranks == 1) {
        return mine;
    }
    const uint64_t first = first_of(r, communicator->rank), n = first_of(r, communicator->rank + 1) - first;
    fb_status status = mine;
    for (uint64_t k = 0; k < n; k++) {
        for (int m = 0; m < r->n_methods; m++) {
            r->mine[k * (uint64_t)r->n_methods + (uint64_t)m] = r->evaluation[m]->experiment[r->index[first + k]];
        }
    }
    communicator->gather(communicator->context, r->mine, sizeof *r->mine, (int)r->run->batch * r->n_methods, r->all);
    bool is_complete = true;
    for (int rank = 1; rank < r->n_ranks && communicator->rank == 0 && status == FB_OK && is_complete; rank++) {
        status = take(r, rank, &is_complete, error);
    }
    return fb_communicator_agree(communicator, status, error);
}

static fb_status run_round(round_of_work *r, fb_batch_work *work, void *context, fb_error *error)
{
    fb_status status = exchange(r, work_on_mine(r, work, context, error), error);
    r->done += r->n;
    r->n = 0;
    if (status == FB_OK && r->run->progress != NULL) {
        r->run->progress(r->run->context, r->done);
    }
    return status;
}

fb_status fb_work_schedule_run(const fb_evaluation_run *run, int n_methods, fb_evaluation *const *evaluations,
                               fb_batch_work *work, void *context, fb_error *error)
{
    round_of_work r = {.run = run, .n_methods = n_methods, .evaluation = evaluations};
    fb_status status = FB_OK;
    r.n_ranks = fb_communicator_size(run->communicator);
    r.capacity = run->batch * (uint64_t)r.n_ranks;
    FB_TRY(fb_communicator_agree(run->communicator, round_prepare(&r, error), error));
    share_done(&r);
    for (uint64_t k = 0; k < evaluations[0]->n; k++) {
        if (!is_wanted(&r, k)) {
            continue;
        }
        r.index[r.n] = k;
        r.truth[r.n++] = evaluations[0]->experiment[k].truth;
        if (r.n == r.capacity) {
            FB_TRY(run_round(&r, work, context, error));
        }
    }
    if (r.n > 0) {
        FB_TRY(run_round(&r, work, context, error));
    }
cleanup:
    free(r.index);
    free(r.truth);
    free(r.mine);
    free(r.all);
    return status;
}
