#include "baseline/external/score_command.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/analysis/train_settings.h"
#include "baseline/external/method_host.h"
#include "holdout/events/column.h"
#include "models/classifier_kinds.h"
#include "models/common/log.h"
#include "models/common/memory.h"
#include "models/common/metrics.h"
#include "models/common/text.h"

enum {
    COMMAND_SIZE = 480, /* with its end: what an analysis shows of it has FB_SETTINGS_SIZE bytes */
    HEAD_SIZE = 2048,   /* of the names of the features and the number of rows */
    BLOCK = 4096        /* rows that are sent at a time where we choose */
};

/* Seconds: for the first answer, before which it may learn; for the others; to end by itself. */
static const double first_limit = 86400.0, limit = 3600.0, grace = 5.0;

static fb_method_host offered; /* without its command */

/* What changes while a classifier scores, one thread at a time. */
typedef struct server {
    pthread_mutex_t lock;
    fb_method_host host;
    fb_subprocess child;
    /* The process ends with the thread that starts it, which may be one that OpenMP soon ends: this one stays. */
    pthread_t keeper;
    bool is_loaded; /* the command is one that a file of somebody else may have brought */
    bool has_keeper, has_answered;
    sem_t is_started, may_end;
    char *message; /* what is sent: head and rows */
    size_t capacity;
    fb_error failure; /* of the program; a failure is for good */
} server;

typedef struct score_command {
    char command[COMMAND_SIZE]; /* "": none yet */
    server *server;
} score_command;

void fb_score_command_offer(const char *events, const fb_split_settings *split, const char *metadata)
{
    offered = (fb_method_host){.events = events, .split = *split, .metadata = metadata};
}

/* --- the state ---------------------------------------------------------------------------------------------------- */

static void release(void *state)
{
    score_command *c = state;
    if (c == NULL) {
        return;
    }
    fb_subprocess_stop(&c->server->child, grace);
    if (c->server->has_keeper) {
        sem_post(&c->server->may_end);
        pthread_join(c->server->keeper, NULL);
    }
    sem_destroy(&c->server->is_started);
    sem_destroy(&c->server->may_end);
    pthread_mutex_destroy(&c->server->lock);
    free(c->server->message);
    free(c->server);
    free(c);
}

static fb_status create(void **state, fb_error *error)
{
    score_command *c = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *c, &c, error);
    *state = NULL;
    if (status == FB_OK) {
        status = fb_memory_allocate(1, sizeof *c->server, &c->server, error);
    }
    if (status != FB_OK) {
        free(c);
        return status;
    }
    pthread_mutex_init(&c->server->lock, NULL);
    sem_init(&c->server->is_started, 0, 0);
    sem_init(&c->server->may_end, 0, 0);
    *state = c;
    return FB_OK;
}

/* It is recorded, shown, and given to a shell: text, on one line. */
static fb_status take_command(score_command *c, const char *text, fb_status wrong, fb_error *error)
{
    char printable[COMMAND_SIZE];
    if (text[strspn(text, " \t")] == '\0') {
        return fb_fail(error, wrong, "the command is empty");
    }
    if (strlen(text) >= COMMAND_SIZE) {
        return fb_fail(error, wrong,
                       "the command has %zu bytes, at most %d are allowed: put a longer one into a script",
                       strlen(text), COMMAND_SIZE - 1);
    }
    strcpy(printable, text);
    fb_text_make_printable(printable);
    if (strcmp(printable, text) != 0) {
        return fb_fail(error, wrong, "the command '%s' is not one line of UTF-8 without control characters", text);
    }
    strcpy(c->command, text);
    return FB_OK;
}

static fb_status set(void *state, const char *key, const char *value, fb_error *error)
{
    if (strcmp(key, "command") != 0) {
        return fb_fail(error, FB_ERROR_USAGE, "the classifier of --score-command has no settings: not %s=%s", key,
                       value);
    }
    const fb_status status = take_command(state, value, FB_ERROR_USAGE, error);
    return status == FB_OK ? FB_OK : fb_fail_prefix(error, status, "--score-command");
}

static void describe(const void *state, char *text, size_t size)
{
    const score_command *c = state;
    snprintf(text, size, "%s%s", c->command[0] != '\0' ? "command=" : "", c->command);
}

static fb_status save(const void *state, uint8_t **bytes, size_t *n_bytes, fb_error *error)
{
    const score_command *c = state;
    *n_bytes = strlen(c->command);
    const fb_status status = fb_memory_allocate(*n_bytes, 1, bytes, error);
    if (status == FB_OK) {
        memcpy(*bytes, c->command, *n_bytes);
    }
    return status;
}

