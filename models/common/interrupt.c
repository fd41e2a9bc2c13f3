#include "models/common/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t requested;

void fb_interrupt_request(void)
{
    requested = 1;
}

fb_status fb_interrupt_check(fb_error *error)
{
    return requested ? fb_fail(error, FB_ERROR_INTERRUPTED, "interrupted") : FB_OK;
}
