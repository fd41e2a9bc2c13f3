#include "baseline/team.h"

#include <stdlib.h>
#include <string.h>

#include "models/ground/memory.h"

bool fb_team_is_first(const fb_team *team)
{
    return team == NULL || team->rank == 0;
}

int fb_team_size(const fb_team *team)
{
    return team != NULL ? team->size : 1;
}

fb_status fb_team_agree(const fb_team *team, fb_status mine, fb_error *error)
{
    return team != NULL ? team->agree(team->context, mine, error) : mine;
}

fb_status fb_team_check_same(const fb_team *team, const char *what, const char *text, fb_error *error)
{
    char *first = NULL;
    fb_status status = FB_OK;
    if (team == NULL) {
        return FB_OK;
    }
    size_t size = strlen(text) + 1;
    team->share(team->context, &size, sizeof size);
    FB_TRY(fb_team_agree(team, fb_allocate(size, 1, &first, error), error));
    if (team->rank == 0) {
        memcpy(first, text, size);
    }
    team->share(team->context, first, size);
    if (strcmp(first, text) != 0) {
        status = fb_fail(error, FB_ERROR_USAGE, "rank %d has another %s than rank 0: '%.300s' and not '%.300s'",
                         team->rank, what, text, first);
    }
    FB_TRY(fb_team_agree(team, status, error));
cleanup:
    free(first);
    return status;
}
