#!/bin/sh
# The regression benchmark on a small scale: committed analyses, small experiments, the results of an earlier version.
. "$(dirname "$0")/common.sh"
data=$here/../data/leaderboard
mkdir analyses
cp "$data"/*.h5 analyses
cp analyses/bdt.h5 analyses/tes-only.h5
cp analyses/bdt.h5 analyses/stat-only.h5

# board EXIT FOLDER: all methods of the reference against it.
board() {
    run "$1" leaderboard events.h5 -o "$2" --methods bdt,one-bin,tes-only,stat-only,kit --analyses analyses \
        --num-of-sets 4 --num-pseudo-experiments 10 --seed 1 --check "$data/reference.json"
}

run 0 simulate -o events.h5 --events 200000 --seed 5
board 0 now
check 'twenty comparisons' test "$(grep -c '| ok |' "$out")" -eq 20

# The same with a fit that believes in other priors than the data come from, and one that is held at a wrong value.
mkdir methods
cp "$here"/../../baseline/methods/*.yaml methods
export FAIR_BASELINE_METHODS="$PWD/methods"
printf 'fit: {systematics: none, fix: [tes=0.98]}\n' >methods/bdt.yaml
board 5 damaged
check 'the damaged method is found' grep -q '^| bdt .*WORSE' "$out"
check 'and no other' test "$(grep -c 'WORSE' "$out")" -eq "$(grep -c '^| bdt .*WORSE' "$out")"
finish
