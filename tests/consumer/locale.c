/* A program of somebody else's, in the language of its user: copies events, and has a number written and a text read.
 * Usage: locale EVENTS COPY */
#include <locale.h>
#include <pthread.h>
#include <stdio.h>

#include "holdout/formats/event_file.h"
#include "models/classifier.h"

/* A thread has the locale of the program, whatever the thread that started it is in. */
static void *fail(void *error)
{
    return fb_fail(error, FB_ERROR_DATA, "%g", 0.5) == FB_ERROR_DATA ? error : NULL;
}

int main(int argc, char **argv)
{
    if (argc != 3 || setlocale(LC_ALL, "") == NULL) {
        fprintf(stderr, "usage: locale EVENTS COPY, and a locale that is there\n");
        return 2;
    }
    const fb_sink_settings settings = {.weights = true, .processes = true, .origin = "", .provenance = ""};
    fb_error error = {0}, of_thread = {0};
    fb_source *source = NULL;
    fb_sink *sink = NULL;
    fb_events *events = NULL;
    fb_classifier *net = NULL;
    char text[512];
    pthread_t thread;
    fb_status status = FB_OK;
    FB_TRY(fb_event_file_open(argv[1], &source, &error));
    FB_TRY(fb_source_read_all(source, &events, &error));
    FB_TRY(fb_event_file_create(argv[2], &settings, &sink, &error));
    FB_TRY(fb_sink_write(sink, events, NULL, &error));
    FB_TRY(fb_sink_commit(sink, &error));
    FB_TRY(fb_classifier_create("dense", &net, &error));
    FB_TRY(fb_classifier_set(net, "rate=0.125", &error));
    fb_classifier_describe(net, text, sizeof text);
    printf("library %s\n", text);
    if (pthread_create(&thread, NULL, fail, &of_thread) == 0 && pthread_join(thread, NULL) == 0) {
        printf("thread %s\n", of_thread.text);
    }
    printf("program %g\n", 0.5);
cleanup:
    if (status != FB_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    fb_classifier_free(net);
    fb_sink_free(sink);
    fb_source_free(source);
    fb_events_free(events);
    return fb_status_exit_code(status);
}
