/* A trained dense net as bytes. */
#ifndef FB_MODELS_DENSE_DENSE_FILE_INTERNAL_H
#define FB_MODELS_DENSE_DENSE_FILE_INTERNAL_H

#include "models/dense/dense_trained_internal.h"

/* As bytes, little-endian whatever the machine, and back; `*bytes` is released with free(). FB_ERROR_DATA when lengths
 * or numbers make no sense. */
fb_status fb_dense_file_write(const fb_dense_trained *trained, uint8_t **bytes, size_t *n_bytes,
                              fb_error *error) FB_MUST_USE;
fb_status fb_dense_file_read(const uint8_t *bytes, size_t n_bytes, fb_dense_trained **out, fb_error *error) FB_MUST_USE;

#endif