static fb_status load(void *state, const uint8_t *bytes, size_t n_bytes, fb_error *error)
{
    char text[COMMAND_SIZE + 1];
    const size_t n = n_bytes < COMMAND_SIZE ? n_bytes : COMMAND_SIZE;
    memcpy(text, bytes, n);
    text[n] = '\0';
    if (strlen(text) != n) {
        return fb_fail(error, FB_ERROR_DATA, "the stored command has a zero byte in it");
    }
    ((score_command *)state)->server->is_loaded = true;
    return take_command(state, text, FB_ERROR_DATA, error);
}

/* --- the process -------------------------------------------------------------------------------------------------- */

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR) {
    }
}

static void *keep(void *context)
{
    server *s = context;
    s->failure.status = fb_method_host_start(&s->host, -1, &s->child, &s->failure);
    sem_post(&s->is_started);
    wait_for(&s->may_end);
    return NULL;
}

static fb_status start(server *s, const char *command, fb_error *error)
{
    s->host = offered;
    s->host.command = command;
    if (s->host.events == NULL) {
        s->host.split = fb_split_default(); /* of nothing */
    }
    fb_log(s->is_loaded ? FB_LOG_WARNING : FB_LOG_INFO, "the analysis starts '%s', which answers its scores", command);
    const int failed = pthread_create(&s->keeper, NULL, keep, s);
    if (failed != 0) {
        return fb_fail(error, FB_ERROR_MEMORY, "no thread can be started: %s", strerror(failed));
    }
    s->has_keeper = true;
    wait_for(&s->is_started);
    return s->failure.status == FB_OK ? FB_OK : fb_fail(error, s->failure.status, "%s", s->failure.text);
}

/* What is sent before the rows: at first a line with the names of the features, then one with the number of rows. */
static size_t write_head(const server *s, size_t n, char head[HEAD_SIZE])
{
    head[0] = '\0';
    for (int k = 0; k < FB_N_FEATURES && !s->has_answered; k++) {
        fb_text_append(head, HEAD_SIZE, ",", "%s", fb_column_name(k));
    }
    const size_t used = strlen(head);
    return used + (size_t)snprintf(head + used, HEAD_SIZE - used, "%s%zu\n", used > 0 ? "\n" : "", n);
}

static fb_status exchange(server *s, const char *command, size_t n, const float *matrix, float *score, fb_error *error)
{
    char head[HEAD_SIZE];
    const size_t n_rows = n * FB_N_FEATURES * sizeof *matrix;
    fb_status status = FB_OK;
    FB_TRY(s->has_keeper ? FB_OK : start(s, command, error));
    const size_t n_head = write_head(s, n, head);
    FB_TRY(fb_memory_grow(&s->message, &s->capacity, n_head + n_rows, 1, error));
    memcpy(s->message, head, n_head);
    memcpy(s->message + n_head, matrix, n_rows);
    FB_TRY(fb_subprocess_exchange(&s->child, s->message, n_head + n_rows, score, n * sizeof *score,
                                  s->has_answered ? limit : first_limit, "is its output flushed?", error));
    s->has_answered = true;
cleanup:
    return status;
}

/* What the shell says of a command that is not there or is none. */
static bool cannot_run(const server *s)
{
    enum { NO_PROGRAM = 126, NOT_FOUND = 127 };
    return !s->has_answered && (s->child.exit_code == NO_PROGRAM || s->child.exit_code == NOT_FOUND);
}

/* After a failure nothing is started again: which scores came before it depends on the order of the threads. */
static fb_status exchange_or_fail(server *s, const char *command, size_t n, const float *matrix, float *score)
{
    fb_error own = {0};
    if (s->failure.status != FB_OK) {
        return s->failure.status;
    }
    const fb_status status = exchange(s, command, n, matrix, score, &own);
    s->failure = own;
    if (status == FB_OK || status == FB_ERROR_INTERRUPTED) {
        return status;
    }
    return cannot_run(s) ? fb_fail(&s->failure, FB_ERROR_USAGE, "--score-command '%s': cannot be run (exit code %d)",
                                   command, s->child.exit_code)
                         : fb_fail(&s->failure, status, "--score-command '%s': %s", command, own.text);
}

/* --- scores ------------------------------------------------------------------------------------------------------- */

static fb_status check(const char *command, size_t n, const float *score, fb_error *error)
{
    for (size_t i = 0; i < n; i++) {
        if (!(score[i] >= 0.0f && score[i] <= 1.0f)) {
            return fb_fail(error, FB_ERROR_DATA,
                           "--score-command '%s': row %zu of a block of %zu has the score %g; a number from 0 to 1 is "
                           "needed",
                           command, i, n, (double)score[i]);
        }
    }
    return FB_OK;
}

