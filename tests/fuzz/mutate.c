/* Drives a harness without libFuzzer: damages seed files in ways that depend only on the seed of the numbers.
 *
 *     fuzz_parquet SEED_FILE... [--runs N] [--seed S] [--first K]
 *
 * Run k of (S, files) always has the same input, so `--first k --runs 1` repeats the one that failed. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/common/random.h"
#include "tests/fuzz/fuzz.h"

typedef struct bytes {
    uint8_t *data; /* [capacity] */
    size_t n, capacity;
} bytes;

static size_t below(fb_random *random, size_t n)
{
    return n > 0 ? fb_random_u32(random) % n : 0;
}

/* Where lengths, counts and offsets are: half of the time near the end of the file, where footers are. */
static size_t position(fb_random *random, size_t n)
{
    size_t tail = n < 2048 ? n : 2048;
    return below(random, 2) == 0 ? below(random, n) : n - tail + below(random, tail);
}

static void change_bytes(fb_random *random, bytes *input)
{
    static const uint8_t odd[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe, 0x0f, 0xf0};
    size_t at = position(random, input->n);
    switch (below(random, 4)) {
    case 0:
        input->data[at] ^= (uint8_t)(1u << below(random, 8));
        break;
    case 1:
        input->data[at] = (uint8_t)fb_random_u32(random);
        break;
    case 2:
        input->data[at] = odd[below(random, sizeof odd)];
        break;
    default:
        for (size_t k = at, n = 1 + below(random, 8); k < at + n && k < input->n; k++) {
            input->data[k] = odd[below(random, sizeof odd)];
        }
    }
}

static void insert(bytes *input, size_t at, const uint8_t *what, size_t n)
{
    if (n <= input->capacity - input->n) {
        memmove(input->data + at + n, input->data + at, input->n - at);
        memmove(input->data + at, what, n);
        input->n += n;
    }
}

static void change_length(fb_random *random, bytes *input, const bytes *other)
{
    uint8_t some[16];
    size_t at = position(random, input->n), n = 1 + below(random, sizeof some);
    switch (below(random, 5)) {
    case 0: /* remove a few bytes */
        n = n < input->n - at ? n : input->n - at;
        memmove(input->data + at, input->data + at + n, input->n - at - n);
        input->n -= n;
        break;
    case 1:
        for (size_t k = 0; k < n; k++) {
            some[k] = (uint8_t)fb_random_u32(random);
        }
        insert(input, at, some, n);
        break;
    case 2: /* cut */
        input->n = at;
        break;
    default: { /* a piece of another file */
        size_t from = below(random, other->n), length = 1 + below(random, 64);
        length = length < other->n - from ? length : other->n - from;
        if (below(random, 2) == 0) {
            insert(input, at, other->data + from, length);
        } else {
            length = length < input->n - at ? length : input->n - at;
            memcpy(input->data + at, other->data + from, length);
        }
    }
    }
}

static void mutate(fb_random *random, bytes *input, const bytes *seeds, size_t n_seeds)
{
    const bytes *seed = &seeds[below(random, n_seeds)];
    memcpy(input->data, seed->data, seed->n);
    input->n = seed->n;
    for (size_t k = 1 + below(random, 6); k > 0 && input->n > 0; k--) {
        if (below(random, 8) == 0) {
            change_length(random, input, &seeds[below(random, n_seeds)]);
        } else {
            change_bytes(random, input);
        }
    }
}

static void load(const char *path, bytes *out)
{
    FILE *stream = fopen(path, "rb");
    long n = -1;
    if (stream == NULL || fseek(stream, 0, SEEK_END) != 0 || (n = ftell(stream)) <= 0) {
        fprintf(stderr, "%s: cannot be read, or is empty\n", path);
        exit(1);
    }
    rewind(stream);
    out->n = out->capacity = (size_t)n;
    out->data = malloc(out->n);
    if (out->data == NULL || fread(out->data, 1, out->n, stream) != out->n) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    fclose(stream);
}

/* The number of the run, with which it can be repeated: the sanitizers and abort() end the program their own way. */
static uint64_t current;

static void say_where(void)
{
    char text[64];
    int n = snprintf(text, sizeof text, "failed in run %llu\n", (unsigned long long)current);
    if (write(STDERR_FILENO, text, (size_t)n) < 0) {
        _exit(1);
    }
}

static void on_signal(int number)
{
    say_where();
    signal(number, SIG_DFL);
    raise(number);
}

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static uint64_t run_all(const bytes *seeds, size_t n_seeds, bytes *input, uint64_t seed, uint64_t first, uint64_t runs)
{
    for (current = first; current < first + runs; current++) {
        fb_random random = fb_random_at(seed, FB_STREAM_TOY, current);
        mutate(&random, input, seeds, n_seeds);
        /* A copy of exact size, so that a sanitizer sees the first byte too many. */
        uint8_t *exact = malloc(input->n > 0 ? input->n : 1);
        if (exact == NULL) {
            exit(1);
        }
        memcpy(exact, input->data, input->n);
        LLVMFuzzerTestOneInput(exact, input->n);
        free(exact);
    }
    return current - first;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"runs", required_argument, NULL, 'r'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"first", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    uint64_t runs = 1000, seed = 1, first = 0;
    for (int c = 0; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        uint64_t number = c == '?' ? 0 : strtoull(optarg, NULL, 10);
        switch (c) {
        case 'r':
            runs = number;
            break;
        case 's':
            seed = number;
            break;
        case 'f':
            first = number;
            break;
        default:
            return 2;
        }
    }
    size_t n_seeds = (size_t)(argc - optind), largest = 0;
    bytes *seeds = calloc(n_seeds + 1, sizeof *seeds);
    if (n_seeds == 0 || seeds == NULL) {
        fprintf(stderr, "usage: %s SEED_FILE... [--runs N] [--seed S] [--first K]\n", argv[0]);
        return 2;
    }
    for (size_t k = 0; k < n_seeds; k++) {
        load(argv[optind + (int)k], &seeds[k]);
        LLVMFuzzerTestOneInput(seeds[k].data, seeds[k].n);
        largest = seeds[k].n > largest ? seeds[k].n : largest;
    }
    bytes input = {.capacity = 2 * largest + 1024};
    input.data = malloc(input.capacity);
    if (input.data == NULL) {
        return 1;
    }
    signal(SIGABRT, on_signal);
    signal(SIGSEGV, on_signal);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(say_where);
    }
    fb_fuzz_counted = (fb_fuzz_counts){0};
    uint64_t done = run_all(seeds, n_seeds, &input, seed, first, runs);
    printf("%llu inputs from %zu files: %llu opened, %llu read to the end\n", (unsigned long long)done, n_seeds,
           (unsigned long long)fb_fuzz_counted.opened, (unsigned long long)fb_fuzz_counted.whole);
    for (size_t k = 0; k < n_seeds; k++) {
        free(seeds[k].data);
    }
    free(seeds);
    free(input.data);
    return 0;
}
