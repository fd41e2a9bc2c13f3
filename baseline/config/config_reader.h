/** \file config_reader.h
 * A YAML file as a tree of texts, lists and sections, each with the line and the column where it stands. What the keys
 * mean is config.h's business.
 */
#ifndef FB_BASELINE_CONFIG_CONFIG_READER_H
#define FB_BASELINE_CONFIG_CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

/** Limits on what a wrong file can cost. A value that an alias stands for counts each time: a few lines of aliases to
 * aliases can mean billions. */
enum {
    FB_CONFIG_MAX_BYTES = 65536,
    FB_CONFIG_MAX_VALUES = 4096,
    FB_CONFIG_MAX_DEPTH = 3 ///< of a value: the file, its sections, their values, the items of these
};

typedef enum fb_config_kind { FB_CONFIG_TEXT, FB_CONFIG_LIST, FB_CONFIG_SECTION } fb_config_kind;

/** A text, a list, or a section of keys, which are texts, and their values. */
typedef struct fb_config_node {
    fb_config_kind kind;
    const char *text;    ///< of a text, without zero bytes; else NULL. Owned by the reader
    int n;               ///< children: items of a list; twice the keys of a section, each before its value
    size_t line, column; ///< from 1; of what an alias stands for, where that is written
    const void *yaml;
} fb_config_node;

typedef struct fb_config_reader fb_config_reader;

/** Reads a file. FB_ERROR_FILE: it cannot be read; else as fb_config_reader_parse. */
fb_status fb_config_reader_open(const char *path, fb_config_reader **out, fb_error *error) FB_MUST_USE;

/** Parses a copy of `text`; `name` stands for it in messages. FB_ERROR_DATA names line and column and what is wrong: no
 * YAML, more than one document, a key given twice ('_' and '-' are the same) or without a value, one that is no text,
 * more than the limits. Release with fb_config_reader_free. */
fb_status fb_config_reader_parse(const char *text, size_t n_bytes, const char *name, fb_config_reader **out,
                                 fb_error *error) FB_MUST_USE;

/** NULL is fine. */
void fb_config_reader_free(fb_config_reader *reader);

/** The whole file; false if there is nothing but comments in it. */
bool fb_config_reader_root(const fb_config_reader *reader, fb_config_node *root);

/** Child k = 0 .. n - 1 of a list or section. */
fb_config_node fb_config_reader_child(const fb_config_reader *reader, const fb_config_node *node, int k);

/** The bytes, owned by the reader, with a zero byte behind them. */
const char *fb_config_reader_bytes(const fb_config_reader *reader);

/** Puts the place of a node before the text of an error, "NAME: line 3, column 9: "; returns `status`. */
fb_status fb_config_reader_locate(const fb_config_reader *reader, const fb_config_node *node, fb_status status,
                                  fb_error *error);

#endif
