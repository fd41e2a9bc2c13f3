#!/bin/sh
# Tables of events as other programs write them: read to the same rows, or refused with what was found.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python numpy h5py pandas

run 0 simulate -o events.csv --events 3000 --seed 3 -q
run 0 convert events.csv events.h5
run 0 info events.csv
checksum=$(grep checksum "$out")

# same FILE [WORDS]: its rows are those of the events, with one warning of these words (separated by ';') or none.
same() {
    run 0 info "$1"
    check "$1: the same rows" [ "$(grep checksum "$out")" = "$checksum" ]
    check "$1: as many warnings as there should be" [ "$(wc -l <"$err")" -eq $((${2:+1} + 0)) ]
    old_ifs=$IFS
    IFS=';'
    for word in ${2:-}; do
        grep -qF -e "$word" "$err" || { fail "$1: the warning does not say '$word'"; show; }
    done
    IFS=$old_ifs
}

# --- CSV: quotes, indices, other columns.
cat >write.py <<'END_OF_PYTHON'
import csv
import pandas as pd

events = pd.read_csv("events.csv", dtype=str)
events.to_csv("quoted.csv", index=False, quoting=csv.QUOTE_ALL)
events.to_csv("windows.csv", index=False, quoting=csv.QUOTE_ALL, encoding="utf-8-sig", lineterminator="\r\n")
events.to_csv("index.csv", quoting=csv.QUOTE_NONNUMERIC)
pd.read_csv("index.csv", dtype=str).to_csv("index_again.csv", index=False)
events.assign(comment='two\nlines, and "quotes"')[sorted(events) + ["comment"]].to_csv("comment.csv", index=False)
events.rename(columns={"weights": "Weights"}).to_csv("case.csv", index=False)
END_OF_PYTHON
check 'pandas writes them' "$PYTHON" write.py
same quoted.csv
same windows.csv
same index.csv "index.csv: ignored;'' (an index)"
same index_again.csv "index_again.csv: ignored;'Unnamed: 0' (an index)"
same comment.csv "comment.csv: ignored;'comment'"
refuse 3 "case.csv;'Weights';did you mean 'weights'" convert case.csv new.h5
head -c -1 events.csv >cut.csv
same cut.csv 'cut.csv: row 2999: the last line has no end'

# --- Data with a weight of 1 in each row, as the official program writes them, are data; with other weights, simulation.
run 0 simulate -o many.h5 --events 30000 --seed 3 -q
run 0 train many.h5 -o analysis.h5 --set trees=5 --set depth=2 --bins 3 --degree 1 -q
run 0 pseudo many.h5 -o data.csv -q
sed '1s/$/,weights/; 2,$s/$/,1.0/' data.csv >ones.csv
sed '6s/1.0$/0.5/' ones.csv >half.csv
run 0 fit analysis.h5 data.csv
tail -n +2 "$out" >expected.txt
run 0 fit analysis.h5 ones.csv
tail -n +2 "$out" | cmp -s - expected.txt || fail 'weights of 1 change the fit'
refuse 3 'half.csv;is simulation;row 4 has the weight 0.5' fit analysis.h5 half.csv
for format in h5 parquet; do
    run 0 convert ones.csv "ones.$format"
    run 0 fit analysis.h5 "ones.$format"
    run 0 convert half.csv "half.$format"
    refuse 3 "half.$format;is simulation;row 4 has the weight 0.5" fit analysis.h5 "half.$format"
done
refuse 3 'events.csv;is simulation' fit analysis.h5 events.csv
finish
