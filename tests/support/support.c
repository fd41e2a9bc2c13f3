#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdout/simulation/simulation.h"

int fb_run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    /* One process: sanitizers, OpenMP and HDF5 do not like forks. */
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int n_run = srunner_ntests_run(runner);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    if (n_run == 0) {
        fprintf(stderr, "the suite has no tests\n");
        return EXIT_FAILURE;
    }
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

void fb_skip(const char *why)
{
    fprintf(stderr, "skipped: %s\n", why);
    exit(getenv("FB_NO_SKIP") != NULL ? EXIT_FAILURE : 77);
}

const char *fb_optional_path(const char *variable)
{
    const char *path = getenv(variable);
    return path != NULL && path[0] != '\0' ? path : NULL;
}

fb_events *fb_simulated_events(size_t n, uint64_t seed)
{
    fb_error error = {0};
    fb_source *source = NULL;
    fb_events *events = NULL;
    fb_simulation simulation = fb_simulation_default();
    simulation.n_events = n;
    simulation.seed = seed;
    FB_ASSERT_OK(fb_simulation_source(&simulation, &source, &error));
    FB_ASSERT_OK(fb_events_create(n, &events, &error));
    FB_ASSERT_OK(fb_source_read(source, events, &error));
    fb_source_free(source);
    return events;
}

void fb_assert_same_events(const fb_events *a, const fb_events *b)
{
    ck_assert_uint_eq(a->n, b->n);
    for (int k = 0; k < FB_N_PRIMARY; k++) {
        ck_assert_msg(memcmp(a->column[k], b->column[k], a->n * sizeof(float)) == 0, "%s differs", fb_column_name(k));
    }
    ck_assert_msg(memcmp(a->weight, b->weight, a->n * sizeof(float)) == 0, "weights differ");
    ck_assert_msg(memcmp(a->process, b->process, a->n) == 0, "processes differ");
}

fb_split fb_split_by(fb_split_rule rule, const char *shares)
{
    fb_error error = {0};
    fb_split_settings settings = fb_split_default();
    settings.rule = rule;
    if (shares != NULL) {
        FB_ASSERT_OK(fb_split_parse_shares(shares, settings.share, &error));
    }
    return fb_split_of(&settings);
}

char *fb_bytes_of(const char *path, size_t *n)
{
    FILE *stream = fopen(path, "rb");
    ck_assert_msg(stream != NULL, "%s: cannot be opened", path);
    ck_assert_int_eq(fseek(stream, 0, SEEK_END), 0);
    *n = (size_t)ftell(stream);
    rewind(stream);
    char *bytes = malloc(*n + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, *n, stream), *n);
    bytes[*n] = '\0';
    fclose(stream);
    return bytes;
}
