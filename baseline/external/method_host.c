#include "baseline/external/method_host.h"

#include <inttypes.h>
#include <stdio.h>

#include "models/common/text.h"

fb_status fb_method_host_start(const fb_method_host *host, int table, fb_subprocess *child, fb_error *error)
{
    enum { MOST = 24 };
    char threads[24], seed[24], shares[FB_N_PARTS * FB_NUMBER_SIZE];
    const bool is_library = host->library != NULL;
    fb_text_of_doubles(FB_N_PARTS, host->split.share, shares, sizeof shares);
    snprintf(threads, sizeof threads, "%" PRIu64, host->threads);
    snprintf(seed, sizeof seed, "%" PRIu64, host->split.seed);
    const char *argv[MOST] = {"fair-baseline",
                              "plugin-host",
                              "--threads",
                              threads,
                              "--split",
                              shares,
                              "--split-rule",
                              fb_split_rule_names[host->split.rule],
                              "--split-seed",
                              seed,
                              "--metadata",
                              host->metadata != NULL ? host->metadata : "",
                              is_library ? "--" : "--command",
                              is_library ? host->library : host->command};
    int n = 14;
    if (!is_library) {
        argv[n++] = "--";
    }
    argv[n] = host->events; /* or NULL, the end */
    return fb_subprocess_start(child, NULL, argv, table, error);
}
