/** \file process.h
 * The four processes that the events come from, and how many events of each are expected.
 */
#ifndef FB_HOLDOUT_EVENTS_PROCESS_H
#define FB_HOLDOUT_EVENTS_PROCESS_H

#include "models/common/status.h"

FB_BEGIN_DECLARATIONS

/** The processes; the numbers are those of the class ids in use in the field. */
typedef enum fb_process {
    FB_HTAUTAU = 0, ///< the signal
    FB_ZTAUTAU = 1,
    FB_TTBAR = 2,
    FB_DIBOSON = 3,
    FB_N_PROCESS = 4
} fb_process;

/** Number of events of each process expected at 10 fb^-1 before the final selection. */
FB_API extern const double fb_process_expected[FB_N_PROCESS];

/** "htautau", "ztautau", "ttbar" or "diboson". */
FB_API const char *fb_process_name(int process);
/** Index of a process name, or -1. */
FB_API int fb_process_find(const char *name);
/** 1 for the signal, 0 for a background. */
FB_API int fb_process_label(int process);

/** The process of an event where it is not known. */
enum { FB_PROCESS_UNKNOWN = 255 };

FB_END_DECLARATIONS

#endif
