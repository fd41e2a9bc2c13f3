#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More rows than a mutated seed can sensibly claim; an input with more is stopped, not waited for. */
enum { MAX_ROWS = 1 << 22, BLOCK_ROWS = 1000 };

fb_fuzz_counts fb_fuzz_counted;

static void demand(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "contradiction: %s\n", what);
        abort();
    }
}

/* All rows; the number of them, and whether that was all without an error. */
static int read_rows(fb_source *source, fb_events *block, uint64_t *n_rows)
{
    fb_error error = {0};
    *n_rows = 0;
    do {
        fb_status status = fb_source_read(source, block, &error);
        demand(status == FB_OK || error.text[0] != '\0', "an error without a text");
        if (status != FB_OK) {
            return 0;
        }
        demand(block->n <= block->capacity, "more rows than there is room for");
        demand(block->n == 0 || block->first_row == *n_rows, "rows that do not follow each other");
        *n_rows += block->n;
    } while (block->n > 0 && *n_rows < MAX_ROWS);
    return 1;
}

static void read_source(fb_source *source)
{
    fb_error error = {0};
    fb_events *block = NULL;
    uint64_t first = 0, second = 0, claimed = fb_source_describe(source)->n_rows;
    if (fb_events_create(BLOCK_ROWS, &block, &error) != FB_OK || fb_events_keep_derived(block, &error) != FB_OK) {
        fb_events_free(block);
        return;
    }
    int whole = read_rows(source, block, &first);
    fb_fuzz_counted.opened++;
    fb_fuzz_counted.whole += whole ? 1 : 0;
    demand(!whole || claimed == FB_ROWS_UNKNOWN || first == claimed || first >= MAX_ROWS, "rows that were promised");
    if (fb_source_rewind(source, &error) == FB_OK) {
        demand(read_rows(source, block, &second) == whole && first == second, "another number of rows after rewinding");
    }
    fb_events_free(block);
}

void fb_fuzz_read(fb_fuzz_open *open_source, const uint8_t *data, size_t size)
{
    /* In memory where there is such a folder; libhdf5 wants a name, so a memfd will not do. */
    char path[] = "/dev/shm/fair-baseline-fuzz.XXXXXX";
    char elsewhere[] = "/tmp/fair-baseline-fuzz.XXXXXX";
    char *name = path;
    fb_error error = {0};
    fb_source *source = NULL;
    int file = mkstemp(name);
    if (file < 0) {
        name = elsewhere;
        file = mkstemp(name);
    }
    if (file < 0 || (size > 0 && pwrite(file, data, size, 0) != (ssize_t)size)) {
        perror("fuzz: a file for the input");
        exit(1);
    }
    fb_status status = open_source(name, &source, &error);
    demand(status == FB_OK ? source != NULL : error.text[0] != '\0', "a status without its result");
    if (status == FB_OK) {
        read_source(source);
    }
    fb_source_free(source);
    close(file);
    unlink(name);
}
