#include "tests/support/official_table.h"

static void place(const fb_events *block, const uint32_t *position, fb_events *table)
{
    for (size_t i = 0; i < block->n; i++) {
        for (int k = 0; k < FB_N_PRIMARY; k++) {
            table->column[k][position[i]] = block->column[k][i];
        }
        table->weight[position[i]] = block->weight[i];
        table->process[position[i]] = block->process[i];
    }
}

fb_status fb_official_table_events(const fb_official_pool *pool, const fb_official_draw *draw, fb_events **out,
                                   fb_error *error)
{
    fb_source *source = NULL;
    fb_events *block = NULL, *table = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_official_sample_stream(pool, draw, &source, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &block, error));
    FB_TRY(fb_events_create(draw->n, &table, error));
    table->n = draw->n;
    table->has_weights = table->has_processes = false;
    do {
        FB_TRY(fb_source_read(source, block, error));
        place(block, draw->position + block->first_row, table);
    } while (block->n > 0);
    *out = table;
    table = NULL;
cleanup:
    fb_source_free(source);
    fb_events_free(block);
    fb_events_free(table);
    return status;
}

fb_status fb_official_table_noise(const fb_official_draw *draw, fb_noise_table *table, fb_noise *noise, fb_error *error)
{
    fb_status status = fb_noise_table_reserve(table, draw->n, error);
    if (status == FB_OK) {
        fb_noise_init_table(noise, table, NULL, draw->n);
    }
    return status;
}
