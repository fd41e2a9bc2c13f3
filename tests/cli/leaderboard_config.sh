#!/bin/sh
# What a leaderboard leaves to make it again: config.yaml for all of it, and for each of its methods alone.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
export FAIR_BASELINE_METHODS="$PWD/methods"

run 0 simulate -o events.h5 --events 40000 --seed 5
mkdir methods
small='set: [trees=12, depth=3], share: 0.3, degree: "2"'
printf 'train: {%s, bins: 8, binning: uniform}\nfit: {fix: [jes=1.001], as-kit: true}\n' "$small" >methods/kit.yaml
printf 'train: {%s, bins: 4, drop-bins: 3}\nfit: {systematics: none}\n' "$small" >methods/one.yaml

# same FOLDER ORIGINAL: the same files, but for the durations.
same() {
    check "$1 as $2" diff -r -x ingestion_duration.json -x leaderboard.html -x leaderboard.md \
        -I '^ *"ingestion_duration": [0-9]*$' -I '^ *"cpu_seconds": ' "$2" "$1"
}

run 0 leaderboard events.h5 -o board --methods kit,one --num-of-sets 2 --num-pseudo-experiments 2 --random-seed 3 \
    --draw tes,ttbar-scale --generator official --split-rule official
run 0 leaderboard events.h5 -o again --config board/config.yaml --threads 1 --batch 3 --check board/leaderboard.json
same again board
check 'compared with the first' test "$(grep -c '| ok |' "$out")" -eq 8
check 'it does not say how it was done' sh -c '! grep -q -e threads -e output -e batch -e check again/config.yaml'
check 'the seed is there once' test "$(grep -c '^  \(random-\)*seed: ' board/config.yaml)" -eq 1

# A method alone. The second has the classifier of the first and bins of its own.
for method in kit one; do
    run 0 train events.h5 -o $method.h5 --config board/$method/config.yaml
    check "the analysis of $method" cmp $method.h5 board/$method/analysis.h5
    run 0 evaluate $method.h5 events.h5 -o alone-$method --config board/$method/config.yaml --max-failed 4
    for name in result_0.json result_1.json scores.json summary.json; do
        check "$method alone: $name" cmp alone-$method/$name board/$method/$name
    done
done

# Methods of others.
constant='while read -r f; do echo "{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}"; done'
run 0 leaderboard events.h5 -o others --methods '' --method "$constant" --num-of-sets 2 --num-pseudo-experiments 1 \
    --split-seed 4 --method-format csv
run 0 leaderboard events.h5 -o others-again --config others/config.yaml
same others-again others
run 0 evaluate events.h5 -o alone --config others/command-1/config.yaml
check 'a command alone' cmp alone/summary.json others/command-1/summary.json
check 'with all that was chosen' \
    test "$(grep -cxF -e '  method-format: csv' -e '  split-seed: 4' -e '  num-of-sets: 2' others/command-1/config.yaml)" -eq 3
finish
