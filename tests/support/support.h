/** \file support.h
 * What the test programs share.
 */
#ifndef FB_TESTS_SUPPORT_SUPPORT_H
#define FB_TESTS_SUPPORT_SUPPORT_H

#include <check.h>
#include <stddef.h>

#include "holdout/events/events.h"
#include "holdout/pipeline/split.h"
#include "models/common/status.h"

/** Runs one suite and gives the exit code of the test program. A suite without tests is a failure. */
int fb_run_suite(Suite *suite);

/** Ends the test program as skipped (77), or as failed when the environment variable FB_NO_SKIP is set (CI sets it). */
void fb_skip(const char *why) __attribute__((noreturn));

/** The value of an environment variable that names an optional file or folder, or NULL. */
const char *fb_optional_path(const char *variable);

/** `n` simulated raw events with weights and processes; release with fb_events_free. */
fb_events *fb_simulated_events(size_t n, uint64_t seed);

/** A split that is not measured, with seed 1; `shares` as fb_split_parse_shares reads them, NULL: the default. */
fb_split fb_split_by(fb_split_rule rule, const char *shares);

/** Primaries, weights and processes must be the same to the last bit. */
void fb_assert_same_events(const fb_events *a, const fb_events *b);

/** The whole file, with a zero byte behind its `n` bytes; release with free(). */
char *fb_bytes_of(const char *path, size_t *n);

/** Fails the test with the error's text unless `call` succeeded. The caller has a local `fb_error error`. */
#define FB_ASSERT_OK(call)                                                                                             \
    do {                                                                                                               \
        fb_status assert_status = (call);                                                                              \
        ck_assert_msg(assert_status == FB_OK, "%s: %s: %s", #call, fb_status_text(assert_status), error.text);         \
    } while (0)

/** |a - b| <= tolerance, and neither is NaN. */
#define FB_ASSERT_NEAR(a, b, tolerance)                                                                                \
    do {                                                                                                               \
        double near_a = (a);                                                                                           \
        double near_b = (b);                                                                                           \
        double near_d = near_a > near_b ? near_a - near_b : near_b - near_a;                                           \
        ck_assert_msg(near_d <= (tolerance), "%s = %.17g but %s = %.17g: differ by %.3g > %.3g", #a, near_a, #b,       \
                      near_b, near_d, (double)(tolerance));                                                            \
    } while (0)

#endif
