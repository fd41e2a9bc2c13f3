/** \file external_method.h
 * A method that is not ours: a plug-in (plugin.h), or any program that answers a line of JSON for the path of a file.
 * Either runs in a process of its own, which is started again after a crash or a time limit.
 */
#ifndef FB_BASELINE_EXTERNAL_EXTERNAL_METHOD_H
#define FB_BASELINE_EXTERNAL_EXTERNAL_METHOD_H

#include <jansson.h>

#include "holdout/pipeline/split.h"
#include "holdout/pseudo/pseudo_data.h"
#include "nll/fit.h"

enum {
    FB_EXTERNAL_METHOD_NAME_SIZE = 41,
    FB_EXTERNAL_METHOD_REASON_SIZE = 160, ///< of a text without anything but printable ASCII
    FB_EXTERNAL_METHOD_TABLE = 3          ///< the file descriptor that a plug-in's process finds the experiment under
};

/** Of the files for a command. */
typedef enum fb_external_format {
    FB_EXTERNAL_FORMAT_H5,
    FB_EXTERNAL_FORMAT_CSV,
    FB_EXTERNAL_FORMAT_PARQUET
} fb_external_format;

/** "h5", "csv", which are also the extensions of the files; NULL behind the last. */
extern const char *const fb_external_method_formats[];

typedef struct fb_external_method_settings {
    const char *method;        ///< path of a library whose name ends with .so, or a command for `sh -c`
    fb_external_format format; ///< of the files for a command
    const char *events;        ///< that the method may learn from; NULL only for a command
    fb_split_settings split;   ///< of these events
    const char *metadata;      ///< path of the metadata file for that split, or NULL (analysis/split_metadata.h)
    uint64_t threads;          ///< of the plug-in's process, for reading the events; 0: one per core
    double time_limit;         ///< seconds for an experiment, > 0
    double fit_time_limit;     ///< seconds for create and fit, > 0; a command has them on top for its first answer
} fb_external_method_settings;

/** No method, HDF5, ten minutes and an hour, the default split, one thread per core. */
fb_external_method_settings fb_external_method_default(void);

typedef struct fb_external_method fb_external_method;

/** Nothing runs yet. The texts in `settings` are borrowed. FB_ERROR_USAGE, or FB_ERROR_FILE for a library that is not
 * there. */
fb_status fb_external_method_create(const fb_external_method_settings *settings, fb_external_method **out,
                                    fb_error *error) FB_MUST_USE;

/** Starts it: a plug-in has created and fitted when this returns. FB_ERROR_DATA when it did not get that far. */
fb_status fb_external_method_start(fb_external_method *method, fb_error *error) FB_MUST_USE;

/** What a plug-in calls itself, after the start; "command" for a command. */
const char *fb_external_method_name(const fb_external_method *method);

/** What the results depend on: the library's bytes or the command's text; a new reference. */
json_t *fb_external_method_json(const fb_external_method *method);

/** Measures one experiment; starts the process first if it is not running.
 *  \param observed  shuffled
 *  \param origin    recorded in the file for a command: fb_analysis_pool_origin, or ""
 *  \param result    always filled; NaN after a failure. sigma is half of the interval, there are no nuisances
 *  \return FB_ERROR_NOT_CONVERGED when it failed at this experiment, with the reason in printable ASCII; others are
 * ours
 */
fb_status fb_external_method_measure(fb_external_method *method, const fb_pseudo_data *observed, const char *origin,
                                     fb_fit_result *result, fb_error *error) FB_MUST_USE;

/** Ends its process and removes its files. NULL is fine. */
void fb_external_method_free(fb_external_method *method);

/** Bytes of the table of an experiment: features and weights of `n` rows. Never 0, which could not be mapped. */
size_t fb_external_method_table_size(uint64_t n);

/** A copy with '?' for everything but printable ASCII, cut to its size. */
void fb_external_method_plain_text(const char *text, char plain[FB_EXTERNAL_METHOD_REASON_SIZE]);

#endif
