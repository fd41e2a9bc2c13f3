#include "baseline/support/mpi.h"

#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpi.h>

#include "models/common/log.h"

/* MPI ends all ranks with a message of its own when one of its functions fails, so their results are not looked at. */

/* --- what the communicator needs ---------------------------------------------------------------------------------- */

/* MPI counts in ints. */
static void share(void *context, void *bytes, size_t n_bytes)
{
    const size_t most = 1 << 30;
    (void)context;
    for (size_t done = 0; done < n_bytes; done += most) {
        const size_t n = n_bytes - done < most ? n_bytes - done : most;
        MPI_Bcast((char *)bytes + done, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD);
    }
}

static void gather(void *context, const void *mine, size_t item_bytes, int n, void *all)
{
    MPI_Datatype item;
    (void)context;
    MPI_Type_contiguous((int)item_bytes, MPI_BYTE, &item);
    MPI_Type_commit(&item);
    MPI_Gather(mine, n, item, all, n, item, 0, MPI_COMM_WORLD);
    MPI_Type_free(&item);
}

static fb_status agree(void *context, fb_status mine, fb_error *error)
{
    const fb_communicator *communicator = fb_mpi_communicator();
    int bad = mine != FB_OK ? communicator->rank : communicator->size, first = 0;
    fb_error said = {0};
    (void)context;
    MPI_Allreduce(&bad, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (first == communicator->size) {
        return FB_OK;
    }
    if (communicator->rank == first) {
        said.status = mine;
        memcpy(said.text, error->text, sizeof said.text);
    }
    MPI_Bcast(&said, sizeof said, MPI_BYTE, first, MPI_COMM_WORLD);
    *error = said;
    return said.status;
}

static fb_communicator world = {.share = share, .gather = gather, .agree = agree};

const fb_communicator *fb_mpi_communicator(void)
{
    return world.size > 1 ? &world : NULL;
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

/* mpirun and srun leave a note in the environment. To ask MPI itself would take every plain run a third of a second. */
static bool has_company(void)
{
    static const char *const sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        const char *text = getenv(sizes[k]);
        if (text != NULL) {
            return atoi(text) > 1;
        }
    }
    return getenv("PMIX_RANK") != NULL;
}

fb_status fb_mpi_start(fb_error *error)
{
    int provided = MPI_THREAD_SINGLE;
    if (!has_company()) {
        return FB_OK;
    }
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &world.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &world.size);
    /* Help, tables and JSON once, not once per rank. */
    if (world.rank > 0 && freopen("/dev/null", "w", stdout) == NULL) {
        fb_status status = fb_fail(error, FB_ERROR_FILE, "/dev/null: cannot be written");
        MPI_Abort(MPI_COMM_WORLD, fb_status_exit_code(status)); /* the others do not expect a failure here */
        return status;
    }
    return FB_OK;
}

/* The threads that a rank may have: of every processor that it may use the part that the other ranks on this machine
 * leave it. Ranks that are bound to a processor each have one; ranks that are bound to nothing divide all. */
static int fair_threads(void)
{
    MPI_Comm machine;
    cpu_set_t mine, *all;
    int rank = 0, size = 1;
    double sum = 0.0;
    CPU_ZERO(&mine);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) {
        CPU_SET(0, &mine); /* unknown: careful */
    }
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, world.rank, MPI_INFO_NULL, &machine);
    MPI_Comm_rank(machine, &rank);
    MPI_Comm_size(machine, &size);
    all = calloc((size_t)size, sizeof *all);
    if (all == NULL) {
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
        return 1;
    }
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, machine);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        int users = 0;
        for (int r = 0; r < size; r++) {
            users += CPU_ISSET(cpu, &all[r]) != 0;
        }
        sum += CPU_ISSET(cpu, &mine) ? 1.0 / users : 0.0;
    }
    free(all);
    MPI_Comm_free(&machine);
    return sum > 1.0 ? (int)(sum + 1e-6) : 1;
}

void fb_mpi_settle(uint64_t threads)
{
    if (world.size < 2) {
        return;
    }
    if (world.rank > 0) {
        fb_log_set(NULL, NULL, FB_LOG_ERROR);
    }
    const int fair = fair_threads();
    int n = threads > 0 ? (int)threads : fair, sum = 0;
    omp_set_num_threads(n);
    MPI_Reduce(&n, &sum, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
    fb_log(FB_LOG_INFO, "%d ranks with %d threads together", world.size, sum);
}

void fb_mpi_end(void)
{
    if (world.size > 0) {
        MPI_Finalize();
    }
}
