#include "models/common/output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/common/file_lock.h"
#include "models/common/leftovers.h"
#include "models/common/memory.h"

struct fb_output {
    FILE *stream;
    char *path;
    char *temporary;
};

fb_status fb_output_temporary_name(const char *path, char **out, fb_error *error)
{
    struct stat facts;
    *out = NULL;
    /* Renaming would replace a link, a device or a pipe itself, not what it stands for. */
    bool is_there = lstat(path, &facts) == 0;
    if (path[0] == '\0') {
        return fb_fail(error, FB_ERROR_FILE, "'': cannot be written: it is an empty name");
    }
    if (is_there && !S_ISREG(facts.st_mode)) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: it is %s", path,
                       S_ISDIR(facts.st_mode) ? "a folder" : "not an ordinary file");
    }
    fb_leftovers_remove_files(path);
    size_t size = strlen(path) + 32;
    fb_status status = fb_memory_allocate(size, 1, out, error);
    if (status == FB_OK) {
        snprintf(*out, size, "%s.tmp%ld", path, (long)getpid());
    }
    return status;
}

fb_status fb_output_check_distinct(const char *input, const char *output, fb_error *error)
{
    struct stat in, out;
    if (stat(input, &in) == 0 && stat(output, &out) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
        return fb_fail(error, FB_ERROR_USAGE, "%s: is the input and would be replaced; write to another file", output);
    }
    return FB_OK;
}

fb_status fb_output_rename(const char *temporary, const char *path, fb_error *error)
{
    if (rename(temporary, path) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: %s", path, strerror(errno));
    }
    return FB_OK;
}

fb_status fb_output_create(const char *path, fb_output **out, fb_error *error)
{
    fb_output *output = NULL;
    fb_status status = FB_OK;
    *out = NULL;
    FB_TRY(fb_memory_allocate(1, sizeof *output, &output, error));
    FB_TRY(fb_output_temporary_name(path, &output->temporary, error));
    output->path = strdup(path);
    output->stream = fopen(output->temporary, "w");
    if (output->path == NULL || output->stream == NULL) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: %s", path, strerror(errno));
        goto cleanup;
    }
    /* Says that the file is in use (leftovers.h); one that is not to be had changes nothing. */
    fb_file_lock_try(fileno(output->stream));
    *out = output;
    output = NULL;
cleanup:
    fb_output_free(output);
    return status;
}

fb_status fb_output_check_writable(const char *path, fb_error *error)
{
    fb_output *probe = NULL;
    const fb_status status = fb_output_create(path, &probe, error);
    fb_output_free(probe);
    return status;
}

FILE *fb_output_stream(fb_output *output)
{
    return output->stream;
}

const char *fb_output_path(const fb_output *output)
{
    return output->path;
}

fb_status fb_output_commit(fb_output *output, fb_error *error)
{
    int failed = ferror(output->stream);
    failed |= fflush(output->stream) != 0;
    failed |= fsync(fileno(output->stream)) != 0;
    int reason = errno;
    failed |= fclose(output->stream) != 0;
    output->stream = NULL;
    if (failed) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be written: %s", output->path,
                       strerror(reason != 0 ? reason : EIO));
    }
    fb_status status = fb_output_rename(output->temporary, output->path, error);
    if (status == FB_OK) {
        free(output->temporary);
        output->temporary = NULL;
    }
    return status;
}

void fb_output_free(fb_output *output)
{
    if (output == NULL) {
        return;
    }
    if (output->stream != NULL) {
        fclose(output->stream);
    }
    if (output->temporary != NULL) {
        unlink(output->temporary);
    }
    free(output->temporary);
    free(output->path);
    free(output);
}

/* Opens the file and fills it; on its way to the disk, but not yet under its name. */
static fb_status create_text(const char *path, const char *text, fb_output **out, fb_error *error)
{
    fb_status status = fb_output_create(path, out, error);
    if (status == FB_OK && (fputs(text, (*out)->stream) == EOF || fflush((*out)->stream) != 0)) {
        status = fb_fail(error, FB_ERROR_FILE, "%s: cannot be written", path);
    }
    return status;
}

fb_status fb_output_write_pair(const char *path, const char *text, const char *other_path, const char *other_text,
                               fb_error *error)
{
    fb_output *output = NULL, *other = NULL;
    fb_status status = FB_OK;
    FB_TRY(create_text(path, text, &output, error));
    FB_TRY(create_text(other_path, other_text, &other, error));
    FB_TRY(fb_output_commit(other, error));
    FB_TRY(fb_output_commit(output, error));
cleanup:
    fb_output_free(output);
    fb_output_free(other);
    return status;
}