static fb_status score_rows(const void *state, size_t n, int n_features, const float *matrix, float *score,
                            fb_error *error)
{
    const score_command *c = state;
    if (c->command[0] == '\0' || n_features != FB_N_FEATURES) {
        return fb_fail(error, FB_ERROR_DATA, "model %s: %d features and %s command; %d and one are needed",
                       FB_TRAIN_SETTINGS_COMMAND, n_features, c->command[0] == '\0' ? "no" : "a", FB_N_FEATURES);
    }
    pthread_mutex_lock(&c->server->lock);
    fb_status status = exchange_or_fail(c->server, c->command, n, matrix, score);
    if (status != FB_OK) {
        fb_fail(error, status, "%s", c->server->failure.text);
    }
    pthread_mutex_unlock(&c->server->lock);
    return status == FB_OK ? check(c->command, n, score, error) : status;
}

/* --- what takes the place of a training --------------------------------------------------------------------------- */

/* The largest difference of two scores of the same row, and where it is. */
static float largest_difference(size_t n, const float *a, const float *b, size_t *row)
{
    float largest = 0.0f;
    *row = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabsf(a[i] - b[i]) > largest) {
            largest = fabsf(a[i] - b[i]);
            *row = i;
        }
    }
    return largest;
}

/* The score of a row depends on this row: not on the others of its block, nor on what was asked before. Products of
 * matrices of another shape have other last digits, which does no harm; the same block has the same ones. */
static fb_status check_repeatable(const score_command *c, const fb_sample *sample, fb_error *error)
{
    enum { SOME = 100 };
    const float tolerance = 1e-4f;
    const size_t n = sample->n < BLOCK ? sample->n : BLOCK, some = n < SOME ? n : SOME, width = FB_N_FEATURES;
    size_t row = 0;
    float *score = NULL, *reversed = NULL; /* [3][n]: of the block, of its reversed beginning, of the block again */
    fb_status status = FB_OK;
    FB_TRY(fb_memory_allocate(3 * n, sizeof *score, &score, error));
    FB_TRY(fb_memory_allocate(some * width, sizeof *reversed, &reversed, error));
    float *first = score, *other = score + n, *again = score + 2 * n;
    for (size_t i = 0; i < some; i++) {
        memcpy(reversed + i * width, sample->matrix + (some - 1 - i) * width, width * sizeof *reversed);
    }
    FB_TRY(score_rows(c, n, sample->n_features, sample->matrix, first, error));
    FB_TRY(score_rows(c, some, sample->n_features, reversed, again, error));
    for (size_t i = 0; i < some; i++) {
        other[i] = again[some - 1 - i];
    }
    FB_TRY(score_rows(c, n, sample->n_features, sample->matrix, again, error));
    if (largest_difference(some, first, other, &row) > tolerance) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA,
                       "--score-command '%s': the score of a row is %g in one block and %g in another: it must depend "
                       "on its features alone",
                       c->command, (double)first[row], (double)other[row]));
    }
    if (largest_difference(n, first, again, &row) > tolerance) {
        FB_TRY(fb_fail(error, FB_ERROR_DATA,
                       "--score-command '%s': row %zu of a block has the score %g, and %g when it is asked again",
                       c->command, row, (double)first[row], (double)again[row]));
    }
    if (largest_difference(n, first, again, &row) > 0.0f) {
        fb_log(FB_LOG_WARNING,
               "'%s' answers %.9g and then %.9g for the same row: results will differ in their last digits from run to "
               "run",
               c->command, (double)first[row], (double)again[row]);
    }
cleanup:
    free(score);
    free(reversed);
    return status;
}

static fb_status fit(void *state, const fb_sample *train, const fb_sample *validation, fb_training_progress *progress,
                     void *context, fb_training_report *report, fb_error *error)
{
    float *score = NULL;
    fb_status status = FB_OK;
    (void)train, (void)progress, (void)context;
    FB_TRY(check_repeatable(state, validation, error));
    FB_TRY(fb_memory_allocate(validation->n, sizeof *score, &score, error));
    for (size_t first = 0; first < validation->n; first += BLOCK) {
        const size_t n = validation->n - first < BLOCK ? validation->n - first : BLOCK;
        FB_TRY(score_rows(state, n, validation->n_features, validation->matrix + first * FB_N_FEATURES, score + first,
                          error));
    }
    *report = (fb_training_report){
        .best_log_loss = fb_metrics_log_loss(validation->n, score, validation->label, validation->weight)};
cleanup:
    free(score);
    return status;
}

fb_status fb_score_command_register(fb_error *error)
{
    static const fb_classifier_methods methods = {.name = FB_TRAIN_SETTINGS_COMMAND,
                                                  .summary = "a program that answers scores",
                                                  .create = create,
                                                  .free = release,
                                                  .set = set,
                                                  .describe = describe,
                                                  .fit = fit,
                                                  .score = score_rows,
                                                  .save = save,
                                                  .load = load};
    return fb_classifier_kinds_register(&methods, error);
}
