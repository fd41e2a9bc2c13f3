#include "holdout/stopwatch.h"

#include <omp.h>
#include <stddef.h>

const char *fb_lap_name(fb_lap lap)
{
    static const char *const names[FB_N_LAP] = {
        [FB_LAP_READ] = "read",     [FB_LAP_DRAW] = "draw",   [FB_LAP_DISTORT] = "distort", [FB_LAP_SELECT] = "select",
        [FB_LAP_DERIVE] = "derive", [FB_LAP_SCORE] = "score", [FB_LAP_FILL] = "fill",       [FB_LAP_FIT] = "fit"};
    return names[lap];
}

fb_stopwatch fb_stopwatch_start(fb_laps *laps)
{
    return (fb_stopwatch){laps, omp_get_wtime()};
}

double fb_stopwatch_lap(fb_stopwatch *watch, fb_lap lap)
{
    const double now = omp_get_wtime(), seconds = now - watch->since;
    watch->since = now;
    if (watch->laps != NULL) {
#pragma omp atomic
        watch->laps->seconds[lap] += seconds;
    }
    return seconds;
}
