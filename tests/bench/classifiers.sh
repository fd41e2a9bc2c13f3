#!/bin/sh
# Both classifiers against python3-xgboost and python3-torch, on the same events: training and scoring on one and two
# threads, AUC and log-loss, the same bytes twice, and what limits the speed. Prints a table in Markdown; README.md says
# how to read it.
# Usage: sh tests/bench/classifiers.sh [EVENTS.h5 | --rows N]     (N selected events, 300000; 3 minutes on 2 idle cores)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
rows=300000
events=
case "${1:-}" in
    "") ;;
    --rows) rows=${2:?--rows N} ;;
    -*) sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2 ;;
    *) events=$1 rows=2000000 ;;
esac
case $rows in *[!0-9]* | "") echo "--rows: '$rows' is not a number" >&2; exit 2 ;; esac
[ "$rows" -ge 1000 ] || { echo "--rows: at least 1000" >&2; exit 2; }
for module in numpy xgboost torch; do
    "$python" -c "import $module" 2>/dev/null ||
        { echo "$python has no $module: apt-get install python3-numpy python3-xgboost python3-torch" >&2; exit 1; }
done

build=$here/../../build/release
[ -e "$build/CMakeCache.txt" ] || (cd "$here/../.." && cmake --preset release >/dev/null)
cmake --build "$build" --target bench_classifiers -j 2 >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
# For all: threads that wait by spinning slow each other down where another program runs.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" PYTHONDONTWRITEBYTECODE=1

# record KEY COMMAND...: its lines "name value" become "KEY name value" of the results.
record() {
    key=$1
    shift
    echo "$key" >&2
    "$@" >"$folder/out"
    sed "s/^/$key /" "$folder/out" >>"$folder/results"
}
ours() { "$build/tests/bench_classifiers" "$@"; }
xgboost() { "$python" "$here/classifiers_xgboost.py" "$@"; }
torch() { "$python" "$here/classifiers_torch.py" "$@"; }
same() { if cmp -s "$folder/$2" "$folder/$3"; then echo "$1 same 1"; else echo "$1 same 0"; fi >>"$folder/results"; }
load() { echo "load $1 $(cut -d ' ' -f 1 /proc/loadavg)" >>"$folder/results"; }

trees="trees=300 depth=8 eta=0.05 patience=300"
epochs="epochs=10 batch=1024 rate=0.008 l2=0.0001"
load before
record rows ours rows "$folder" "$rows" ${events:+"$events"}

# --- trees ------------------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086 # the settings are words
for n in 1 2; do
    record "bdt.train.ours.$n" ours train "$folder" "$n" bdt "bdt.$n" $trees "threads=$n"
    record "bdt.train.reference.$n" xgboost train "$folder" "$n" "scores.bdt.reference.$n" $trees
    record "bdt.score.reference.$n.before" xgboost score "$folder" "$n" scores.bdt.same-trees bdt.1
    export BENCH_FOREST=padded
    record "bdt.score.padded.$n" ours score "$folder" "$n" bdt bdt.1 "scores.bdt.padded.$n"
    unset BENCH_FOREST
    for set in plain avx2 avx512; do
        export FB_INSTRUCTION_SET="$set"
        record "bdt.score.$set.$n" ours score "$folder" "$n" bdt bdt.1 "scores.bdt.$set.$n"
    done
    unset FB_INSTRUCTION_SET
    record "bdt.score.reference.$n.after" xgboost score "$folder" "$n" scores.bdt.same-trees bdt.1
done
record bdt.score.any ours score "$folder" 2 bdt bdt.2 scores.bdt.ours.2
# shellcheck disable=SC2086
record bdt.train.ours.2.again ours train "$folder" 2 bdt bdt.again $trees threads=2
same bdt bdt.2 bdt.again

# --- nets -------------------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086
for seed in 0 1 2; do
    record "net.train.ours.1.$seed" ours train "$folder" 1 dense "net.$seed" $epochs features=standard "seed=$seed"
    record "net.score.any.$seed" ours score "$folder" 2 dense "net.$seed" "scores.net.ours.$seed"
    export OPENBLAS_NUM_THREADS=1
    record "net.train.reference.1.1-1.$seed" torch train "$folder" 1 "scores.net.reference.$seed" net.0 $epochs "seed=$seed"
    unset OPENBLAS_NUM_THREADS
    record "net.train.auto.2.$seed" ours train "$folder" 2 dense "auto.$seed" $epochs "seed=$seed"
    record "net.score.auto.2.$seed" ours score "$folder" 2 dense "auto.$seed" "scores.net.auto.$seed"
    record "net.train.ours.2.$seed" ours train "$folder" 2 dense "net.2.$seed" $epochs features=standard "seed=$seed"
done
same net.threads net.0 net.2.0
# shellcheck disable=SC2086
record net.train.ours.2.again ours train "$folder" 2 dense net.again $epochs features=standard seed=0
same net net.0 net.again
# shellcheck disable=SC2086
for n in 1 2; do
    record "products.$n.before" ours products "$n"
    record "net.score.ours.$n" ours score "$folder" "$n" dense net.0 scores.net.ours.0
    # Threads of PyTorch and of OpenBLAS: which is fastest is found out here.
    for threads in 1-1 2-1 1-2 2-2; do
        [ "$n" = 2 ] || [ "$threads" = 1-1 ] || continue
        export OPENBLAS_NUM_THREADS="${threads#*-}"
        record "net.score.reference.$n.$threads" torch score "$folder" "${threads%-*}" scores.net.same-weights net.0
        [ "$n" = 1 ] || record "net.train.reference.$n.$threads.0" \
            torch train "$folder" "${threads%-*}" scores.net.unused net.0 $epochs seed=0
        unset OPENBLAS_NUM_THREADS
    done
    record "net.score.ours.$n.again" ours score "$folder" "$n" dense net.0 scores.net.ours.0
    record "products.$n.after" ours products "$n"
done
load after
"$python" "$here/classifiers_table.py" "$folder"
