#include "baseline/support/communicator.h"

#include <stdlib.h>
#include <string.h>

#include "models/common/memory.h"

bool fb_communicator_is_first(const fb_communicator *communicator)
{
    return communicator == NULL || communicator->rank == 0;
}

int fb_communicator_size(const fb_communicator *communicator)
{
    return communicator != NULL ? communicator->size : 1;
}

fb_status fb_communicator_agree(const fb_communicator *communicator, fb_status mine, fb_error *error)
{
    return communicator != NULL ? communicator->agree(communicator->context, mine, error) : mine;
}

fb_status fb_communicator_check_same(const fb_communicator *communicator, const char *what, const char *text,
                                     fb_error *error)
{
    char *first = NULL;
    fb_status status = FB_OK;
    if (communicator == NULL) {
        return FB_OK;
    }
    size_t size = strlen(text) + 1;
    communicator->share(communicator->context, &size, sizeof size);
    FB_TRY(fb_communicator_agree(communicator, fb_memory_allocate(size, 1, &first, error), error));
    if (communicator->rank == 0) {
        memcpy(first, text, size);
    }
    communicator->share(communicator->context, first, size);
    if (strcmp(first, text) != 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "rank %d has another %s than rank 0: '%.300s' and not '%.300s'",
                         communicator->rank, what, text, first);
    }
    FB_TRY(fb_communicator_agree(communicator, status, error));
cleanup:
    free(first);
    return status;
}
