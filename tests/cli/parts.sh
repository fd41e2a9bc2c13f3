#!/bin/sh
# `convert --part` and `systematics --part`: the rows that `train` and `pseudo` use, with the weights that they have there.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python numpy h5py

run 0 simulate -o events.h5 --events 4000 --seed 3 -q
run 0 train events.h5 -o analysis.h5 --set trees=3 --bins 4 -q
run 0 pseudo events.h5 -o pseudo.h5 --seed 5 -q
run 0 systematics events.h5 moved.h5 --tes 1.02 --soft-met 2 --row-numbers -q

# --- what is printed, and what is read again
for part in train validation holdout pool; do
    run 0 convert events.h5 "$part.h5" --part "$part" --row-numbers --json
    cp "$out" "$part.json"
    run 0 info "$part.h5" --json
    check "$part.h5 is read without a word" test ! -s "$err"
    check "the checksum of $part.h5" grep -qF "$(grep -o 'xxh128:[0-9a-f]*' "$part.json")" "$out"
    for format in csv parquet; do
        run 0 convert events.h5 "$part.$format" --part "$part" --row-numbers -q
        run 0 convert "$part.$format" "$part.again.h5" -q --overwrite
        check "$part.$format is read without a word" test ! -s "$err"
    done
    run 0 systematics events.h5 "$part.moved.h5" --part "$part" --row-numbers --tes 1.02 --soft-met 2 --json
    cp "$out" "$part.moved.json"
done
run 0 convert events.h5 pool.plain.csv --part pool
check 'the factors are printed' grep -q '^  pool part, weights times htautau 3[.].*, ztautau .*, ttbar .*, diboson ' "$out"
check 'no row numbers unless asked for' test "$(head -n 1 pool.plain.csv)" = "$(head -n 1 pool.csv | sed 's/,row$//')"

cat >parts.py <<'END'
import csv
import json

import h5py
import numpy as np

PARTS = ("train", "validation", "holdout", "pool")
PROCESSES = ("htautau", "ztautau", "ttbar", "diboson")


def read(path):
    with h5py.File(path) as file:
        return {name: column[:] for name, column in file["events"].items()}


whole, moved, pseudo = read("events.h5"), read("moved.h5"), read("pseudo.h5")
analysis = h5py.File("analysis.h5")["split"]
seen = []
for k, part in enumerate(PARTS):
    events, said = read(f"{part}.h5"), json.load(open(f"{part}.json"))
    row = events["row"]
    assert row.dtype == np.int64 and np.all(np.diff(row) > 0)
    seen.append(row)
    assert said["part"] == part and said["rows"] == len(row)
    for name, column in whole.items():
        if name != "weights":
            assert np.array_equal(column[row], events[name]), (part, name)
    for p, process in enumerate(PROCESSES):
        of = events["detailed_labels"] == p
        factor = analysis["factor"][k, p]
        assert np.count_nonzero(of) == analysis["n_rows"][k, p], (part, process)
        assert said["weight_factors"][process] == factor, (part, process)
        scaled = (whole["weights"][row][of].astype(float) * factor).astype(np.float32)
        assert np.array_equal(events["weights"][of], scaled), (part, process)
        yields = whole["weights"][whole["detailed_labels"] == p].sum(dtype=float)
        assert abs(events["weights"][of].sum(dtype=float) / yields - 1) < 1e-5, (part, process)
    with open(f"{part}.csv") as file:
        lines = list(csv.reader(file))
    assert lines[0][-1] == "row" and [int(line[-1]) for line in lines[1:]] == row.tolist(), part
    # distorted: the same rows with the same noise as of the whole file
    here = read(f"{part}.moved.h5")
    at = np.flatnonzero(np.isin(moved["row"], row))
    assert len(at) > 0 and np.array_equal(moved["row"][at], here["row"]), part
    for name, column in moved.items():
        if name != "weights":
            assert np.array_equal(column[at], here[name]), (part, name)
    said = json.load(open(f"{part}.moved.json"))
    assert said["part"] == part and said["weight_factors"]["ttbar"] == analysis["factor"][k, 2]
assert np.array_equal(np.sort(np.concatenate(seen)), np.arange(4000))


def leptons(events):
    return set(zip(events["PRI_lep_pt"].tolist(), events["PRI_lep_eta"].tolist(), events["PRI_lep_phi"].tolist()))


drawn = leptons(pseudo)
assert len(drawn) > 100 and drawn <= leptons(read("pool.h5"))
assert not drawn & leptons(read("train.h5"))
END
check 'the rows and weights of each part' "$PYTHON" parts.py

cat >parquet.py <<'END'
import h5py
import numpy as np
import pandas as pd

for part in ("train", "pool"):
    with h5py.File(f"{part}.h5") as file:
        row, met = file["events/row"][:], file["events/PRI_met"][:]
    table = pd.read_parquet(f"{part}.parquet")
    assert table["row"].dtype == np.int64 and np.array_equal(table["row"], row)
    assert np.array_equal(table["PRI_met"], met)
END
if "$PYTHON" -c 'import pandas, pyarrow' 2>/dev/null; then
    check 'the rows in Parquet' "$PYTHON" parquet.py
fi

# --- other splits, the metadata file of the official pool, and what makes no sense
run 0 convert events.h5 first.csv --part pool --split-rule official --row-numbers -q
check 'the official pool' test "$(tail -n 1 first.csv | sed 's/.*,//') $(wc -l <first.csv)" = '1199 1201'
echo '{"total_rows": 2000}' >half.json
run 0 systematics events.h5 half.csv --part pool --split-rule official --metadata half.json --no-selection -q
check 'the metadata decide' test "$(wc -l <half.csv)" -eq 601
run 0 convert events.h5 other.csv --part train --split .5,.1,.2,.2 --split-seed 9 -q
check 'another split' test "$(wc -l <other.csv)" -gt 1850
run 0 convert events.h5 numbered.csv --row-numbers -q
check 'row numbers of all rows' test "$(tail -n 1 numbered.csv | sed 's/.*,//')" -eq 3999
refuse 2 '--split-seed means nothing without --part' convert events.h5 x.h5 --split-seed 9
for other in x.csv x.parquet; do
    refuse 2 "$other: compression by gzip;HDF5" convert events.h5 "$other" --gzip 3
    refuse 2 "$other: compression by gzip;HDF5" simulate -o "$other" --events 100 --gzip 3
done
refuse 2 '--metadata means nothing without --part' systematics events.h5 x.h5 --metadata half.json
refuse 2 "--part;'test';train, validation, holdout or pool" convert events.h5 x.h5 --part test
refuse 3 'events.h5;no rows in the pool part' convert events.h5 x.h5 --part pool --split .5,.1,.4,0
refuse 3 'pseudo.h5;distorted' convert pseudo.h5 x.h5 --part pool
finish
