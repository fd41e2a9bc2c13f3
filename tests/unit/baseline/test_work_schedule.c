/* The order of an evaluation's work: a communicator of any size must record what one process alone records, in the same
 * order, and stop together. The ranks are threads here; tests/cli/ranks.sh does it with MPI. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/experiments/work_schedule.h"
#include "tests/support/support.h"

enum { N_SETS = 2, N_PER_SET = 11, N = N_SETS * N_PER_SET, N_METHODS = 2, MOST_RANKS = 5, NOWHERE = 1000 };

/* --- a communicator of threads ------------------------------------------------------------------------------------ */

typedef struct meeting {
    pthread_barrier_t barrier;
    const void *shared, *bytes[MOST_RANKS];
    fb_error said[MOST_RANKS];
} meeting;

typedef struct member {
    fb_communicator communicator; /* first, so that its context can be the member */
    meeting *meeting;
} member;

static void share(void *context, void *bytes, size_t n_bytes)
{
    member *m = context;
    if (m->communicator.rank == 0) {
        m->meeting->shared = bytes;
    }
    pthread_barrier_wait(&m->meeting->barrier);
    if (m->communicator.rank != 0) {
        memcpy(bytes, m->meeting->shared, n_bytes);
    }
    pthread_barrier_wait(&m->meeting->barrier);
}

static void gather(void *context, const void *mine, size_t item_bytes, int n, void *all)
{
    member *m = context;
    const size_t n_bytes = item_bytes * (size_t)n;
    m->meeting->bytes[m->communicator.rank] = mine;
    pthread_barrier_wait(&m->meeting->barrier);
    for (int r = 0; r < m->communicator.size && m->communicator.rank == 0; r++) {
        memcpy((char *)all + (size_t)r * n_bytes, m->meeting->bytes[r], n_bytes);
    }
    pthread_barrier_wait(&m->meeting->barrier);
}

static fb_status agree(void *context, fb_status mine, fb_error *error)
{
    member *m = context;
    fb_status status = FB_OK;
    m->meeting->said[m->communicator.rank] = *error;
    m->meeting->said[m->communicator.rank].status = mine;
    pthread_barrier_wait(&m->meeting->barrier);
    for (int r = 0; r < m->communicator.size && status == FB_OK; r++) {
        status = m->meeting->said[r].status;
        if (status != FB_OK) {
            *error = m->meeting->said[r];
        }
    }
    pthread_barrier_wait(&m->meeting->barrier);
    return status;
}

/* --- one run on it ------------------------------------------------------------------------------------------------ */

typedef struct trial {
    int n_ranks;
    uint64_t batch, shard, n_shards;
    int fails_at;   /* experiment whose work fails */
    int disk_holds; /* lines; the next one cannot be recorded */
    bool is_resumed;
    /* what came of it */
    int n_recorded, recorded[N * N_METHODS];
    double mu_hat[N * N_METHODS];
    int n_worked[N * N_METHODS];
    uint64_t last_progress;
    fb_status status[MOST_RANKS];
    char text[MOST_RANKS][FB_ERROR_TEXT_SIZE];
} trial;

typedef struct rank {
    trial *trial;
    member member;
    fb_evaluation_run run;
    fb_evaluation *evaluation[N_METHODS];
} rank;

static fb_status record(void *context, int method, uint64_t index, const fb_experiment *experiment, fb_error *error)
{
    trial *t = ((rank *)context)->trial;
    if (t->n_recorded == t->disk_holds) {
        return fb_fail(error, FB_ERROR_FILE, "the disk is full");
    }
    ck_assert(experiment->is_done);
    t->mu_hat[t->n_recorded] = experiment->result.mu_hat;
    t->recorded[t->n_recorded++] = (int)index * N_METHODS + method;
    return FB_OK;
}

static void progress(void *context, uint64_t done)
{
    trial *t = ((rank *)context)->trial;
    ck_assert_uint_ge(done, t->last_progress);
    t->last_progress = done;
}

static double result_of(uint64_t index, int method)
{
    return (double)index + 0.25 * method;
}

