/* How fast a file of events is read: rows per second, beside reading its bytes without looking at them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "holdout/events/source.h"
#include "holdout/formats/event_file.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double read_bytes(const char *path, double *mb)
{
    enum { PIECE = 1 << 20 };
    char *piece = malloc(PIECE);
    int file = open(path, O_RDONLY);
    ssize_t n = 0;
    double begin = now();
    *mb = 0.0;
    while (piece != NULL && file >= 0 && (n = read(file, piece, PIECE)) > 0) {
        *mb += 1e-6 * (double)n;
    }
    double seconds = now() - begin;
    close(file);
    free(piece);
    return seconds;
}

static fb_status read_rows(const char *path, double *seconds, double *n_rows, fb_error *error)
{
    fb_source *source = NULL;
    fb_events *block = NULL;
    fb_status status = FB_OK;
    double begin = now();
    *n_rows = 0.0;
    FB_TRY(fb_event_file_open(path, &source, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    do {
        FB_TRY(fb_source_read(source, block, error));
        *n_rows += (double)block->n;
    } while (block->n > 0);
    *seconds = now() - begin;
cleanup:
    fb_events_free(block);
    fb_source_free(source);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    for (int round = 0; round < 5; round++) {
        fb_error error = {0};
        double mb = 0.0, seconds = 0.0, n_rows = 0.0;
        double plain = read_bytes(argv[1], &mb);
        if (read_rows(argv[1], &seconds, &n_rows, &error) != FB_OK) {
            fprintf(stderr, "%s\n", error.text);
            return 1;
        }
        printf("%.0f rows, %.1f MB: %.3f s, %.1f million rows/s, %.0f MB/s; read() alone %.3f s, ratio %.1f\n", n_rows,
               mb, seconds, 1e-6 * n_rows / seconds, mb / seconds, plain, seconds / plain);
    }
    return 0;
}
