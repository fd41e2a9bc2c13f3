#include "holdout/templates/scorer.h"

#include <stdlib.h>

#include "holdout/pipeline/pack.h"
#include "models/common/memory.h"

fb_status fb_scorer_workspaces_create(int n, fb_scorer_workspace **out, fb_error *error)
{
    fb_scorer_workspace *workspaces = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate((size_t)n, sizeof *workspaces, &workspaces, error));
    for (int k = 0; k < n; k++) {
        FB_TRY(fb_memory_allocate((size_t)FB_BLOCK_ROWS * FB_MAX_INPUTS, sizeof(float), &workspaces[k].matrix, error));
        FB_TRY(fb_memory_allocate(FB_BLOCK_ROWS, sizeof(float), &workspaces[k].score, error));
    }
    *out = workspaces;
    workspaces = NULL;
cleanup:
    fb_scorer_workspaces_free(n, workspaces);
    return status;
}

void fb_scorer_workspaces_free(int n, fb_scorer_workspace *workspaces)
{
    for (int k = 0; k < n && workspaces != NULL; k++) {
        free(workspaces[k].matrix);
        free(workspaces[k].score);
    }
    free(workspaces);
}

fb_status fb_scorer_run(const fb_scorer *scorer, const fb_block *block, fb_scorer_workspace *workspace, fb_error *error)
{
    fb_pack(block, scorer->conditioning, workspace->matrix);
    return fb_classifier_score(scorer->classifier, block->events->n,
                               fb_conditioning_n_inputs(scorer->conditioning->which), workspace->matrix,
                               workspace->score, error);
}
