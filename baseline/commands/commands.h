/* The subcommands, one cmd_<name>.c each; argv[0] is the command's name. With what they are all made of. */
#ifndef FB_BASELINE_COMMANDS_COMMANDS_H
#define FB_BASELINE_COMMANDS_COMMANDS_H

#include "baseline/analysis/metadata.h"
#include "baseline/commands/event_part.h"
#include "baseline/config/command_line.h"
#include "baseline/config/config.h"

#define FB_COMMAND_DECLARE(name, summary) fb_status fb_cmd_##name(int argc, char **argv, fb_error *error);
FB_COMMAND_LIST(FB_COMMAND_DECLARE)
#undef FB_COMMAND_DECLARE
fb_status fb_cmd_plugin_host(int argc, char **argv, fb_error *error);

/** What `convert` and `simulate` can do with events. */
typedef struct fb_convert_options {
    int gzip;                   ///< compression of HDF5 columns, 0 .. 9
    const char *write_metadata; ///< JSON file to write beside the events, which then need weights; NULL: none
    fb_event_part part;         ///< of the source, and measured on it
} fb_convert_options;

/** None of them: all rows. */
fb_convert_options fb_cmd_convert_default(void);

/** Adds those that both have to a table: not the part. */
void fb_cmd_convert_add_options(fb_option_table *table, fb_convert_options *options);

/** What both do: copies what is left of `source` to the new file `path`, with the source's weights, processes, stage
 *  and origin, then prints numbers, yields and checksum.
 *
 *  \param provenance  how the events were made
 *  \param metadata    what the events must agree with, else FB_ERROR_DATA and no file */
fb_status fb_cmd_convert_events(const fb_command_line *line, fb_source *source, const char *path,
                                const char *provenance, const fb_convert_options *options, const fb_metadata *metadata,
                                fb_error *error) FB_MUST_USE;

#endif
