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

/** Takes a name as it was given; errors as of fb_method_name_of. */
fb_status fb_method_name_check(const char *given, char name[FB_METHOD_NAME_SIZE], fb_error *error) FB_MUST_USE;

/** The name before a command, "NAME=COMMAND": letters, digits, '_', '-' and dots, with nothing but '=' behind them. A
 * command that begins with a variable of the environment has `env` before it.
 *  \param name  gets it; "" where there is none
 *  \return the command, in `text` */
const char *fb_method_name_before(const char *text, char name[FB_METHOD_NAME_SIZE]);

#endif
