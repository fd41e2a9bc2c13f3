#!/bin/sh
# The CSV of the challenge of 2014, the matrix of people who train networks, and metadata beside events.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
tables=$here/../data/other_tables

# says WORD: the last command warned or said so on stderr, in one line.
says() {
    check "one line with '$1'" [ "$(grep -cF -e "$1" "$err")" -eq 1 ]
}
checksum_of() {
    "$FB" info "$1" | sed -n 's/^ *checksum //p'
}

# --- 2014: as Kaggle gave it to train, to test, and with the columns of CERN Open Data.
cp "$tables/higgsml_2014.csv" train.csv
cut -d, -f1-31 train.csv >test.csv
sed '1s/$/,KaggleSet,KaggleWeight/; 2,$s/$/,t,0.5/' train.csv >cern.csv
run 0 convert train.csv train.h5
says 'warning: train.csv: labels are not copied: its column Label (s or b) does not tell the three backgrounds apart'
run 0 info train.h5
check 'without processes' [ "$(grep -c tautau "$out")" -eq 0 ]
run 0 convert train.csv again.csv
check 'the official names' grep -q 'PRI_had_pt.*PRI_n_jets.*,weights$' again.csv
check 'nothing of -999 is left' [ "$(grep -c 999 again.csv)" -eq 0 ]
for file in again.csv cern.csv train.h5; do
    check "$file holds the same rows" [ "$(checksum_of $file)" = "$(checksum_of train.csv)" ]
done
run 0 systematics train.csv biased.csv --tes 1.01
says 'labels are not copied'
run 0 convert test.csv test.h5
check 'nothing is lost without labels' [ ! -s "$err" ]
run 0 convert test.csv data.csv
check 'and without weights' [ "$(head -n 1 data.csv | grep -c weights)" -eq 0 ]
refuse 3 'train.csv;Label;does not tell the three backgrounds apart' train train.csv -o new.h5
refuse 3 'train.csv;Label;backgrounds' pseudo train.csv -o new.h5
refuse 3 'train.h5;no column detailed_labels' train train.h5 -o new.h5
refuse 3 'test.csv;no column weights' train test.csv -o new.h5

# spoil FIELD VALUE: bad.csv is the table with VALUE in row 1 (line 3) of that field.
spoil() {
    awk -F, -v OFS=, -v k="$1" -v v="$2" 'NR == 3 {$k = v} {print}' train.csv >bad.csv
}
k=14
for name in PRI_tau_pt PRI_tau_eta PRI_tau_phi PRI_lep_pt PRI_lep_eta PRI_lep_phi PRI_met PRI_met_phi; do
    k=$((k + 1))
    spoil $k -999.0
    refuse 3 "bad.csv;row 1, column $name;'-999.0' is not defined" convert bad.csv new.csv
done
spoil 24 -999.0
refuse 3 'row 1, column PRI_jet_num;defined' convert bad.csv new.csv
spoil 31 -999
refuse 3 "row 1, column PRI_jet_all_pt;'-999';defined" convert bad.csv new.csv
spoil 15 nan
refuse 3 "row 1, column PRI_tau_pt;'nan'" convert bad.csv new.csv
spoil 32 -999.0
refuse 3 'row 1, column weights;-999' convert bad.csv new.csv
spoil 33 c
refuse 3 "row 1, column Label;'c' is not s or b" convert bad.csv new.csv
spoil 33 1
refuse 3 "row 1, column Label;'1' is not s or b" convert bad.csv new.csv
# What is not read is not judged.
spoil 23 -999.0
run 0 convert bad.csv ignored.csv

for names in Weight/weights PRI_tau_pt/PRI_had_pt Label/detailed_labels PRI_jet_num/PRI_n_jets EventId/id; do
    sed "1s/${names%/*}/${names#*/}/" train.csv >bad.csv
    refuse 3 "bad.csv;mixes names;${names#*/} is an official name;of the challenge of 2014" convert bad.csv new.csv
done
sed '1s/PRI_met,/PRI_mett,/' train.csv >bad.csv
refuse 3 "bad.csv;'PRI_mett';2014" convert bad.csv new.csv
cut -d, -f1-14,16- train.csv >bad.csv
refuse 3 'bad.csv;PRI_tau_pt is missing' convert bad.csv new.csv
sed '1s/PRI_met_sumet/PRI_tau_pt/' train.csv >bad.csv
refuse 3 'bad.csv;PRI_tau_pt appears twice' convert bad.csv new.csv
# In the official table -999 is a number like any other.
run 0 simulate -o good.csv --events 2000 -q
awk -F, -v OFS=, 'NR == 3 {$7 = -999} {print}' good.csv >odd.csv
run 0 convert odd.csv odd_again.csv
check 'it is kept' grep -q -e '-999' odd_again.csv

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
sum=$("$FB" info good.csv | awk '/sum of weights/ {s += $NF} END {printf "%.3f", s}')
echo "{\"total_rows\": $rows, \"sum_weights\": $sum}" >good.json
echo "{\"@context\": {\"total_rows\": \"any\"}, \"recordSet\": [{\"total_rows\": $rows}]}" >croissant.json
echo "{\"total_rows\": $((rows + 1)), \"sum_weights\": $sum}" >rows.json
echo "{\"total_rows\": $rows, \"sum_weights\": $((${sum%.*} / 2))}" >sum.json
echo "{\"total_rows\": \"$rows\"}" >text.json
echo '{"nothing": 1}' >nothing.json
train='--set trees=3 --set depth=2 --bins 3 --degree 1 -q'
for facts in good.json croissant.json; do
    run 0 convert good.csv plain.h5
    run 0 convert good.csv checked.h5 --metadata $facts
    check 'the same file' cmp plain.h5 checked.h5
    # shellcheck disable=SC2086 # several options
    run 0 train good.csv -o analysis.h5 --metadata $facts $train
done
refuse 3 "good.csv;has $rows rows;rows.json says $((rows + 1));cut" convert good.csv plain.h5 --metadata rows.json
refuse 3 "good.csv;has $rows rows;rows.json says $((rows + 1))" train good.csv -o new.h5 --metadata rows.json
refuse 3 "good.csv;sum up to $(echo "$sum" | cut -c1-5);sum.json says" convert good.csv new.h5 --metadata sum.json
refuse 3 "good.csv;sum up to $(echo "$sum" | cut -c1-5);sum.json says" train good.csv -o new.h5 --metadata sum.json
refuse 3 "text.json;total_rows;\"$rows\"" convert good.csv new.h5 --metadata text.json
refuse 3 "text.json;total_rows;\"$rows\"" train good.csv -o new.h5 --metadata text.json
refuse 3 'nothing.json;total_rows;sum_weights' convert good.csv new.h5 --metadata nothing.json
refuse 3 'none.json;No such file' train good.csv -o new.h5 --metadata none.json
refuse 3 'good.csv;line 1;not JSON' convert good.csv new.h5 --metadata good.csv
# A table without processes has a sum too.
echo '{"total_rows": 3, "sum_weights": 3.98624}' >three.json
run 0 convert train.csv checked.h5 --metadata three.json
refuse 3 'test.csv;no column weights;three.json' convert test.csv new.h5 --metadata three.json
finish