static fb_status work(void *context, const fb_batch *batch, fb_error *error)
{
    rank *r = context;
    for (uint64_t k = 0; k < batch->n; k++) {
        const uint64_t index = batch->index[k];
        if ((int)index == r->trial->fails_at) {
            return fb_fail(error, FB_ERROR_DATA, "experiment %d fails", (int)index);
        }
        for (int m = 0; m < N_METHODS; m++) {
            fb_experiment *x = &r->evaluation[m]->experiment[index];
            ck_assert_uint_eq(batch->truth[k].seed, x->truth.seed);
            if (x->is_done) {
                continue;
            }
            __atomic_add_fetch(&r->trial->n_worked[index * N_METHODS + (uint64_t)m], 1, __ATOMIC_RELAXED);
            x->result.mu_hat = result_of(index, m);
            x->is_done = true;
            if (r->run.record != NULL) {
                fb_status status = r->run.record(r, m, index, x, error);
                if (status != FB_OK) {
                    return status;
                }
            }
        }
        if (r->run.progress != NULL) {
            r->run.progress(r, batch->before + k + 1);
        }
    }
    return FB_OK;
}

/* One rank from beginning to end. Only rank 0 knows what an earlier run has done. */
static void *run_rank(void *context)
{
    rank *r = context;
    const trial *t = r->trial;
    const int number = r->member.communicator.rank;
    const fb_evaluation_settings settings = {N_SETS, N_PER_SET, 5, (1U << FB_N_NUISANCE) - 1, FB_GENERATOR_STREAMS};
    fb_error error = {0};
    for (int m = 0; m < N_METHODS; m++) {
        FB_ASSERT_OK(fb_evaluation_create(&settings, &r->evaluation[m], &error));
        for (int k = 0; k < 7 && t->is_resumed && number == 0; k++) {
            r->evaluation[m]->experiment[k].is_done = k != 3 && (k != 4 || m == 0);
            r->evaluation[m]->experiment[k].result.mu_hat = result_of((uint64_t)k, m);
        }
    }
    r->run = (fb_evaluation_run){.shard = t->shard, .n_shards = t->n_shards, .batch = t->batch, .context = r};
    r->run.communicator = t->n_ranks > 1 ? &r->member.communicator : NULL;
    r->run.record = number == 0 ? record : NULL;
    r->run.progress = number == 0 ? progress : NULL;
    r->trial->status[number] = fb_work_schedule_run(&r->run, N_METHODS, r->evaluation, work, r, &error);
    memcpy(r->trial->text[number], error.text, sizeof error.text);
    return NULL;
}

/* Runs it; after a success rank 0 must have all experiments of the shard, with the right results. */
static void run_trial(trial *t)
{
    rank ranks[MOST_RANKS] = {0};
    pthread_t thread[MOST_RANKS];
    meeting met = {0};
    pthread_barrier_init(&met.barrier, NULL, (unsigned)t->n_ranks);
    for (int r = 0; r < t->n_ranks; r++) {
        ranks[r].trial = t;
        ranks[r].member = (member){{r, t->n_ranks, &ranks[r].member, share, gather, agree}, &met};
        ck_assert_int_eq(pthread_create(&thread[r], NULL, run_rank, &ranks[r]), 0);
    }
    for (int r = 0; r < t->n_ranks; r++) {
        pthread_join(thread[r], NULL);
    }
    for (int k = 0; k < N * N_METHODS && t->status[0] == FB_OK; k++) {
        const fb_experiment *x = &ranks[0].evaluation[k % N_METHODS]->experiment[k / N_METHODS];
        const bool is_mine = (uint64_t)(k / N_METHODS) % t->n_shards == t->shard;
        ck_assert(is_mine || t->is_resumed || !x->is_done);
        ck_assert(!is_mine || (x->is_done && x->result.mu_hat == result_of((uint64_t)(k / N_METHODS), k % N_METHODS)));
    }
    for (int r = 0; r < t->n_ranks; r++) {
        for (int m = 0; m < N_METHODS; m++) {
            fb_evaluation_free(ranks[r].evaluation[m]);
        }
    }
    pthread_barrier_destroy(&met.barrier);
}

