/* A program of somebody else's: reads events, trains, measures the signal strength of a file of data.
 * Usage: measure EVENTS DATA ANALYSIS [OPTION OF train]... */
#include <locale.h>
#include <stdio.h>

#include "baseline/analysis/measurement.h"
#include "holdout/formats/event_file.h"

int main(int argc, char **argv)
{
    setlocale(LC_ALL, ""); /* as programs do whose users read their own language */
    if (argc < 4) {
        fprintf(stderr, "usage: measure EVENTS DATA ANALYSIS [OPTION]...\n");
        return 2;
    }
    fb_error error = {0};
    fb_source *events = NULL;
    fb_analysis *analysis = NULL, *loaded = NULL;
    fb_measurement result;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(argv[1], &events, &error));
    FB_TRY(fb_measurement_train(events, argc - 4, (const char *const *)argv + 4, &analysis, &error));
    FB_TRY(fb_measurement_analysis_save(analysis, argv[3], &error));
    FB_TRY(fb_measurement_analysis_load(argv[3], &loaded, &error));
    FB_TRY(fb_measurement_fit(loaded, argv[2], 0, NULL, &result, &error));
    printf("%.17g %.17g %.17g\n", result.mu_hat, result.p16, result.p84);
cleanup:
    if (status != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    fb_measurement_analysis_free(loaded);
    fb_measurement_analysis_free(analysis);
    fb_source_free(events);
    return fb_status_exit_code(status);
}
