/* Elementary functions for any machine. */
#define FB_ELEMENTARY fb_elementary_plain
#define FB_ELEMENTARY_NAME "plain"
#include "holdout/elementary_internal.h"
