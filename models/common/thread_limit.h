/** \file thread_limit.h
 * As many threads as can be had: OpenMP ends the program when it cannot start one, and fewer may be allowed than there
 * are processors (ulimit -u, ulimit -v, containers, batch systems). So they are tried before OpenMP starts them.
 */
#ifndef FB_MODELS_COMMON_THREAD_LIMIT_H
#define FB_MODELS_COMMON_THREAD_LIMIT_H

#include <stdbool.h>

/** To be called before a parallel region: OpenMP uses as many threads as it would (omp_get_max_threads), but no more
 * than can be started, with a warning if these are fewer. What has been found once is not tried again. */
void fb_thread_limit_apply(void);

/** Whether `n` threads, the calling one among them, can be had at the same time. */
bool fb_thread_limit_allows(int n);

#endif
