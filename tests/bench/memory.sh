#!/bin/sh
# Peak memory and time of the commands that read a whole file, against its number of rows.
# Usage: memory.sh FAIR-BASELINE FOLDER [MILLIONS...]   (GNU time; FOLDER gets 70 MB per million rows, twice)
set -eu
program=${1:?usage: memory.sh FAIR-BASELINE FOLDER [MILLIONS...]}
folder=${2:?usage: memory.sh FAIR-BASELINE FOLDER [MILLIONS...]}
shift 2
[ $# -gt 0 ] || set -- 1 10 50

# measure NAME COMMAND...
measure() {
    name=$1
    shift
    /usr/bin/time -o "$folder/time" -f '%M %e' "$@" --quiet >/dev/null
    read -r kilobytes seconds <"$folder/time"
    printf '%-10s %4s million rows: %5d MB, %6.1f s\n' "$name" "$millions" $((kilobytes / 1024)) "$seconds"
}

for millions in "$@"; do
    events=$folder/events_$millions.h5
    [ -e "$events" ] || measure simulate "$program" simulate --events "${millions}000000" -o "$events"
    measure convert "$program" convert "$events" "$folder/copy.h5" --overwrite
    rm -f "$folder/copy.h5"
    measure train "$program" train "$events" -o "$folder/analysis.h5" --overwrite --set trees=20 --set depth=4 --share 0.02
    measure pseudo "$program" pseudo "$events" -o "$folder/pseudo.h5" --overwrite --tes 1.01 --soft-met 1
    measure evaluate "$program" evaluate "$folder/analysis.h5" "$events" -o "$folder/results" --overwrite \
        --num-of-sets 1 --num-pseudo-experiments 2
    measure info "$program" info "$events"
done
rm -rf "$folder/results" "$folder/analysis.h5" "$folder/pseudo.h5" "$folder/time"
