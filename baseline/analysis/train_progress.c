#include "baseline/analysis/train_progress.h"

#include "models/common/log.h"

static void show_step(void *context, const char *what)
{
    fb_train_progress *p = context;
    fb_progress_end(&p->progress);
    fb_log(FB_LOG_INFO, "%s", what);
    fb_progress_start(&p->progress, what, 0, p->quiet);
}

static void show_round(void *context, const fb_training_round *round)
{
    fb_train_progress *p = context;
    fb_progress_show_of(&p->progress, (uint64_t)round->round, (uint64_t)round->n_rounds);
    fb_log(FB_LOG_DEBUG, "round %d: log-loss %.6f in training, %.6f in validation", round->round, round->train_log_loss,
           round->validation_log_loss);
}

static void show_pass(void *context, int done, int total)
{
    fb_progress_show_of(&((fb_train_progress *)context)->progress, (uint64_t)done, (uint64_t)total);
}

static fb_status look(void *context, const fb_analysis *analysis, fb_error *error)
{
    fb_train_progress *p = context;
    return p->measured != NULL ? p->measured(p->context, analysis, error) : FB_OK;
}

fb_train_observer fb_train_progress_observer(fb_train_progress *progress)
{
    return (fb_train_observer){
        .step = show_step, .round = show_round, .pass = show_pass, .measured = look, .context = progress};
}

void fb_train_progress_end(fb_train_progress *progress)
{
    fb_progress_end(&progress->progress);
}
