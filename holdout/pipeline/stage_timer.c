#include "holdout/pipeline/stage_timer.h"

#include <omp.h>
#include <stddef.h>

const char *fb_stage_timer_name(fb_stage lap)
{
    static const char *const names[FB_N_STAGE] = {
        [FB_STAGE_READ] = "read",     [FB_STAGE_DRAW] = "draw",     [FB_STAGE_DISTORT] = "distort",
        [FB_STAGE_SELECT] = "select", [FB_STAGE_DERIVE] = "derive", [FB_STAGE_SCORE] = "score",
        [FB_STAGE_FILL] = "fill",     [FB_STAGE_FIT] = "fit"};
    return names[lap];
}

fb_stage_timer fb_stage_timer_start(fb_stage_times *laps)
{
    return (fb_stage_timer){laps, omp_get_wtime()};
}

double fb_stage_timer_stop(fb_stage_timer *watch, fb_stage lap)
{
    const double now = omp_get_wtime(), seconds = now - watch->since;
    watch->since = now;
    if (watch->laps != NULL) {
#pragma omp atomic
        watch->laps->seconds[lap] += seconds;
    }
    return seconds;
}
