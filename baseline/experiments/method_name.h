/** \file method_name.h
 * The name of a method. It is a folder in a leaderboard and a file in a folder of analyses, so it is checked here,
 * wherever it comes from, before anything is made under it.
 */
#ifndef FB_BASELINE_EXPERIMENTS_METHOD_NAME_H
#define FB_BASELINE_EXPERIMENTS_METHOD_NAME_H

#include "models/common/status.h"

enum { FB_METHOD_NAME_SIZE = 64 };

/** Makes a name of the path of a method's file: without its folder and its extension.
 *  \param path  that ends with `.` and an extension in its last part
 *  \return FB_ERROR_USAGE, with the path, when the name is not 1 to 63 printable ASCII characters, begins with a dot,
 *          or is that of a file that a leaderboard writes itself */
fb_status fb_method_name_of(const char *path, char name[FB_METHOD_NAME_SIZE], fb_error *error) FB_MUST_USE;

/** Whether a name, read from a file of results, is one; errors as of fb_method_name_of. */
fb_status fb_method_name_check(const char *name, fb_error *error) FB_MUST_USE;

/** The name before a plug-in or a command, "NAME=COMMAND": letters, digits, '_', '-' and dots. A command that begins
 * with a variable of the environment has `env` before it.
 *  \param method  gets the rest, in `text`
 *  \param name    gets the name; "" where there is no '=', or only behind a blank or a quote
 *  \return FB_ERROR_USAGE, with the text, when what is before '=' is no name, as of fb_method_name_of, or has other
 *          characters */
fb_status fb_method_name_before(const char *text, const char **method, char name[FB_METHOD_NAME_SIZE],
                                fb_error *error) FB_MUST_USE;

#endif
