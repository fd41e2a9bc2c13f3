/** \file mpi.h
 * The program as one of the ranks of MPI: `mpirun -n K fair-baseline evaluate ...`, or `leaderboard ...`. Started
 * without mpirun or srun, or as the only rank, it never touches MPI.
 */
#ifndef FB_BASELINE_SUPPORT_MPI_H
#define FB_BASELINE_SUPPORT_MPI_H

#include <stdint.h>

#include "baseline/support/communicator.h"

/** Joins the other ranks, if there are any; from then on only rank 0 writes to standard output. A rank that dies ends
 * all of them. FB_ERROR_USAGE when there are others but the program was built without MPI. */
fb_status fb_mpi_start(fb_error *error) FB_MUST_USE;

/** NULL: this process is alone. */
const fb_communicator *fb_mpi_communicator(void);

/** After the command line was read: messages come from rank 0 only, and the ranks divide the processors that they may
 * use among their threads.
 *  \param threads  of each rank as --threads says; 0: not given */
void fb_mpi_settle(uint64_t threads);

/** Waits for the others. Fine when nothing was started. */
void fb_mpi_end(void);

#endif
