#!/bin/sh
# One matrix in an HDF5 file, written by h5py in the ways that people write it: read like the table, or refused with one
# line that says where.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python numpy h5py

run 0 simulate -o "$work/log/events.h5" --events 300 -q
run 0 convert "$work/log/events.h5" "$work/log/events.csv"
run 0 convert "$work/log/events.csv" "$work/log/table.h5"
mkdir "$work/matrix"
"$PYTHON" "$here/hdf5_matrix.py" "$work/log/events.h5" "$work/matrix" >"$work/log/cases" 2>"$err" ||
    { fail 'the cases could not be made'; show; }
check 'there are good cases' [ "$(grep -c ';$' "$work/log/cases")" -ge 7 ]
check 'there are bad cases' [ "$(grep -vc ';$' "$work/log/cases")" -ge 18 ]
printf 'precious\n' >old.h5

turn=0
while IFS=';' read -r file words; do
    path=$work/matrix/$file
    if [ -z "$words" ]; then
        run 0 convert "$path" "$work/log/again.h5" --overwrite
        check "$file gives the same bytes as the CSV" cmp "$work/log/table.h5" "$work/log/again.h5"
        continue
    fi
    refuse 3 "$file;$words" convert "$path" old.h5 --overwrite
    turn=$(((turn + 1) % 3))
    case $turn in
    0) refuse 3 "$file;$words" systematics "$path" new.h5 ;;
    1) refuse 3 "$file;$words" train "$path" -o new.h5 --set trees=2 ;;
    2) refuse 3 "$file;$words" info "$path" ;;
    esac
done <"$work/log/cases"
finish
