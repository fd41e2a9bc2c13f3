#!/bin/sh
# Damaged HDF5 files: every command refuses them with one line that says where, and leaves nothing behind.
. "$(dirname "$0")/common.sh"
need_python numpy h5py

run 0 simulate -o "$work/log/good.h5" --events 300 --gzip 1 -q
run 0 convert "$work/log/good.h5" "$work/log/control.h5"
mkdir "$work/bad"
"$PYTHON" "$here/bad_hdf5.py" "$work/log/good.h5" "$work/bad" >"$work/log/cases" || fail 'the cases could not be made'
check 'there are cases' [ "$(wc -l <"$work/log/cases")" -ge 30 ]
printf 'precious\n' >old.h5

turn=0
while IFS=';' read -r file words; do
    path=$work/bad/$file
    words="$file;$words"
    refuse 3 "$words" convert "$path" old.h5 --overwrite
    turn=$(((turn + 1) % 4))
    case $turn in
    0) refuse 3 "$words" convert "$path" new.csv ;;
    1) refuse 3 "$words" systematics "$path" new.h5 ;;
    2) refuse 3 "$words" train "$path" -o new.h5 --set trees=2 ;;
    3) refuse 3 "$words" info "$path" ;;
    esac
done <"$work/log/cases"

# Open for writing elsewhere: not damaged, and readable all the same.
cat >"$work/log/hold.py" <<'END'
import sys, time
import h5py
f = h5py.File(sys.argv[1], "r+")
f.flush()
print("open", flush=True)
time.sleep(600)
END
cp "$work/log/good.h5" "$work/bad/held.h5"
"$PYTHON" "$work/log/hold.py" "$work/bad/held.h5" >"$work/log/held" &
holder=$!
tidy="kill $holder"
until [ -s "$work/log/held" ] || ! kill -0 "$holder" 2>/dev/null; do sleep 0.1; done
refuse 3 'held.h5: another program has it open for writing;HDF5_USE_FILE_LOCKING=FALSE' convert "$work/bad/held.h5" new.csv
export HDF5_USE_FILE_LOCKING=FALSE
run 0 info "$work/bad/held.h5"
unset HDF5_USE_FILE_LOCKING
kill "$holder"
wait "$holder" 2>/dev/null
tidy=:

# Analyses: cut, and without parts that are needed.
run 0 simulate -o "$work/log/events.csv" --events 3000 -q
run 0 train "$work/log/events.csv" -o "$work/log/analysis.h5" --set trees=3 --set depth=2 --bins 3 --degree 1 -q
size=$(wc -c <"$work/log/analysis.h5")
for part in 10 1000 $((size / 2)) $((size - 1)); do
    head -c "$part" "$work/log/analysis.h5" >"$work/bad/analysis.h5"
    refuse 3 'analysis.h5;is not a whole HDF5 file' fit "$work/bad/analysis.h5" "$work/log/good.h5"
    refuse 3 'analysis.h5;is not a whole HDF5 file' evaluate "$work/bad/analysis.h5" -o results
done
# without WORDS PYTHON: the analysis after a statement on the open file f.
without() {
    cp "$work/log/analysis.h5" "$work/bad/analysis.h5"
    "$PYTHON" -c "
import h5py, numpy as np
f = h5py.File('$work/bad/analysis.h5', 'r+')
$2
f.close()" || fail "cannot spoil: $2"
    refuse 3 "analysis.h5;$1" fit "$work/bad/analysis.h5" "$work/log/good.h5"
}
without 'is not an analysis' "del f.attrs['kind']"
without 'schema' "f.attrs['schema_version'] = 99"
without '/classifier/model' "del f['classifier/model']"
without 'damaged' "f['classifier/model'][100:200] = 0"
without '/templates/yield' "del f['templates/yield']; f['templates/yield'] = np.ones((4, 1))"
without '/templates/edge' "f['templates/edge'][1] = 70000"
without 'unknown combination' "f['templates'].attrs['combination'] = np.bytes_('sum')"
without '/split/factor' "del f['split/factor']"
without 'degree' "g = [g for g in f['templates'].values() if 'degree' in g.attrs][0]; g.attrs['degree'] = 77"
refuse 3 'good.h5;is not an analysis' fit "$work/log/good.h5" "$work/log/good.h5"
refuse 3 'good.h5;is not an analysis' evaluate "$work/log/good.h5" -o results

# Observed events are not distorted a second time.
run 0 systematics "$work/log/good.h5" "$work/log/observed.h5"
refuse 3 'observed.h5;already' systematics "$work/log/observed.h5" new.h5
refuse 3 'observed.h5;already' train "$work/log/observed.h5" -o new.h5
refuse 3 'observed.h5;already' pseudo "$work/log/observed.h5" -o new.h5
finish
