/** \file communicator.h
 * Processes that run one evaluation together, as the ranks of MPI do: what they have to say to each other, without
 * saying how.
 */
#ifndef FB_BASELINE_SUPPORT_COMMUNICATOR_H
#define FB_BASELINE_SUPPORT_COMMUNICATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

/** One of them. All ranks make the same calls in the same order; a call returns when the others have made it too. */
typedef struct fb_communicator {
    int rank, size; ///< 0 <= rank < size
    void *context;  ///< of the functions below
    /** Gives the bytes of rank 0 to all. */
    void (*share)(void *context, void *bytes, size_t n_bytes);
    /** Brings `n` items of every rank to rank 0: `all` [size][n], which only rank 0 has (else NULL). */
    void (*gather)(void *context, const void *mine, size_t item_bytes, int n, void *all);
    /** The failure of the lowest rank that failed, with its text; FB_OK when none did. */
    fb_status (*agree)(void *context, fb_status mine, fb_error *error);
} fb_communicator;

/** Whether this process is the one that writes. A communicator of NULL, here and below: one process alone. */
bool fb_communicator_is_first(const fb_communicator *communicator);
int fb_communicator_size(const fb_communicator *communicator);

/** Every rank says how it went; all get the failure of the lowest rank that failed, so that they stop together.
 * Between two agreements a rank may fail as it likes, but it must come to the next one. */
fb_status fb_communicator_agree(const fb_communicator *communicator, fb_status mine, fb_error *error) FB_MUST_USE;

/** FB_ERROR_USAGE on all when a rank has another text than rank 0: `what` says of what. Ranks that were started with
 * different arguments, or see different files under the same name, must not mix their results. */
fb_status fb_communicator_check_same(const fb_communicator *communicator, const char *what, const char *text,
                                     fb_error *error) FB_MUST_USE;

#endif
