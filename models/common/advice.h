/** \file advice.h
 * Commands of other programs in messages, which can be copied into a shell as they stand, whatever the names in them.
 */
#ifndef FB_MODELS_COMMON_ADVICE_H
#define FB_MODELS_COMMON_ADVICE_H

#include "models/common/status.h"

enum { FB_ADVICE_SIZE = FB_ERROR_TEXT_SIZE };

/** The command of Python alone, from "python3" on. */
void fb_advice_python_command(const char *program, const char *path, const char *name, char text[FB_ADVICE_SIZE]);

/** FB_ERROR_DATA: "<path>: <what>; convert it: python3 -c "import sys, <program>" '<path>' '<name>'".
 *  \param program  without double quotes; it finds the names in sys.argv[1] and [2]
 *  \param name     in the file; NULL: none */
fb_status fb_advice_python(fb_error *error, const char *what, const char *program, const char *path,
                           const char *name) FB_MUST_USE;

/** A command of DuckDB that writes converted.parquet from a Parquet file.
 *  \param select  what is selected, ready to stand between double quotes of a shell */
void fb_advice_duckdb(const char *select, const char *path, char text[FB_ADVICE_SIZE]);

/** The name of a column, in quotes, as it stands in `select`. */
void fb_advice_duckdb_column(const char *name, char text[FB_ADVICE_SIZE]);

#endif
