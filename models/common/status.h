/** \file status.h
 * How every function of the library reports failure.
 *
 * A fallible function returns an fb_status, gives its results through pointers and, when the caller passed an
 * fb_error, leaves one line of text there: what was wrong, where (file, row, column), the value met and what is
 * allowed. The library never prints and never exits.
 *
 * Texts and files are the same in any locale: while a function runs its thread is in the locale C, and so are the
 * functions of the caller that it calls; afterwards the thread has its own locale again.
 */
#ifndef FB_MODELS_COMMON_STATUS_H
#define FB_MODELS_COMMON_STATUS_H

/* Headers that are installed can be used from C++. */
#ifdef __cplusplus
#define FB_BEGIN_DECLARATIONS extern "C" {
#define FB_END_DECLARATIONS }
#else
#define FB_BEGIN_DECLARATIONS
#define FB_END_DECLARATIONS
#endif

/** Marks the functions that the shared library exports; everything else is hidden. */
#define FB_API __attribute__((visibility("default")))
/** An ignored status is a compiler warning, and warnings are errors. */
#define FB_MUST_USE __attribute__((warn_unused_result))
#define FB_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))

/** One list makes the enumeration, the texts and the exit codes of the program: X(name, exit code, text). */
#define FB_STATUS_LIST(X)                                                                                              \
    X(FB_OK, 0, "ok")                                                                                                  \
    X(FB_ERROR_USAGE, 2, "wrong usage")                                                                                \
    X(FB_ERROR_DATA, 3, "bad input data")                                                                              \
    X(FB_ERROR_FILE, 3, "file cannot be read or written")                                                              \
    X(FB_ERROR_NOT_CONVERGED, 4, "fit not converged")                                                                  \
    X(FB_ERROR_REGRESSION, 5, "regression check failed")                                                               \
    X(FB_ERROR_MEMORY, 1, "out of memory")                                                                             \
    X(FB_ERROR_INTERRUPTED, 130, "interrupted")                                                                        \
    X(FB_ERROR_LIBRARY, 1, "an underlying library failed")

typedef enum fb_status {
#define FB_STATUS_ENUM(name, exit_code, text) name,
    FB_STATUS_LIST(FB_STATUS_ENUM)
#undef FB_STATUS_ENUM
} fb_status;

enum { FB_ERROR_TEXT_SIZE = 1024 };

/** Owned by the caller, who starts it as `fb_error error = {0};`. Longer texts are cut. */
typedef struct fb_error {
    fb_status status;
    char text[FB_ERROR_TEXT_SIZE];
} fb_error;

FB_BEGIN_DECLARATIONS

/** Short text of a status, for example "bad input data". Never NULL. */
FB_API const char *fb_status_text(fb_status status);

/** Exit code of the program for a status: 0 done, 2 usage, 3 data or file, 4 fit, 5 regression,
 *  130 interrupted, 1 anything else. */
FB_API int fb_status_exit_code(fb_status status);

/** Records `status` and a formatted text in `error` (may be NULL) and returns `status`. */
FB_API fb_status fb_fail(fb_error *error, fb_status status, const char *format, ...) FB_PRINTF(3, 4);

/** Puts a formatted text and ": " before the text already in `error`; returns its status. */
FB_API fb_status fb_fail_prefix(fb_error *error, fb_status status, const char *format, ...) FB_PRINTF(3, 4);

FB_END_DECLARATIONS

/** Inside a function with a local `status` and a label `cleanup`: leave through it unless `call` succeeded. */
#define FB_TRY(call)                                                                                                   \
    do {                                                                                                               \
        status = (call);                                                                                               \
        if (status != FB_OK) {                                                                                         \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

#endif
