/** \file config_writer.h
 * The effective configuration of a command as YAML.
 */
#ifndef FB_BASELINE_CONFIG_CONFIG_WRITER_H
#define FB_BASELINE_CONFIG_CONFIG_WRITER_H

#include "baseline/config/option.h"

/** A section with the value of every option that a result depends on, so that reading it gives the same settings. Left
 * out are options that only say how the work is done (threads, shards, messages), where results go, and what was not
 * given and has no value. An option that shares its value with an earlier one is the same.
 *  \param section  name of the command, as "train" or "plot-scores"
 *  \param out      the YAML text; release with free()
 *  \return FB_ERROR_USAGE when a text is not UTF-8, which YAML cannot hold */
fb_status fb_config_writer_text(const char *section, const fb_option_table *table, char **out,
                                fb_error *error) FB_MUST_USE;

#endif
