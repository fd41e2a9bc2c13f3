/** \file method_host.h
 * The process of another's program: our own executable as `plugin-host` (commands/cmd_plugin_host.c), which loads a
 * plug-in, or tells a command what it may learn from and becomes it.
 */
#ifndef FB_BASELINE_EXTERNAL_METHOD_HOST_H
#define FB_BASELINE_EXTERNAL_METHOD_HOST_H

#include "baseline/support/subprocess.h"
#include "holdout/pipeline/split.h"

/** What is started, and what it may learn from. Texts are borrowed. */
typedef struct fb_method_host {
    const char *library;     ///< absolute path of a plug-in; NULL: a command
    const char *command;     ///< for `sh -c`
    const char *events;      ///< to learn from; NULL: none
    fb_split_settings split; ///< of these events
    const char *metadata;    ///< path of the metadata file for that split, or NULL (analysis/split_metadata.h)
    uint64_t threads;        ///< of a plug-in's process, for reading the events; 0: one per core
} fb_method_host;

/** Starts the process. It ends with the thread that called this.
 *  \param table  a file descriptor that it gets as number 3; -1: none */
fb_status fb_method_host_start(const fb_method_host *host, int table, fb_subprocess *child,
                               fb_error *error) FB_MUST_USE;

#endif
