#!/bin/sh
# The matrix of people who train networks, the CSV of 2014, and metadata beside events.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
tables=$here/../data/other_tables

# --- the CSV of the challenge of 2014 is another year's: known by its header, and refused
for names in EventId,DER_mass_MMC PRI_lep_pt,PRI_tau_pt,PRI_met PRI_jet_num,Weight,Label; do
    printf '%s\n1,2,3\n' "$names" >old.csv
    for command in "convert old.csv new.h5" "train old.csv -o new.h5" "systematics old.csv new.csv"; do
        # shellcheck disable=SC2086 # a command line
        refuse 3 'old.csv: column;of the header;challenge of 2014;expected are the official columns' $command
    done
done

# --- the matrix: the same table, bit for bit, as the CSV that it was made from.
head -n 21 "$tables/../synthetic_events.csv" >rows.csv
cp "$tables/matrix.h5" matrix.h5
for to in h5 csv; do
    run 0 convert rows.csv "a.$to"
    run 0 convert matrix.h5 "b.$to"
    check "the same .$to" cmp "a.$to" "b.$to"
done
run 0 info matrix.h5
check 'with its processes' grep -q 'ttbar' "$out"

# --- metadata.
rows=2000
run 0 simulate -o good.csv --events "$rows" --seed 3 -q
sum=$("$FB" info good.csv | awk '/sum of weights/ {s += $NF} END {printf "%.3f", s}')
echo "{\"total_rows\": $rows, \"sum_weights\": $sum}" >good.json
echo "{\"@context\": {\"total_rows\": \"any\"}, \"recordSet\": [{\"total_rows\": $rows}]}" >croissant.json
echo "{\"total_rows\": $((rows + 1)), \"sum_weights\": $sum}" >rows.json
echo "{\"total_rows\": $rows, \"sum_weights\": $((${sum%.*} / 2))}" >sum.json
echo "{\"total_rows\": \"$rows\"}" >text.json
echo '{"nothing": 1}' >nothing.json
train='--set trees=3 --set depth=2 --bins 3 --degree 1 -q'
for facts in good.json croissant.json; do
    run 0 convert good.csv plain.h5 --overwrite
    run 0 convert good.csv checked.h5 --metadata $facts --overwrite
    check 'the same file' cmp plain.h5 checked.h5
    # shellcheck disable=SC2086 # several options
    run 0 train good.csv -o analysis.h5 --metadata $facts $train --overwrite
done
refuse 3 "good.csv;has $rows rows;rows.json says $((rows + 1));cut" convert good.csv plain.h5 --metadata rows.json --overwrite
refuse 3 "good.csv;has $rows rows;rows.json says $((rows + 1))" train good.csv -o new.h5 --metadata rows.json
refuse 3 "good.csv;sum up to $(echo "$sum" | cut -c1-5);sum.json says" convert good.csv new.h5 --metadata sum.json
refuse 3 "good.csv;sum up to $(echo "$sum" | cut -c1-5);sum.json says" train good.csv -o new.h5 --metadata sum.json
refuse 3 "text.json;total_rows;\"$rows\"" convert good.csv new.h5 --metadata text.json
refuse 3 "text.json;total_rows;\"$rows\"" train good.csv -o new.h5 --metadata text.json
refuse 3 'nothing.json;total_rows;sum_weights' convert good.csv new.h5 --metadata nothing.json
refuse 3 'none.json;No such file' train good.csv -o new.h5 --metadata none.json
refuse 3 'good.csv;line 1;not JSON' convert good.csv new.h5 --metadata good.csv
# A table without processes has a sum too; one without weights has none.
cut -d, -f1-17 good.csv >weighted.csv # without the process
cut -d, -f1-16 good.csv >bare.csv
run 0 convert weighted.csv checked.h5 --metadata good.json --overwrite
refuse 3 'bare.csv;no column weights;good.json' convert bare.csv new.h5 --metadata good.json
finish
