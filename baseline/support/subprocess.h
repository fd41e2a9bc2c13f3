/** \file subprocess.h
 * A program of somebody else at work for us: it is asked one line and answers one line, or gets bytes and answers bytes,
 * within a time, and whatever it does, nothing of it is left at the end.
 *
 * It is started as a process group of its own, so that what it started itself can be stopped too. The program runs the
 * hidden command `plugin-host` of our executable, which sees to it that the group does not survive us. Where stderr is a
 * terminal, which may show our progress, what it writes there comes in whole lines, while it is asked and when it ends.
 */
#ifndef FB_BASELINE_SUPPORT_SUBPROCESS_H
#define FB_BASELINE_SUPPORT_SUBPROCESS_H

#include <stddef.h>

#include "models/common/status.h"

enum { FB_SUBPROCESS_LINE_SIZE = 32768 };

/** A zeroed one is not running. */
typedef struct fb_subprocess {
    long pid; ///< 0: not running
    int to, from;
    int messages;                       ///< what it writes to stderr, passed on line by line; -1: it has ours
    int exit_code;                      ///< of the last process that ended by itself; -1: a signal ended it; 0 before
    char line[FB_SUBPROCESS_LINE_SIZE]; ///< the last answer
} fb_subprocess;

/** Starts `program` with `argv` (NULL at its end) afresh: nothing of our threads goes with it.
 *  \param program  path; NULL: our own executable
 *  \param table    a file descriptor that it gets as number 3; -1: none */
fb_status fb_subprocess_start(fb_subprocess *child, const char *program, const char *const *argv, int table,
                              fb_error *error) FB_MUST_USE;

/** Sends a line (NULL: nothing), and waits for one, which is then in child->line without its end.
 *  \param seconds  how long
 *  \param limit    what to name when the time is over, for example "--time-limit"
 *  \return FB_ERROR_DATA when there is no such line: it ended, said too much or a zero byte, or the time was
 *          over. The child is
 *          stopped then, and must be started again. FB_ERROR_INTERRUPTED */
fb_status fb_subprocess_ask(fb_subprocess *child, const char *line, double seconds, const char *limit,
                            fb_error *error) FB_MUST_USE;

/** Sends `n_to` bytes, and takes `n_from` bytes of an answer meanwhile: it may read all before it answers, or answer as it
 * reads, however much more this is than a pipe holds.
 *  \param to       [n_to]
 *  \param from     [n_from] result
 *  \param seconds  how long, for both
 *  \param limit    what to say when the time is over, as of fb_subprocess_ask
 *  \return as fb_subprocess_ask: FB_ERROR_DATA also when more bytes came; some may be noticed at the next exchange only */
fb_status fb_subprocess_exchange(fb_subprocess *child, const void *to, size_t n_to, void *from, size_t n_from,
                                 double seconds, const char *limit, fb_error *error) FB_MUST_USE;

/** Ends it: at the end of its input it has `grace` seconds to do so itself. Not running is fine. */
void fb_subprocess_stop(fb_subprocess *child, double grace);

#endif
