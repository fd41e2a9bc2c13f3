#include "holdout/formats/csv_records_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/common/path.h"

/* A quote that is never closed would take the rest of the file for its field. */
enum { MOST_BYTES = 1 << 20 };

fb_status fb_csv_records_open(const char *path, fb_csv_records *records, fb_error *error)
{
    fb_status status = FB_OK;
    *records = (fb_csv_records){.path = strdup(path)};
    if (records->path == NULL) {
        return fb_fail(error, FB_ERROR_MEMORY, "%s: out of memory", path);
    }
    FB_TRY(fb_path_check_ordinary(path, error));
    records->stream = fopen(path, "r");
    if (records->stream == NULL) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
cleanup:
    return status;
}

void fb_csv_records_close(fb_csv_records *records)
{
    if (records->stream != NULL) {
        fclose(records->stream);
    }
    free(records->path);
    free(records->line);
    free(records->more);
    *records = (fb_csv_records){0};
}

/* The next line with its end; `*length` < 0 at the end of the file. */
static fb_status read_line(fb_csv_records *records, uint64_t row, char **line, size_t *capacity, ssize_t *length,
                           fb_error *error)
{
    errno = 0;
    *length = getline(line, capacity, records->stream);
    if (*length < 0) {
        return ferror(records->stream)
                   ? fb_fail(error, FB_ERROR_FILE, "%s: cannot be read: %s", records->path, strerror(errno))
               : errno == ENOMEM ? fb_fail(error, FB_ERROR_MEMORY, "%s: out of memory", records->path)
                                 : FB_OK;
    }
    if (memchr(*line, '\0', (size_t)*length) != NULL) {
        return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": holds a zero byte, so it is not text", records->path,
                       row);
    }
    records->is_unfinished = (*line)[*length - 1] != '\n';
    return FB_OK;
}

/* --- quotes ------------------------------------------------------------------------------------------------------- */

/* Where in a record one is: at the begin of a field, in one without quotes, in one with quotes, behind a quote in it. */
typedef enum place { BEGIN, PLAIN, QUOTED, QUOTE } place;

static place walk(const char *text, place at)
{
    for (; *text != '\0'; text++) {
        switch (at) {
        case QUOTED:
            at = *text == '"' ? QUOTE : QUOTED;
            break;
        case BEGIN:
        case QUOTE:
            at = *text == '"' ? QUOTED : *text == ',' ? BEGIN : PLAIN;
            break;
        default:
            at = *text == ',' ? BEGIN : PLAIN;
        }
    }
    return at;
}

/* Adds the lines that belong to the record because a quote is open at the end of the first. */
static fb_status join_lines(fb_csv_records *records, uint64_t row, ssize_t *length, fb_error *error)
{
    size_t n = (size_t)*length;
    for (place at = walk(records->line, BEGIN); at == QUOTED;) {
        ssize_t added = 0;
        fb_status status =
            n > MOST_BYTES ? FB_OK : read_line(records, row, &records->more, &records->more_capacity, &added, error);
        if (status != FB_OK) {
            return status;
        }
        if (n > MOST_BYTES || added < 0) {
            return fb_fail(error, FB_ERROR_DATA, "%s: row %" PRIu64 ": a quote is opened and not closed %s",
                           records->path, row, added < 0 ? "before the end of the file" : "within a million bytes");
        }
        const size_t needed = n + (size_t)added + 1;
        if (needed > records->line_capacity) {
            char *larger = realloc(records->line, 2 * needed);
            if (larger == NULL) {
                return fb_fail(error, FB_ERROR_MEMORY, "%s: out of memory", records->path);
            }
            records->line = larger;
            records->line_capacity = 2 * needed;
        }
        memcpy(records->line + n, records->more, (size_t)added + 1);
        n += (size_t)added;
        at = walk(records->more, at);
    }
    *length = (ssize_t)n;
    return FB_OK;
}

/* --- records and fields ------------------------------------------------------------------------------------------- */

fb_status fb_csv_records_next(fb_csv_records *records, uint64_t row, bool *found, fb_error *error)
{
    ssize_t length = 0;
    fb_status status = FB_OK;
    do {
        FB_TRY(read_line(records, row, &records->line, &records->line_capacity, &length, error));
        *found = length >= 0;
        if (!*found) {
            return FB_OK;
        }
        records->has_quotes = memchr(records->line, '"', (size_t)length) != NULL;
        FB_TRY(records->has_quotes ? join_lines(records, row, &length, error) : FB_OK);
        while (length > 0 && (records->line[length - 1] == '\n' || records->line[length - 1] == '\r')) {
            records->line[--length] = '\0';
        }
    } while (length == 0);
    records->at = records->line;
cleanup:
    return status;
}

static char *quoted_field(char **at)
{
    char *field = *at + 1, *to = field, *from = field;
    while (from[0] != '\0' && (from[0] != '"' || from[1] == '"')) {
        from += from[0] == '"';
        *to++ = *from++;
    }
    if (from[0] != '"' || (from[1] != ',' && from[1] != '\0')) {
        return NULL;
    }
    *at = from[1] == ',' ? from + 2 : NULL;
    *to = '\0';
    return field;
}

char *fb_csv_records_field(fb_csv_records *records)
{
    return records->has_quotes && *records->at == '"' ? quoted_field(&records->at) : strsep(&records->at, ",");
}

fb_status fb_csv_records_rewind(fb_csv_records *records, fb_error *error)
{
    if (fseek(records->stream, 0, SEEK_SET) != 0) {
        return fb_fail(error, FB_ERROR_FILE, "%s: cannot be read again: %s", records->path, strerror(errno));
    }
    return FB_OK;
}