/* The same with one process, and with teams: the records must be the same, and all ranks must hear the same. */
static void compare(const trial *what)
{
    static const uint64_t batches[] = {1, 3, 4, 100};
    trial alone = *what;
    alone.n_ranks = 1;
    alone.batch = 4;
    run_trial(&alone);
    for (int n_ranks = 2; n_ranks <= MOST_RANKS; n_ranks++) {
        for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
            trial communicator = *what;
            communicator.n_ranks = n_ranks;
            communicator.batch = batches[b];
            run_trial(&communicator);
            ck_assert_int_eq(communicator.n_recorded, alone.n_recorded);
            ck_assert_mem_eq(communicator.recorded, alone.recorded, sizeof communicator.recorded);
            ck_assert_mem_eq(communicator.mu_hat, alone.mu_hat, sizeof communicator.mu_hat);
            for (int r = 0; r < n_ranks; r++) {
                ck_assert_int_eq(communicator.status[r], alone.status[0]);
                ck_assert_str_eq(communicator.text[r], alone.text[0]);
            }
            if (alone.status[0] == FB_OK) {
                ck_assert_mem_eq(communicator.n_worked, alone.n_worked, sizeof communicator.n_worked);
                ck_assert_uint_eq(communicator.last_progress, alone.last_progress);
            }
        }
    }
}

START_TEST(a_team_records_what_one_process_records)
{
    compare(&(trial){.n_shards = 1, .fails_at = NOWHERE, .disk_holds = NOWHERE});
}
END_TEST

START_TEST(a_team_goes_on_with_what_rank_0_knows)
{
    trial alone = {.n_ranks = 1, .batch = 4, .n_shards = 1, .fails_at = NOWHERE, .disk_holds = NOWHERE};
    alone.is_resumed = true;
    run_trial(&alone);
    ck_assert_int_eq(alone.n_recorded, (N - 7) * N_METHODS + 3);
    ck_assert_int_eq(alone.recorded[0], 3 * N_METHODS);
    ck_assert_int_eq(alone.recorded[2], 4 * N_METHODS + 1);
    compare(&(trial){.n_shards = 1, .fails_at = NOWHERE, .disk_holds = NOWHERE, .is_resumed = true});
}
END_TEST

START_TEST(a_team_runs_a_shard)
{
    for (uint64_t shard = 0; shard < 3; shard++) {
        compare(&(trial){.shard = shard, .n_shards = 3, .fails_at = NOWHERE, .disk_holds = NOWHERE});
    }
}
END_TEST

/* Wherever it fails, what comes before is recorded, nothing after it, and all ranks end with that error. */
START_TEST(the_first_failure_stops_all)
{
    for (int k = 0; k < N; k++) {
        trial alone = {.n_ranks = 1, .batch = 4, .n_shards = 1, .fails_at = k, .disk_holds = NOWHERE};
        run_trial(&alone);
        ck_assert_int_eq(alone.n_recorded, k * N_METHODS);
        ck_assert_int_eq(alone.status[0], FB_ERROR_DATA);
        compare(&(trial){.n_shards = 1, .fails_at = k, .disk_holds = NOWHERE});
    }
}
END_TEST

START_TEST(a_full_disk_stops_all)
{
    for (int lines = 0; lines < N * N_METHODS; lines += 5) {
        compare(&(trial){.n_shards = 1, .fails_at = NOWHERE, .disk_holds = lines});
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline_batches");
    TCase *tests = tcase_create("batches");
    tcase_add_test(tests, a_team_records_what_one_process_records);
    tcase_add_test(tests, a_team_goes_on_with_what_rank_0_knows);
    tcase_add_test(tests, a_team_runs_a_shard);
    tcase_add_test(tests, the_first_failure_stops_all);
    tcase_add_test(tests, a_full_disk_stops_all);
    tcase_set_timeout(tests, 60.0);
    suite_add_tcase(suite, tests);
    return fb_run_suite(suite);
}
