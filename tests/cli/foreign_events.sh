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

# --- Rows of data that do not pass the selection are counted, and said.
sed '1!{/^/s/^[^,]*/0/}' data.csv | sed '12,$d' >soft.csv
sed '1d; 32,$d' data.csv >>soft.csv
run 4 fit analysis.h5 soft.csv
check 'lost rows are told' grep -q 'warning: soft.csv: 10 of its 40 rows do not pass the selection' "$err"
run 0 fit analysis.h5 data.csv
check 'none is lost' [ ! -s "$err" ]

# --- Tables of Python: what was found, and a line that converts it, which works.
cat >write.py <<'END_OF_PYTHON'
import h5py
import numpy as np
import pandas as pd

events = pd.read_csv("events.csv")
text = events.detailed_labels.to_numpy().astype("S")
numbers = events.drop(columns=["detailed_labels"]).astype("f4")
names = list(numbers) + ["detailed_labels"]
table = np.empty(len(events), dtype=[(k, "f4") for k in numbers] + [("detailed_labels", text.dtype)])
for k in numbers:
    table[k] = numbers[k]
table["detailed_labels"] = text
with h5py.File("structured.h5", "w") as f:
    f["events"] = table
with h5py.File("group.h5", "w") as f:
    f["events/table"] = table
np.save("structured.npy", table)
np.save("unicode.npy", table.astype([(k, "f4") for k in numbers] + [("detailed_labels", "U8")]))
number = events.detailed_labels.map({"htautau": 0, "ztautau": 1, "ttbar": 2, "diboson": 3})
matrix = np.zeros((len(events), 30), "f4")
matrix[:, :16] = numbers.iloc[:, :16]
matrix[:, 28] = numbers.weights
matrix[:, 29] = number
np.save("matrix.npy", matrix)
np.save("objects.npy", events.to_records(index=False))
np.save("texts.npy", events.to_numpy())
np.save("wide.npy", np.zeros((5, 29)))
with open("not.npy", "wb") as f:
    f.write(b"text")
with h5py.File("it's.h5", "w") as f:
    f["the user's"] = table
with h5py.File("root.h5", "w") as f:
    for k in names:
        f[k] = table[k]
with h5py.File("other_group.h5", "w") as f:
    for k in names:
        f["a/b/" + k] = table[k]
with h5py.File("matrix_in_group.h5", "w") as f:
    f["a/b/c"] = matrix
with h5py.File("loop.h5", "w") as f:
    for k in range(20):
        f["g%d" % k] = f["/"]
with h5py.File("beside.h5", "w") as f:
    f["X"] = matrix
    f["y"] = number
with h5py.File("pandas.h5", "w") as f: # where it cannot be made: pandas marks its groups so
    f.create_group("events").attrs["pandas_type"] = "frame"
try:
    events.to_hdf("pandas_fixed.h5", "events")
    events.to_hdf("pandas_deep.h5", "a/b/c")
    events.to_hdf("pandas_table.h5", "events", format="table")
    events.to_hdf("pandas_columns.h5", "data", format="table", data_columns=True)
except ImportError: # pandas needs PyTables for it
    pass
END_OF_PYTHON
check 'Python writes them' "$PYTHON" write.py

# converts FILE WORDS: the line of Python in the error makes the events of it.
converts() {
    refuse 3 "$1;$2;python3 -c" convert "$1" new.csv
    sed -n "s|.*: python3 -c|$PYTHON -c|p" "$err" >line.sh
    check "$1: the line works" sh line.sh
    for made in converted.*; do
        run 0 info "$made"
        check "$1: the same rows" [ "$(grep checksum "$out")" = "$checksum" ]
        rm "$made"
    done
}
converts structured.h5 'dataset /events holds structures'
converts group.h5 'dataset /events/table holds structures'
converts "it's.h5" "dataset /the user's holds structures"
converts root.h5 'group / holds the columns of events'
converts other_group.h5 'group /a/b holds the columns of events'
converts matrix_in_group.h5 'dataset /a/b/c is a matrix of events'
refuse 3 'is not a file of events' info loop.h5
run 0 info beside.h5
check 'a dataset that is ignored is named' grep -q "beside.h5: dataset X is read, a matrix of .*; ignored: 'y'" "$err"
converts structured.npy 'structured array of NumPy'
converts objects.npy 'structured array of NumPy'
refuse 3 '2 dimensions that holds objects' info texts.npy
refuse 3 'array of NumPy of 2 dimensions with 29 columns' info wide.npy
refuse 3 'name of an array of NumPy, but is none' info not.npy
converts unicode.npy 'array of NumPy'
converts matrix.npy 'array of NumPy'
refuse 3 'pandas.h5: group /events is a table that pandas wrote;python3 -c' convert pandas.h5 new.csv
for file in pandas_*.h5; do
    [ ! -e "$file" ] || converts "$file" 'is a table that pandas wrote'
done
refuse 2 'new.npy: unknown kind of file' convert events.csv new.npy

# --- CSV of other dialects: read, or what was found and how to convert it.
for separator in ';' '	' ' ' '|'; do
    tr , "$separator" <events.csv >other.csv
    converts other.csv 'its columns are separated by'
