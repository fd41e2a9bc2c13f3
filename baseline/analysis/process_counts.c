#include "baseline/analysis/process_counts.h"

#include <stdio.h>

void fb_process_counts_add(fb_process_counts *tally, const fb_events *events)
{
    tally->n_rows += events->n;
    tally->has_weights = events->has_weights;
    tally->has_processes = events->has_processes;
    for (size_t i = 0; i < events->n; i++) {
        tally->sum_weights += events->weight[i];
        if (events->process[i] < FB_N_PROCESS) {
            tally->rows[events->process[i]]++;
            tally->weight[events->process[i]] += events->weight[i];
        }
    }
}

void fb_process_counts_print(FILE *stream, const fb_process_counts *tally, const char *name)
{
    fprintf(stream, "%s: %llu events\n", name, (unsigned long long)tally->n_rows);
    for (int p = 0; p < FB_N_PROCESS && tally->has_processes; p++) {
        fprintf(stream, "  %-8s %10llu", fb_process_name(p), (unsigned long long)tally->rows[p]);
        if (tally->has_weights) {
            fprintf(stream, "   sum of weights %14.4f", tally->weight[p]);
        }
        fprintf(stream, "\n");
    }
}

json_t *fb_process_counts_json(const fb_process_counts *tally)
{
    json_t *root = json_pack("{s:I}", "rows", (json_int_t)tally->n_rows);
    json_t *processes = json_object();
    for (int p = 0; p < FB_N_PROCESS && tally->has_processes; p++) {
        json_t *one = json_pack("{s:I}", "rows", (json_int_t)tally->rows[p]);
        if (tally->has_weights) {
            json_object_set_new(one, "sum_of_weights", json_real(tally->weight[p]));
        }
        json_object_set_new(processes, fb_process_name(p), one);
    }
    json_object_set_new(root, "processes", processes);
    return root;
}
