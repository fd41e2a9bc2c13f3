#include "baseline/experiments/timing_file.h"

#include <time.h>

#include <jansson.h>

#include "baseline/support/json_output.h"
#include "models/common/instruction_set.h"
#include "models/common/path.h"

static const char file_name[] = "ingestion_duration.json";

fb_status fb_timing_file_read(const char *folder, fb_timing_file *out, fb_error *error)
{
    char path[FB_PATH_SIZE];
    fb_status status = fb_path_in(folder, file_name, path, error);
    *out = (fb_timing_file){0};
    if (status != FB_OK) {
        return status;
    }
    json_t *root = json_load_file(path, 0, NULL);
    const json_t *stages = json_object_get(root, "stage_seconds");
    out->seconds = json_number_value(json_object_get(root, "seconds"));
    out->has_stages = json_is_object(stages);
    for (int k = 0; k < FB_N_STAGE; k++) {
        out->times.seconds[k] = json_number_value(json_object_get(stages, fb_stage_timer_name((fb_stage)k)));
    }
    json_decref(root);
    return FB_OK;
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