done
tr '\n' '\r' <events.csv >mac.csv
refuse 3 'mac.csv: its lines end with CR alone' info mac.csv
awk 'NR > 1 {printf "\"%d\",", NR - 1} {print}' events.csv >r.csv
refuse 3 'r.csv: row 0: has 20 fields, the header has 19; R writes so' info r.csv
for words in 'True False' 'true false' 'TRUE FALSE'; do
    awk -F, -v OFS=, -v yes="${words% *}" -v no="${words#* }" 'NR == 1 {for (k = 1; k <= NF; k++) if ($k == "labels") at = k}
        NR > 1 {$at = $at == 1 ? yes : no} {print}' events.csv >truth.csv
    run 0 info truth.csv
    check "$words: the same rows" [ "$(grep checksum "$out")" = "$checksum" ]
done

# --- A pipe, which would be waited for without end.
for kind in csv h5 parquet npy; do
    mkfifo "pipe.$kind"
    refuse 3 "pipe.$kind: cannot be read: it is a pipe" info "pipe.$kind"
done
refuse 3 'pipe.h5: cannot be read: it is a pipe' fit pipe.h5 events.csv

# --- A folder of Parquet parts is a file.
mkdir parts.parquet folder empty
for k in 0 1 2; do
    { head -n 1 events.csv; sed "1d" events.csv | sed -n "$((1000 * k + 1)),$((1000 * k + 1000))p"; } >part.csv
    run 0 convert part.csv "parts.parquet/part-$k.parquet"
    run 0 convert part.csv "folder/part.$k.parquet"
done
printf 'no Parquet' >parts.parquet/_metadata.parquet
printf 'no Parquet' >parts.parquet/.hidden.parquet
printf '' >parts.parquet/_SUCCESS
for file in parts.parquet parts.parquet/ folder; do
    run 0 info "$file"
    check "$file: the same rows" [ "$(grep checksum "$out")" = "$checksum" ]
done
run 0 convert parts.parquet copy.h5
run 0 convert events.h5 same.h5
run 0 info copy.h5
check 'the same rows' [ "$(grep checksum "$out")" = "$checksum" ]
run 0 train parts.parquet -o of_parts.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 -q
run 0 train events.h5 -o of_file.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 -q
run 0 info of_parts.h5 --json
sed '/origin/d; /configuration/d; /provenance/d; /"files"/,/]/d' "$out" >a.txt
run 0 info of_file.h5 --json
sed '/origin/d; /configuration/d; /provenance/d; /"files"/,/]/d' "$out" >b.txt
check 'training sees the same rows in the same order' cmp a.txt b.txt
refuse 3 'empty: cannot be read: it is a folder, without files *.parquet' info empty
head -n 500 data.csv >data_part.csv
run 0 convert data_part.csv folder/part.9.parquet
refuse 3 'folder/part.9.parquet: has other columns;than folder/part.0.parquet' info folder
"$PYTHON" -c "open('parts.parquet/part-1.parquet', 'r+b').truncate(1000)"
refuse 3 'parts.parquet/part-1.parquet: is not a whole Parquet file' info parts.parquet

# --- Nothing in a file acts on the terminal of who reads a message.
escape=$(printf '\033[31m')
sed "1s/PRI_met,/PRI_met${escape},/" events.csv >escape.csv
refuse 3 'PRI_met?[31m' convert escape.csv new.csv
sed "5s/ztautau\|htautau\|ttbar\|diboson/${escape}/" events.csv >escape.csv
refuse 3 "row 3;'?[31m' is not htautau" convert escape.csv new.csv
sed "5s/^[^,]*/${escape}/" events.csv >escape.csv
refuse 3 "row 3;'?[31m' is not a finite number" convert escape.csv new.csv
sed "1s/\$/,x${escape}/; 2,\$s/\$/,1/" events.csv >"${escape}.csv"
"$FB" info "$escape.csv" >"$out" 2>"$err"
check 'a column that is ignored' grep -qF "'x?[31m'" "$err"
check 'names without control characters' sh -c "! grep -q '$(printf '\033')' \"$out\" \"$err\""
rm "$escape.csv"
printf 'train:\n  "%s": 1\n' "mod\\e[31mel" >escape.yaml
refuse 2 'mod?[31mel' train events.csv -o new.h5 --config escape.yaml
printf '{"total_rows": 3000, "sum_weights": "\\u001b[31m"}\n' >escape.json
refuse 3 'escape.json' convert events.csv new.h5 --metadata escape.json
"$PYTHON" -c "
import h5py
with h5py.File('events.h5') as f, h5py.File('escape.h5', 'w') as g:
    f.copy('events', g)
    g['events'].attrs['provenance'] = g['events'].attrs['origin'] = 'made\nby \x1b[31m'
    g['events/x\x1b[31m'] = 1"
run 0 info escape.h5
check 'provenance without control characters' grep -qF 'made?by ?[31m' "$out"
check 'names without control characters' sh -c "! grep -q '$(printf '\033')' \"$out\" \"$err\""
finish
