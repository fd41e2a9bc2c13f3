#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>

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
