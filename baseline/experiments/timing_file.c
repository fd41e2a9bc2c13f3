#include "baseline/experiments/timing_file.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "baseline/support/json_output.h"
#include "baseline/support/python_json.h"
#include "models/common/instruction_set.h"
#include "models/common/path.h"

static const char file_name[] = "ingestion_duration.json";

/* Seconds, 0 if there is no such key. */
static fb_status read_seconds(const json_t *object, const char *key, const char *path, double *out, fb_error *error)
{
    const json_t *value = json_object_get(object, key);
    *out = json_number_value(value);
    if (value == NULL || (json_is_number(value) && *out >= 0.0)) {
        return FB_OK;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const fb_status status = fb_fail(error, FB_ERROR_DATA, "%s: \"%s\" is %.60s; seconds >= 0 are needed", path, key,
                                     text != NULL ? text : "?");
    free(text);
    return status;
}

fb_status fb_timing_file_read(const char *folder, fb_timing_file *out, fb_error *error)
{
    char path[FB_PATH_SIZE];
    json_t *root = NULL;
    fb_status status = FB_OK;
    *out = (fb_timing_file){0};
    FB_TRY(fb_path_in(folder, file_name, path, error));
    if (access(path, F_OK) != 0) {
        return FB_OK; /* of a run that was killed */
    }
    FB_TRY(fb_python_json_load(path, &root, error));
    const json_t *stages = json_object_get(root, "stage_seconds");
    FB_TRY(read_seconds(root, "seconds", path, &out->seconds, error));
    out->has_stages = json_is_object(stages);
    for (int k = 0; k < FB_N_STAGE; k++) {
        FB_TRY(read_seconds(stages, fb_stage_timer_name((fb_stage)k), path, &out->times.seconds[k], error));
    }
cleanup:
    json_decref(root);
    return status;
}

void fb_timing_file_add(fb_timing_file *sum, const fb_timing_file *more)
{
    sum->seconds += more->seconds;
    sum->has_stages = sum->has_stages || more->has_stages;
    for (int k = 0; k < FB_N_STAGE; k++) {
        sum->times.seconds[k] += more->times.seconds[k];
    }
}

fb_status fb_timing_file_write(const fb_timing_file *timing, const char *folder, fb_error *error)
{
    char date[32] = "";
    const time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    json_t *root =
        json_pack("{s:I,s:f}", "ingestion_duration", (json_int_t)(timing->seconds / 60.0), "seconds", timing->seconds);
    json_t *stages = json_object();
    for (int k = 0; k < FB_N_STAGE; k++) {
        json_object_set_new(stages, fb_stage_timer_name((fb_stage)k), json_real(timing->times.seconds[k]));
    }
    if (timing->has_stages) {
        json_object_set(root, "stage_seconds", stages);
    }
    json_decref(stages);
    json_object_set_new(root, "instruction_set", json_string(fb_instruction_set_name(fb_instruction_set_best())));
    json_object_set_new(root, "written", json_string(date));
    return fb_json_output_write(folder, file_name, root, error);
}
