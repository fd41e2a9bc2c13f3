#include "holdout/events/column.h"

static const struct {
    const char *name, *unit, *description;
} columns[FB_N_FEATURES] = {
#define FB_COLUMN_ROW(symbol, name, unit, description) [symbol] = {name, unit, description},
    FB_PRIMARY_LIST(FB_COLUMN_ROW) FB_DERIVED_LIST(FB_COLUMN_ROW)
#undef FB_COLUMN_ROW
};

const char *fb_column_name(int which)
{
    return columns[which].name;
}

const char *fb_column_unit(int which)
{
    return columns[which].unit;
}

const char *fb_column_description(int which)
{
    return columns[which].description;
}
