#include "holdout/events/process.h"

#include <string.h>

const double fb_process_expected[FB_N_PROCESS] = {
    [FB_HTAUTAU] = 1015.0, [FB_ZTAUTAU] = 1002395.0, [FB_TTBAR] = 44192.0, [FB_DIBOSON] = 3783.0};

static const char *const process_names[FB_N_PROCESS] = {
    [FB_HTAUTAU] = "htautau", [FB_ZTAUTAU] = "ztautau", [FB_TTBAR] = "ttbar", [FB_DIBOSON] = "diboson"};

const char *fb_process_name(int process)
{
    return process >= 0 && process < FB_N_PROCESS ? process_names[process] : "unknown";
}

int fb_process_find(const char *name)
{
    for (int k = 0; k < FB_N_PROCESS; k++) {
        if (strcmp(name, process_names[k]) == 0) {
            return k;
        }
    }
    return -1;
}

int fb_process_label(int process)
{
    return process == FB_HTAUTAU;
}
