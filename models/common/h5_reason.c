/* Why HDF5 failed. It keeps the reason until its next function is called, if only to close something, so it is copied
 * at the moment of the failure. */
#include <stdio.h>
#include <string.h>

#include "models/common/h5_internal.h"

static _Thread_local fb_h5_reason last;

/* The operating system's text, if the entry has one: "file write failed: time = ..., errno = 28, error message = 'No
 * space left on device', buf = ..." holds addresses and times that are of no use to people. */
static void copy_reason(const char *entry, fb_h5_reason *reason)
{
    static const char number[] = "errno = ", message[] = "error message = '";
    const char *at = strstr(entry, number);
    const char *text = strstr(entry, message);
    reason->error_number = 0;
    if (at != NULL && text != NULL && sscanf(at, "errno = %d", &reason->error_number) == 1) {
        text += strlen(message);
        snprintf(reason->text, sizeof reason->text, "%.*s", (int)strcspn(text, "'"), text);
        return;
    }
    snprintf(reason->text, sizeof reason->text, "%s", entry);
}

/* The innermost entry that says anything is the reason. */
static herr_t keep_entry(unsigned depth, const H5E_error2_t *entry, void *context)
{
    (void)depth;
    fb_h5_reason *reason = context;
    if (entry->desc != NULL && entry->desc[0] != '\0') {
        copy_reason(entry->desc, reason);
    }
    reason->is_lock |= entry->desc != NULL && strstr(entry->desc, "unable to lock") != NULL;
    reason->is_memory |= entry->maj_num == H5E_RESOURCE && entry->min_num == H5E_NOSPACE;
    return 0;
}

static herr_t keep_stack(hid_t stack, void *context)
{
    (void)context;
    last = (fb_h5_reason){.is_given = true};
    H5Ewalk2(stack, H5E_WALK_DOWNWARD, keep_entry, &last);
    return 0;
}

void fb_h5_reason_watch(void)
{
    H5Eset_auto2(H5E_DEFAULT, keep_stack, NULL);
}

fb_h5_reason fb_h5_reason_take(void)
{
    fb_h5_reason reason = last;
    last = (fb_h5_reason){0};
    if (reason.text[0] == '\0') {
        snprintf(reason.text, sizeof reason.text, "HDF5 gives no reason");
    }
    return reason;
}

fb_status fb_h5_reason_status(const fb_h5_reason *reason, fb_status otherwise)
{
    return reason->is_memory ? FB_ERROR_MEMORY : reason->error_number != 0 ? FB_ERROR_FILE : otherwise;
}
