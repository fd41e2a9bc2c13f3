#include "holdout/pipeline/stage_timer.h"

#include <omp.h>
#include <stddef.h>

const char *fb_stage_timer_name(fb_stage stage)
{
    static const char *const names[FB_N_STAGE] = {
        [FB_STAGE_READ] = "read",     [FB_STAGE_DRAW] = "draw",     [FB_STAGE_DISTORT] = "distort",
        [FB_STAGE_SELECT] = "select", [FB_STAGE_DERIVE] = "derive", [FB_STAGE_SCORE] = "score",
        [FB_STAGE_FILL] = "fill",     [FB_STAGE_FIT] = "fit"};
    return names[stage];
}

fb_stage_timer fb_stage_timer_start(fb_stage_times *times)
{
    return (fb_stage_timer){times, omp_get_wtime()};
}

double fb_stage_timer_stop(fb_stage_timer *timer, fb_stage stage)
{
    const double now = omp_get_wtime(), seconds = now - timer->since;
    timer->since = now;
    if (timer->times != NULL) {
#pragma omp atomic
        timer->times->seconds[stage] += seconds;
    }
    return seconds;
}
