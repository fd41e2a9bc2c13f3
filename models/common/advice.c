#include "models/common/advice.h"

#include <stdio.h>
#include <string.h>

#include "models/common/text.h"

/* A word of a shell. */
static void append_word(char text[FB_ADVICE_SIZE], const char *word)
{
    fb_text_append(text, FB_ADVICE_SIZE, "", "'");
    for (; *word != '\0'; word++) {
        fb_text_append(text, FB_ADVICE_SIZE, "", *word == '\'' ? "'\\''" : "%c", *word);
    }
    fb_text_append(text, FB_ADVICE_SIZE, "", "'");
}

/* A name in SQL, between `quote`s that are doubled in it, and within double quotes of a shell. */
static void append_name(char text[FB_ADVICE_SIZE], const char *name, char quote)
{
    const char *mark = quote == '"' ? "\\\"" : "'";
    fb_text_append(text, FB_ADVICE_SIZE, "", "%s", mark);
    for (; *name != '\0'; name++) {
        if (*name == quote) {
            fb_text_append(text, FB_ADVICE_SIZE, "", "%s%s", mark, mark);
        } else {
            fb_text_append(text, FB_ADVICE_SIZE, "", strchr("\"$`\\", *name) != NULL ? "\\%c" : "%c", *name);
        }
    }
    fb_text_append(text, FB_ADVICE_SIZE, "", "%s", mark);
}

void fb_advice_duckdb_column(const char *name, char text[FB_ADVICE_SIZE])
{
    text[0] = '\0';
    append_name(text, name, '"');
}

void fb_advice_duckdb(const char *select, const char *path, char text[FB_ADVICE_SIZE])
{
    snprintf(text, FB_ADVICE_SIZE, "duckdb -c \"COPY (SELECT %s FROM ", select);
    append_name(text, path, '\'');
    fb_text_append(text, FB_ADVICE_SIZE, "", ") TO 'converted.parquet' (FORMAT parquet, COMPRESSION snappy)\"");
}

void fb_advice_python_command(const char *program, const char *path, const char *name, char text[FB_ADVICE_SIZE])
{
    snprintf(text, FB_ADVICE_SIZE, "python3 -c \"import sys, %s\" ", program);
    append_word(text, path);
    if (name != NULL) {
        fb_text_append(text, FB_ADVICE_SIZE, "", " ");
        append_word(text, name);
    }
}

fb_status fb_advice_python(fb_error *error, const char *what, const char *program, const char *path, const char *name)
{
    char command[FB_ADVICE_SIZE];
    fb_advice_python_command(program, path, name, command);
    return fb_fail(error, FB_ERROR_DATA, "%s: %s; convert it: %s", path, what, command);
}
