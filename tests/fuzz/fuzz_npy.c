/* Headers of NumPy's own files. None is read: each is refused, with one line of text that a terminal can show. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "holdout/formats/formats_internal.h"
#include "tests/fuzz/fuzz.h"

static void demand(int condition, const char *what, const fb_error *error)
{
    if (!condition) {
        fprintf(stderr, "contradiction: %s (%s)\n", what, error->text);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    fb_error error = {0};
    snprintf(path, sizeof path, "fuzz_npy_%ld.npy", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
        return 0;
    }
    const fb_status status = fb_numpy_files_refuse(path, &error);
    unlink(path);
    demand(status == FB_ERROR_DATA, "not refused as data", &error);
    demand(error.text[0] != '\0', "an error without a text", &error);
    for (const char *c = error.text; *c != '\0'; c++) {
        demand((unsigned char)*c >= ' ' && *c != '\x7f', "a control character in an error", &error);
    }
    return 0;
}
