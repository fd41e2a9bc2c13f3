#!/bin/sh
# The published sample of 1000 real events, named by FB_REAL_SAMPLE: everything runs, nothing is lost on the way.
. "$(dirname "$0")/common.sh"
[ -n "${FB_REAL_SAMPLE:-}" ] || skip 'FB_REAL_SAMPLE does not name FAIR_Universe_HiggsML_data_1000.csv'
[ -r "$FB_REAL_SAMPLE" ] || skip "$FB_REAL_SAMPLE is not there"

run 0 convert "$FB_REAL_SAMPLE" sample.h5
run 0 info sample.h5 --json
check 'all rows are there' grep -q '"rows": 1000,' "$out"
run 0 convert sample.h5 back.csv
# The primary columns, weights and labels, whatever their order and digits: as float32 by awk's doubles, %.6g is safe for
# numbers with three decimals; the weights have more digits.
values() {
    awk -F, -v OFS=, '
        { sub(/\r$/, "") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(columns, name, ","); next }
        { line = ""
          for (k = 1; k <= n; k++) {
              v = $(at[name[k]])
              line = line "," (name[k] == "detailed_labels" ? v : sprintf("%.6g", v + 0))
          }
          print line }' columns="$(head -n 1 back.csv)" "$1"
}
values "$FB_REAL_SAMPLE" >before
values back.csv >after
check 'there are values to compare' [ "$(wc -l <after)" -eq 1000 ]
check 'the values are the same' cmp before after

run 0 convert sample.h5 back.parquet
run 0 convert back.parquet again.csv
check 'by way of Parquet, too' cmp back.csv again.csv

for split in 0.25,0.25,0.25,0.25 0.3,0.1,0.3,0.3; do
    run 0 train sample.h5 -o analysis.h5 --split $split --set trees=10 --set depth=3 --bins 3 -q --overwrite
    run 0 pseudo sample.h5 -o pseudo.h5 --split $split --overwrite
    # So few events determine mu to +-50 or 60, and the limits of mu leave room for that.
    run 0 fit analysis.h5 pseudo.h5 --json
    check 'the fit prints a result' grep -q '"mu_hat"' "$out"
    # shellcheck disable=SC2016 # for the inner shell
    check 'and an interval' sh -c '! grep -q -e "\"p16\": null" -e "\"p84\": null" "$1"' sh "$out"
    run 4 fit analysis.h5 pseudo.h5 --limits -50,50
    check 'limits that are too narrow are named' grep -q 'mu is limited to -50 to 50' "$err"
done
run 0 systematics "$FB_REAL_SAMPLE" biased.csv --tes 0.95 --jes 1.05 --soft-met 3 --ttbar-scale 1.1
finish
