#include "baseline/external/plugin_data.h"

#include <stdio.h>
#include <stdlib.h>

#include "holdout/formats/event_file.h"
#include "holdout/pipeline/pack.h"
#include "holdout/pipeline/pipeline.h"
#include "models/common/memory.h"

/* The public header stands alone, so what it says again must be the same. */
_Static_assert((int)FB_PLUGIN_N_FEATURES == (int)FB_N_FEATURES && (int)FB_PLUGIN_DER_MASS_VIS == (int)FB_DER_MASS_VIS &&
                   (int)FB_PLUGIN_DER_LEP_ETA_CENTRALITY == (int)FB_DER_LEP_ETA_CENTRALITY &&
                   (int)FB_PLUGIN_PRI_MET_PHI == (int)FB_MET_PHI && (int)FB_PLUGIN_PRI_N_JETS == (int)FB_N_JETS,
               "the columns of plugin.h");
_Static_assert((int)FB_PLUGIN_N_PROCESSES == (int)FB_N_PROCESS && (int)FB_PLUGIN_HTAUTAU == (int)FB_HTAUTAU &&
                   (int)FB_PLUGIN_ZTAUTAU == (int)FB_ZTAUTAU && (int)FB_PLUGIN_TTBAR == (int)FB_TTBAR &&
                   (int)FB_PLUGIN_DIBOSON == (int)FB_DIBOSON,
               "the processes of plugin.h");
_Static_assert((int)FB_PLUGIN_TRAIN == (int)FB_TRAIN && (int)FB_PLUGIN_VALIDATION == (int)FB_VALIDATION &&
                   (int)FB_PLUGIN_HOLDOUT == (int)FB_HOLDOUT,
               "the parts of plugin.h");

typedef struct events {
    fb_plugin_data data; /* what the plug-in sees; its `self` is this */
    const char *path;
    fb_split split;
    fb_source *source;                              /* NULL before it is needed */
    float (*packed)[FB_BLOCK_ROWS * FB_N_FEATURES]; /* [FB_PIPELINE_SLOTS] likewise */
} events;

static fb_status open_events(events *s, fb_error *error)
{
    fb_status status = FB_OK;
    if (s->source != NULL) {
        return FB_OK;
    }
    if (s->packed == NULL) {
        FB_TRY(fb_memory_allocate(FB_PIPELINE_SLOTS, sizeof *s->packed, &s->packed, error));
    }
    FB_TRY(fb_event_file_open(s->path, &s->source, error));
    status = fb_split_measure(&s->split, s->source, NULL, error);
    if (status != FB_OK) {
        fb_source_free(s->source);
        s->source = NULL;
    }
cleanup:
    return status;
}

/* One reading of one part. */
typedef struct reading {
    events *events;
    fb_plugin_visit *visit;
    void *context;
    char *reason;
    int answer; /* of the visitor */
} reading;

static fb_status pack(void *context, int slot, fb_block *block, fb_error *error)
{
    const reading *r = context;
    (void)error;
    fb_pack(block, NULL, r->events->packed[slot]);
    return FB_OK;
}

static fb_status hand_over(void *context, int slot, fb_block *block, fb_error *error)
{
    reading *r = context;
    const fb_plugin_rows rows = {block->events->n, r->events->packed[slot], block->events->weight,
                                 block->events->process};
    r->answer = r->visit(r->context, &rows, r->reason);
    return r->answer == 0 ? FB_OK : fb_fail(error, FB_ERROR_DATA, "the plug-in does not want to read on");
}

/* In the order of fb_nuisance. */
static fb_status check(fb_plugin_part part, const fb_nuisances *nuisances, fb_error *error)
{
    if ((int)part < FB_TRAIN || (int)part > FB_HOLDOUT) {
        return fb_fail(error, FB_ERROR_DATA, "part %d of the events is not 0 (train), 1 (validation) or 2 (holdout)",
                       (int)part);
    }
    for (int k = 0; k < FB_N_NUISANCE; k++) {
        const fb_prior range = fb_nuisance_prior(FB_PRIORS_OFFICIAL, (fb_nuisance)k);
        if (!(nuisances->value[k] >= range.low && nuisances->value[k] <= range.high)) {
            return fb_fail(error, FB_ERROR_DATA, "%s %g is not from %g to %g",
                           fb_nuisance_describe((fb_nuisance)k)->name, nuisances->value[k], range.low, range.high);
        }
    }
    return FB_OK;
}

static fb_status run(reading *r, fb_plugin_part part, const fb_nuisances *nuisances, uint64_t seed, fb_error *error)
{
    fb_pipeline pipeline = fb_pipeline_default();
    fb_noise noise;
    fb_status status = FB_OK;
    FB_TRY(check(part, nuisances, error));
    FB_TRY(open_events(r->events, error));
    FB_TRY(fb_source_rewind(r->events->source, error));
    fb_noise_init_streams(&noise, seed);
    pipeline.split = &r->events->split;
    pipeline.part = (fb_part)part;
    pipeline.stages.nuisances = *nuisances;
    pipeline.stages.noise = &noise;
    pipeline.visit = pack;
    pipeline.collect = hand_over;
    pipeline.context = r;
    FB_TRY(fb_pipeline_run(&pipeline, r->events->source, error));
cleanup:
    return status;
}

static int read_at(const fb_plugin_data *data, fb_plugin_part part, const fb_plugin_nuisances *nuisances, uint64_t seed,
                   fb_plugin_visit *visit, void *context, char *reason)
{
    reading r = {.events = data->self, .visit = visit, .context = context, .reason = reason};
    const fb_nuisances at = {.value = {[FB_TES] = nuisances->tes,
                                       [FB_JES] = nuisances->jes,
                                       [FB_SOFT_MET] = nuisances->soft_met,
                                       [FB_TTBAR_SCALE] = nuisances->ttbar_scale,
                                       [FB_DIBOSON_SCALE] = nuisances->diboson_scale,
                                       [FB_BKG_SCALE] = nuisances->bkg_scale}};
    fb_error error = {0};
    if (run(&r, part, &at, seed, &error) == FB_OK) {
        return 0;
    }
    if (r.answer == 0 && reason != NULL) {
        snprintf(reason, FB_PLUGIN_REASON_SIZE, "%.*s", FB_PLUGIN_REASON_SIZE - 1, error.text);
    }
    return r.answer != 0 ? r.answer : -1;
}

static int read_nominal(const fb_plugin_data *data, fb_plugin_part part, fb_plugin_visit *visit, void *context,
                        char *reason)
{
    const fb_plugin_nuisances nominal = FB_PLUGIN_NOMINAL;
    return read_at(data, part, &nominal, 0, visit, context, reason);
}

fb_status fb_plugin_data_create(const char *path, const fb_split *split, fb_plugin_data **out, fb_error *error)
{
    events *s = NULL;
    fb_status status = fb_memory_allocate(1, sizeof *s, &s, error);
    *out = NULL;
    if (status == FB_OK) {
        *s = (events){.data = {.self = s, .read = read_nominal, .systematics = read_at}, .path = path, .split = *split};
        *out = &s->data;
    }
    return status;
}

void fb_plugin_data_free(fb_plugin_data *data)
{
    if (data != NULL) {
        events *s = data->self;
        free(s->packed);
        fb_source_free(s->source);
        free(s);
    }
}
