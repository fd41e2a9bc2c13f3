#include "models/common/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

fb_status fb_memory_allocate(size_t count, size_t size, void *out, fb_error *error)
{
    void *memory = NULL;
    memcpy(out, &memory, sizeof memory);
    if (size != 0 && count > (SIZE_MAX - FB_ALIGNMENT) / size) {
        return fb_fail(error, FB_ERROR_MEMORY, "cannot allocate %zu elements of %zu bytes", count, size);
    }
    size_t bytes = (count * size + FB_ALIGNMENT - 1) / FB_ALIGNMENT * FB_ALIGNMENT;
    bytes = bytes == 0 ? FB_ALIGNMENT : bytes;
    memory = aligned_alloc(FB_ALIGNMENT, bytes);
    if (memory == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "cannot allocate %zu bytes", bytes);
    }
    memset(memory, 0, bytes);
    memcpy(out, &memory, sizeof memory);
    return FB_OK;
}

fb_status fb_memory_grow(void *array, size_t *capacity, size_t needed, size_t size, fb_error *error)
{
    if (needed <= *capacity) {
        return FB_OK;
    }
    size_t wanted = *capacity < 16 ? 16 : *capacity;
    while (wanted < needed) {
        wanted = wanted > SIZE_MAX / 2 ? needed : wanted * 2;
    }
    void *larger = NULL;
    void *old = NULL;
    fb_status status = fb_memory_allocate(wanted, size, &larger, error);
    if (status != FB_OK) {
        return status;
    }
    memcpy(&old, array, sizeof old);
    if (old != NULL) {
        memcpy(larger, old, *capacity * size);
        free(old);
    }
    memcpy(array, &larger, sizeof larger);
    *capacity = wanted;
    return FB_OK;
}
