#include "holdout/pipeline/stages.h"

fb_stages fb_stages_default(void)
{
    return (fb_stages){.distort = true, .select = true, .nuisances = fb_nuisance_nominal()};
}

void fb_stages_run(const fb_stages *stages, fb_block *block)
{
    fb_stage_timer timer = fb_stage_timer_start(stages->times);
    if (stages->distort) {
        if (stages->nuisances.value[FB_SOFT_MET] > 0.0 && stages->noise->kind != FB_NOISE_SEQUENCE) {
            fb_block_fill_noise(block, stages->noise);
        }
        fb_distort(block, &stages->nuisances);
        fb_reweight(block, &stages->nuisances);
    }
    fb_stage_timer_stop(&timer, FB_STAGE_DISTORT);
    if (stages->select) {
        fb_select(block);
    }
    fb_stage_timer_stop(&timer, FB_STAGE_SELECT);
    fb_derive(block);
    fb_stage_timer_stop(&timer, FB_STAGE_DERIVE);
}
