#!/bin/sh
# The whole baseline in one command: installs what is missing, builds, simulates events, trains, measures the templates,
# runs pseudo-experiments and scores them. Results: the folder `results` beside this one, or the one given as argument.
set -eu
cd "$(dirname "$0")/.."

results=${1:-results}
if [ -e "$results" ]; then
    # Never on top of an earlier run.
    n=2
    while [ -e "$results-$n" ]; do n=$((n + 1)); done
    results=$results-$n
fi

sh baseline/packages.sh
echo "== building with $(nproc) processes in $PWD/build/run: a minute or two the first time"
cmake --preset release -DFB_BUILD_TESTS=OFF -B build/run >/dev/null
cmake --build build/run -j "$(nproc)" >/dev/null
program=build/run/fair-baseline
$program --version
echo
mkdir -p "$results"

echo "== 1. events: 6 million simulated ones, most of them Z -> tau tau, whose weight limits the templates"
$program simulate -o "$results/events.h5" --events 6000000 --mixture 0.12,0.75,0.10,0.03 --seed 1

echo
echo "== 2. classifier and templates: 100 trees of depth 5, a small BDT for speed (the default is 300 of depth 8)"
$program train "$results/events.h5" -o "$results/analysis.h5" --split 0.12,0.03,0.85,0 --set trees=100 --set depth=5

echo
echo "== 3. pseudo-experiments: fresh events for each, all six nuisance parameters drawn, 5 true values of mu"
$program evaluate "$results/analysis.h5" -o "$results/evaluation" --num-of-sets 5 --num-pseudo-experiments 4 --seed 31415

echo
echo "analysis: $results/analysis.h5    table as JSON: $results/evaluation/summary.json"
