/* The file formats: a file events_*.c each, and what it needs. */
#ifndef FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H
#define FB_HOLDOUT_FORMATS_FORMATS_INTERNAL_H

#include "holdout/events/sink.h"
#include "holdout/events/source.h"
#include "models/common/h5.h"

/* Columns of a matrix of simulated events: the features, weight, class id. That of data has the features alone. */
enum { FB_MATRIX_COLUMNS = FB_N_FEATURES + 2 };

fb_status fb_events_hdf5_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
/* An HDF5 file that is not of our layout; the source owns `file`, also on failure. */
fb_status fb_events_matrix_open(fb_h5 *file, fb_source **out, fb_error *error) FB_MUST_USE;
/* FB_ERROR_DATA, with the line of Python that converts it, when an HDF5 file has a table of pandas or PyTables, a
 * structured array of NumPy, or columns or a matrix of events in another place; FB_OK when it has none (python_tables.c). */
fb_status fb_python_tables_refuse(fb_h5 *file, fb_error *error) FB_MUST_USE;
/* The same for a file of NumPy's own, .npy (numpy_files.c). */
fb_status fb_numpy_files_refuse(const char *path, fb_error *error) FB_MUST_USE;
fb_status fb_events_csv_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_events_parquet_open(const char *path, fb_source **out, fb_error *error) FB_MUST_USE;
/* The same; `warns`: of columns that are ignored, which is enough for one part of a table. */
fb_status fb_events_parquet_open_part(const char *path, bool warns, fb_source **out, fb_error *error) FB_MUST_USE;
/* A folder of Parquet files. */
fb_status fb_events_parts_open(const char *folder, fb_source **out, fb_error *error) FB_MUST_USE;
fb_status fb_events_hdf5_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                fb_error *error) FB_MUST_USE;
fb_status fb_events_parquet_sink_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                                        fb_error *error) FB_MUST_USE;
fb_status fb_events_csv_create(const char *path, const fb_sink_settings *settings, fb_sink **out,
                               fb_error *error) FB_MUST_USE;

/* --- one rule for the columns of all formats (fields.c) ------------------------------------------------------------
 *
 * Columns stand in any order and have the official names, in which case counts. Derived columns are read where all are
 * there and the block keeps them. An index
 * and columns that are not known are ignored with one warning that names them; a known name in another case is an
 * error, and so are the columns of another year. Processes are texts (or an enumeration of them, where the format has
 * one), and labels have to agree with them. */

/* What a column of a file is. Values below FB_N_PRIMARY are primary columns, those below FB_N_FEATURES derived ones. */
enum { FB_FIELD_WEIGHT = FB_N_FEATURES, FB_FIELD_LABEL, FB_FIELD_PROCESS, FB_N_FIELDS, FB_FIELD_IGNORED = FB_N_FIELDS };

enum { FB_FIELDS_NAMED = 8, FB_FIELDS_SIZE = 512 };

/* The columns of a file, as they are met. */
typedef struct fb_fields {
    const char *path;  /* of the file; borrowed */
    const char *where; /* the part of it that has the names: "header" */
    bool seen[FB_N_FIELDS];
    int n_ignored;                /* columns that are not official */
    char ignored[FB_FIELDS_SIZE]; /* the names of the first FB_FIELDS_NAMED of them */
} fb_fields;

/* Takes in the next column; its field, or FB_FIELD_IGNORED. FB_ERROR_DATA for one that cannot be ignored. */
fb_status fb_fields_add(fb_fields *fields, const char *name, int *field, fb_error *error) FB_MUST_USE;

/* After the last column: FB_ERROR_DATA unless they make a table of events; `warns` of those that are ignored. */
fb_status fb_fields_finish(const fb_fields *fields, bool warns, fb_error *error) FB_MUST_USE;

bool fb_fields_is_derived(int field);

/* Whether all derived columns were met. */
bool fb_fields_have_derived(const fb_fields *fields);

/* Where a block has the column that a field below FB_N_FEATURES is; NULL for derived columns that it does not keep. */
float *fb_fields_column(const fb_events *block, int field);

/* The name of a field that is not ignored. */
const char *fb_fields_name(int field);

extern const char fb_fields_row[]; /* the name of the column of row numbers, which is passed over */

extern const char fb_fields_processes[]; /* their names, for messages */

/* The process that a text of `n` bytes names, or -1; and the error for that. */
int fb_fields_find_process(const char *text, size_t n);
fb_status fb_fields_bad_process(const char *path, uint64_t row, const char *text, size_t n,
                                fb_error *error) FB_MUST_USE;

/* FB_ERROR_DATA unless `label` [block->n] is 1 where the process is the signal and 0 elsewhere. */
fb_status fb_fields_check_labels(const char *path, const fb_events *block, const float *label,
                                 fb_error *error) FB_MUST_USE;

/* How a file says at which stage its events are, and what that means; FB_EVENTS_UNKNOWN for any other text. */
const char *fb_fields_stage_name(fb_event_stage stage);
fb_event_stage fb_fields_find_stage(const char *name);

#endif
