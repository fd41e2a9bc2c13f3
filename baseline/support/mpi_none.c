/* The program built without MPI. */
#include "baseline/support/mpi.h"

#include <stdlib.h>

fb_status fb_mpi_start(fb_error *error)
{
    static const char *const sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        const char *text = getenv(sizes[k]);
        if (text != NULL && atoi(text) > 1) {
            return fb_fail(error, FB_ERROR_USAGE,
                           "started as one of %s processes, but built without MPI (CMake: -DFB_MPI=ON)", text);
        }
    }
    return FB_OK;
}

const fb_communicator *fb_mpi_communicator(void)
{
    return NULL;
}

void fb_mpi_settle(uint64_t threads)
{
    (void)threads;
}

void fb_mpi_end(void)
{
}
