#include "baseline/support/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double fb_progress_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

fb_progress fb_progress_start(const char *what, uint64_t total, bool quiet)
{
    double now = fb_progress_seconds();
    return (fb_progress){.what = what,
                         .total = total == UINT64_MAX ? 0 : total,
                         .started = now,
                         .shown = now,
                         .active = !quiet && isatty(STDERR_FILENO)};
}

void fb_progress_show(void *progress, uint64_t done)
{
    fb_progress *p = progress;
    double now = fb_progress_seconds();
    if (!p->active || now - p->shown < 0.2) {
        return;
    }
    p->shown = now;
    double rate = (double)done / (now - p->started);
    fprintf(stderr, "\r\033[K%s: %llu", p->what, (unsigned long long)done);
    if (p->total > 0) {
        double left = ((double)p->total - (double)done) / rate;
        fprintf(stderr, " of %llu (%.0f %%), %.3g/s, %.0f s to go", (unsigned long long)p->total,
                100.0 * (double)done / (double)p->total, rate, left > 0.0 ? left : 0.0);
    } else {
        fprintf(stderr, ", %.3g/s", rate);
    }
}

void fb_progress_end(fb_progress *progress)
{
    if (progress->active) {
        fprintf(stderr, "\r\033[K");
    }
}
