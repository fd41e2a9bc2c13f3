#include "baseline/analysis/process_counts.h"

#include <stdio.h>

#include "baseline/support/progress.h"
#include "models/common/interrupt.h"

void fb_process_counts_add(fb_process_counts *counts, const fb_events *events)
{
    counts->n_rows += events->n;
    counts->has_weights = events->has_weights;
    counts->has_processes = events->has_processes;
    for (size_t i = 0; i < events->n; i++) {
        counts->sum_weights += events->weight[i];
        if (events->process[i] < FB_N_PROCESS) {
            counts->rows[events->process[i]]++;
            counts->weight[events->process[i]] += events->weight[i];
        }
    }
}

fb_status fb_process_counts_read(fb_source *source, const char *what, bool quiet, bool keeps_derived,
                                 fb_process_counts_visitor *visit, void *context, fb_process_counts *counts,
                                 char checksum[FB_CHECKSUM_TEXT_SIZE], fb_error *error)
{
    fb_progress progress;
    fb_hash *sum = NULL;
    fb_events *piece = NULL;
    fb_status status = FB_OK;
    fb_progress_start(&progress, what, fb_source_describe(source)->n_rows, quiet);
    FB_TRY(fb_hash_create(&sum, error));
    FB_TRY(fb_events_create(FB_READ_ROWS, &piece, error));
    FB_TRY(keeps_derived ? fb_events_keep_derived(piece, error) : FB_OK);
    do {
        FB_TRY(fb_interrupt_check(error));
        FB_TRY(fb_source_read(source, piece, error));
        FB_TRY(visit(context, piece, error));
        FB_TRY(fb_checksum_update(sum, piece, error));
        fb_process_counts_add(counts, piece);
        fb_progress_show(&progress, counts->n_rows);
    } while (piece->n > 0);
    fb_checksum_text(sum, checksum);
cleanup:
    fb_progress_end(&progress);
    fb_events_free(piece);
    fb_hash_free(sum);
    return status;
}

void fb_process_counts_print(FILE *stream, const fb_process_counts *counts, const char *name)
{
    fprintf(stream, "%s: %llu events\n", name, (unsigned long long)counts->n_rows);
    for (int p = 0; p < FB_N_PROCESS && counts->has_processes; p++) {
        fprintf(stream, "  %-8s %10llu", fb_process_name(p), (unsigned long long)counts->rows[p]);
        if (counts->has_weights) {
            fprintf(stream, "   sum of weights %14.4f", counts->weight[p]);
        }
        fprintf(stream, "\n");
    }
}

json_t *fb_process_counts_json(const fb_process_counts *counts)
{
    json_t *root = json_pack("{s:I}", "rows", (json_int_t)counts->n_rows);
    json_t *processes = json_object();
    for (int p = 0; p < FB_N_PROCESS && counts->has_processes; p++) {
        json_t *one = json_pack("{s:I}", "rows", (json_int_t)counts->rows[p]);
        if (counts->has_weights) {
            json_object_set_new(one, "sum_of_weights", json_real(counts->weight[p]));
        }
        json_object_set_new(processes, fb_process_name(p), one);
    }
    json_object_set_new(root, "processes", processes);
    return root;
}
