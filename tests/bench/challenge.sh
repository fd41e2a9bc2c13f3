#!/bin/sh
# The whole challenge, measured: pseudo-experiments of a million events with all six nuisance parameters through trees
# and net, beside the official kit's stages in Python; then ranks, threads, and neither. Prints tables in Markdown.
# Usage: sh tests/bench/challenge.sh [SETS EXPERIMENTS]     (10 100: 20 minutes on 2 idle cores)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
sets=${1:-10} experiments=${2:-100}
for module in h5py iminuit numpy pandas xgboost; do
    "$python" -c "import $module" 2>/dev/null ||
        { echo "$python has no $module: apt-get install python3-$module" >&2; exit 1; }
done
build=$here/../../build/release
[ -e "$build/CMakeCache.txt" ] || (cd "$here/../.." && cmake --preset release >/dev/null)
cmake --build "$build" --target fair-baseline -j 2 >/dev/null
program=$build/fair-baseline
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" PYTHONDONTWRITEBYTECODE=1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

say() { echo "$*" >&2; }
load() { echo "load.$1 $(cut -d ' ' -f 1 /proc/loadavg)" >>"$folder/results"; }
kit() {
    say "the kit's stages"
    "$python" "$here/challenge_kit.py" "$folder/events.h5" "$folder/trees.h5" 2 | sed 's/^/kit./' >>"$folder/results"
}
# evaluate NAME ANALYSIS SETS EXPERIMENTS [OPTIONS...]
evaluate() {
    name=$1 analysis=$2
    say "evaluate: $name"
    # shellcheck disable=SC2086 # the launcher is words
    ${launcher:-} "$program" evaluate "$folder/$analysis.h5" "$folder/events.h5" -o "$folder/$name" --overwrite \
        --num-of-sets "$3" --num-pseudo-experiments "$4" --quiet "${5:---seed=31415}" >/dev/null
}

say "simulate and train"
"$program" simulate -o "$folder/events.h5" --events 4000000 --seed 11 --overwrite --quiet >/dev/null
"$program" train "$folder/events.h5" -o "$folder/trees.h5" --overwrite --share 0.1 --degree 3 --set trees=300 --set depth=8 \
    --set eta=0.05 --set patience=300 --quiet >/dev/null
"$program" train "$folder/events.h5" -o "$folder/net.h5" --overwrite --model dense --share 0.1 --degree 3 --set epochs=6 \
    --quiet >/dev/null
load before
kit
for kind in trees net; do
    launcher="/usr/bin/time -o $folder/$kind.time -f %M" evaluate "$kind" "$kind" "$sets" "$experiments"
    echo "$kind.kilobytes $(cat "$folder/$kind.time")" >>"$folder/results"
done
kit
launcher=''
for round in 1 2; do
    evaluate "one.$round" trees 1 24 --threads=1
    evaluate "threads.$round" trees 1 24 --threads=2
    command -v mpirun >/dev/null && launcher='mpirun -n 2' && evaluate "ranks.$round" trees 1 24 --threads=1
    launcher=''
done
load after
"$python" "$here/challenge_table.py" "$folder"
