#include "holdout/formats/formats_internal.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fb_fuzz_read(fb_events_parquet_open, data, size);
    return 0;
}
