#!/bin/sh
# `pseudo --generator official` against the official program's own pseudo-experiments; the metadata file of its pool.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
data=$here/../data

# official NAME OPTIONS...: the events that survive, in their order, column by column.
official() {
    name=$1
    shift
    run 0 pseudo "$data/synthetic_events.csv" -o "$name.csv" --generator official --all-rows "$@"
    gzip -dc "$data/official/${name}_syst.csv.gz" | cut -d, -f2-17 >theirs.csv
    run 0 convert theirs.csv "$name.theirs.csv" # the same way to write a number
    cut -d, -f1-16 "$name.csv" >"$name.ours.csv"
    check "$name is official" cmp "$name.ours.csv" "$name.theirs.csv"
    check "$name has events" test "$(wc -l <"$name.ours.csv")" -gt 100
}
official pe_a --seed 31415
official pe_b --seed 42 --mu 2.5 --tes 1.013 --jes 0.988 --soft-met 1.7 --ttbar-scale 1.02 --diboson-scale 1.25 \
    --bkg-scale 1.001
official pe_d_bkg_only --seed 7 --mu 0 --jes 1.02 --bkg-scale 1.01
official pe_e_no_poisson --seed 42 --no-poisson

# --- which rows are the pool, and what their weights are scaled to
run 0 simulate -o events.csv --events 4000 --seed 3 -q
pool='--generator official --split-rule official --seed 5'
# shellcheck disable=SC2086 # several options
draw() { run 0 pseudo events.csv -o "$1" $pool "${2:---quiet}"; }
draw own.csv
sum=$("$FB" info events.csv --json | sed -n 's/.*"sum_of_weights": *\([0-9.]*\).*/\1/p' | awk '{s += $1} END {printf "%.9g", s}')
echo "{\"total_rows\": 4000, \"sum_weights\": $sum}" >events_metadata.json
draw same.csv
check 'a metadata file that says the same changes nothing' cmp own.csv same.csv
check 'nothing to say' test ! -s "$err"
echo "{\"total_rows\": 4000, \"sum_weights\": $(echo "$sum" | awk '{print 2 * $1}')}" >twice.json
draw twice.csv --metadata=twice.json
check 'the difference is said' grep -q 'weights sum up to.*twice.json says' "$err"
check 'twice as many events' test "$(wc -l <twice.csv)" -gt "$(($(wc -l <own.csv) * 19 / 10))"
echo '{"total_rows": 2000}' >events_metadata.json
draw half.csv --mu=1
check 'it is found by itself' grep -q 'has 4000 rows.*events_metadata.json says 2000' "$err"
check 'other rows' test "$(cmp -s half.csv own.csv; echo $?)" = 1
refuse 2 '--split-rule official;--all-rows' pseudo events.csv -o x.csv --generator official
refuse 2 '--generator official' pseudo events.csv -o x.csv --all-rows
refuse 2 '4294967295' pseudo events.csv -o x.csv --generator official --all-rows --seed 4294967296
finish
