/** \file config_document.h
 * A YAML file as it stands on disk: whether it is YAML at all, and in which line a key is. libyaml knows both; what the
 * keys mean is config.h's business.
 */
#ifndef FB_BASELINE_CONFIG_CONFIG_DOCUMENT_H
#define FB_BASELINE_CONFIG_CONFIG_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "models/common/status.h"

/** Bytes of a configuration, at most: a limit on what a wrong file can cost. */
enum { FB_CONFIG_MAX_BYTES = 65536 };

typedef struct fb_config_document fb_config_document;

/** Reads a file. FB_ERROR_FILE: it cannot be read; else as fb_config_document_parse. */
FB_API fb_status fb_config_document_read(const char *path, fb_config_document **out, fb_error *error) FB_MUST_USE;

/** Parses a copy of `text`; `name` stands before the line in messages. FB_ERROR_DATA names the line and what is wrong:
 * no YAML, more than one document, no mapping, a key given twice or without a value, nested more deeply than sections,
 * keys and lists ask for, more than FB_CONFIG_MAX_BYTES. Release with fb_config_document_free. */
FB_API fb_status fb_config_document_parse(const char *text, size_t n_bytes, const char *name, fb_config_document **out,
                                          fb_error *error) FB_MUST_USE;

/** Whether there is nothing but comments in it. */
FB_API bool fb_config_document_is_empty(const fb_config_document *document);

/** The bytes, owned by the document, with a zero byte behind them, and their number. */
FB_API const char *fb_config_document_bytes(const fb_config_document *document, size_t *n_bytes);

/** The line, from 1, where `key` of `section` stands, or a section itself if `section` is NULL; 0 if it is not there.
 * '_' and '-' are the same. */
FB_API size_t fb_config_document_line(const fb_config_document *document, const char *section, const char *key);

/** NULL is fine. */
FB_API void fb_config_document_free(fb_config_document *document);

/** Whether two keys are the same: '_' may stand for '-'. */
FB_API bool fb_config_document_same_key(const char *a, const char *b);

#endif
