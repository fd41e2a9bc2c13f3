#!/bin/sh
# Many pseudo-experiments, of one analysis and of a leaderboard, on several ranks of MPI: the same files as one process
# writes, errors once, no rank left waiting.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/ranks/common.sh
. "$(dirname "$0")/ranks/common.sh"

run 0 simulate -o events.h5 --events 40000 --seed 5
run 0 train events.h5 -o analysis.h5 --set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2
few='--num-of-sets 2 --num-pseudo-experiments 2 --random-seed 3 --max-failed 10'
run 0 evaluate analysis.h5 events.h5 -o whole $few

ranks 0 2 evaluate analysis.h5 events.h5 -o two $few --verbose
same two whole
threads=$(sed -n 's/.*: 2 ranks with \([0-9]*\) threads together$/\1/p' "$err")
most=$(nproc)
[ "$most" -ge 2 ] || most=2
check 'every rank has a thread' [ "${threads:-0}" -ge 2 ]
check 'no more threads than processors' [ "${threads:-0}" -le "$most" ]
check 'the table is printed once' [ "$(grep -c 'coverage  ' "$out")" -eq 1 ]
ranks 0 3 evaluate analysis.h5 events.h5 -o three $few --batch 1 --json
same three whole
check 'the JSON is printed once' cmp "$out" whole/summary.json
# More ranks than work, the official draws, and a shard.
ranks 0 2 evaluate analysis.h5 -o little --num-of-sets 1 --num-pseudo-experiments 1 --max-failed 1
check 'a rank without work' test -s little/summary.json
run 0 train events.h5 -o official.h5 --set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2 --split-rule official
run 0 evaluate official.h5 events.h5 -o official $few --generator official
ranks 0 2 evaluate official.h5 events.h5 -o official2 $few --generator official
same official2 official
run 0 evaluate analysis.h5 events.h5 -o shard1 $few --shard 1/2
ranks 0 2 evaluate analysis.h5 events.h5 -o ranks1 $few --shard 1/2 --threads 3 --verbose
check '--threads is per rank' grep -q ': 2 ranks with 6 threads together$' "$err"
same ranks1 shard1
run 0 evaluate analysis.h5 events.h5 -o shard2 $few --shard 2/2
run 0 merge shard2 ranks1 -o merged
same merged whole

# An error on all ranks, on rank 0, on another one.
ranks 2 2 evaluate analysis.h5 events.h5 -o x --num-of-sets 0
one_error '--num-of-sets'
ranks 2 2 evaluate analysis.h5 events.h5
one_error '-o DIR is missing'
ranks 3 2 evaluate nowhere.h5 events.h5 -o x $few
one_error 'nowhere.h5'
ranks 3 2 evaluate analysis.h5 events.h5 -o whole $few
one_error 'whole: holds the results'
head -c 1000 events.h5 >half.h5
for pool in nowhere.h5 half.h5; do
    ranks 3 1 evaluate analysis.h5 events.h5 -o x $few : -n 1 "$FB" evaluate analysis.h5 $pool -o x $few
    one_error $pool
done
ranks 2 1 evaluate analysis.h5 events.h5 -o x $few : -n 1 "$FB" evaluate analysis.h5 events.h5 -o x $few --draw tes
one_error 'rank 1 has another evaluation'
ranks 2 1 evaluate analysis.h5 events.h5 -o x $few : -n 1 "$FB" evaluate analysis.h5 events.h5 -o x $few --shard 1/2
one_error 'rank 1 has another order of work'
check 'nothing is left behind' test ! -e x

# A leaderboard: rank 0 trains, all run the experiments.
mkdir methods analyses
small='set: [trees=12, depth=3], share: 0.3, degree: "2"'
printf 'train: {%s, bins: 8}\n' "$small" >methods/trees.yaml
printf 'train: {%s, bins: 4, drop-bins: 3}\nfit: {systematics: none}\n' "$small" >methods/one.yaml
both='--methods methods/trees.yaml,methods/one.yaml'
few='--num-of-sets 2 --num-pseudo-experiments 3 --random-seed 3'

# same_board FOLDER ORIGINAL: as `same`; the table but for its last column, the seconds.
same_board() {
    check "$1 as $2" diff -r -x ingestion_duration.json -x leaderboard.html -x leaderboard.md \
        -I '^ *"ingestion_duration": [0-9]*$' -I '^ *"cpu_seconds": ' "$2" "$1"
    for name in "$1" "$2"; do
        sed 's/|[^|]*|$//' $name/leaderboard.md >$work/log/$name.md
    done
    check "the table of $1 as of $2" cmp $work/log/$1.md $work/log/$2.md
}

run 0 leaderboard events.h5 -o board $both $few
ranks 0 2 leaderboard events.h5 -o board2 $both $few --verbose
same_board board2 board
check 'rank 0 alone trains' [ "$(grep -c ': trees: train$' "$err")" -eq 1 ]
check 'the table is printed once' cmp "$out" board2/leaderboard.md
for method in trees one; do
    cp board/$method/analysis.h5 analyses/$method.h5
done
ranks 0 3 leaderboard events.h5 -o board3 $both $few --analyses analyses --batch 1 --check board/leaderboard.json
check 'nothing got worse' [ "$(grep -c '| ok |' "$out")" -eq 8 ]
for method in trees one; do
    rm board/$method/analysis.h5 # board3 has none
done
check 'that they were there already is recorded' sed -i '/^  analyses: analyses$/d' board3/config.yaml
same_board board3 board
for method in trees one; do
    cp analyses/$method.h5 board/$method/analysis.h5
    cp analyses/$method.h5 board3/$method/analysis.h5
    head -n 3 board/$method/experiments.jsonl >board3/$method/experiments.part.jsonl
    rm board3/$method/experiments.jsonl board3/$method/summary.json
done
ranks 0 2 leaderboard events.h5 -o board3 $both $few --resume
same_board board3 board
# Its only experiment is run by rank 1.
ranks 0 2 leaderboard events.h5 -o single $both --num-of-sets 1 --num-pseudo-experiments 1 --analyses analyses
check 'the seconds of all ranks' [ "$(grep -c '"cpu_seconds": 0\.[0-9]*[1-9]' single/leaderboard.json)" -eq 2 ]

# With a method of somebody else, which every rank starts for itself.
constant='while read -r f; do echo "{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}"; done'
run 0 leaderboard events.h5 -o theirs --methods methods/one.yaml --method "$constant" $few
ranks 0 2 leaderboard events.h5 -o theirs2 --methods methods/one.yaml --method "$constant" $few
same_board theirs2 theirs

ranks 2 2 leaderboard events.h5 $both
one_error '-o DIR is missing'
ranks 3 2 leaderboard events.h5 -o board $both $few
one_error 'holds the results'
ranks 2 2 leaderboard events.h5 -o x $both $few --analyses analyses --split-seed 2
one_error 'was trained with the split'

# differ STATUS WORDS WHAT-RANK-0-GETS WHAT-RANK-1-GETS
differ() {
    ranks $1 1 leaderboard events.h5 $few $3 : -n 1 "$FB" leaderboard events.h5 $few $4
    one_error "$2"
}
differ 2 '-o DIR is missing' "$both -o x" "$both"
differ 3 nowhere.yaml "$both -o x" '--methods nowhere.yaml -o x'
differ 2 'rank 1 has another order of work' "$both -o x --analyses analyses" \
    '--methods methods/one.yaml,methods/trees.yaml -o x --analyses analyses'
differ 2 'rank 1 has another order of work' "$both -o x --analyses analyses" "$both -o x --analyses analyses --batch 3"
differ 2 'rank 1 has another evaluation of method trees' "$both -o x --analyses analyses" \
    "$both -o x --analyses analyses --draw tes"
mkdir others
cp analyses/one.h5 others/one.h5
cp analysis.h5 others/trees.h5
differ 2 'rank 1 has another evaluation of method trees' "$both -o x --analyses analyses" "$both -o x --analyses others"
check 'nothing is left behind' test ! -e x
differ 3 'rank 1 reads the analyses that rank 0 made: y/trees/analysis.h5' "$both -o x" "$both -o y"
check 'what was trained is kept' test -s x/trees/analysis.h5 -a ! -e x/leaderboard.json -a ! -e y

# A rank is killed: the others end, and the run goes on later.
many='--num-of-sets 2 --num-pseudo-experiments 12 --random-seed 3 --max-failed 40'
run 0 evaluate analysis.h5 events.h5 -o long $many

started killed evaluate analysis.h5 events.h5 $many --batch 1
kill -9 "$(cat "$work/log/killed.1")"
ended killed
ranks 0 2 evaluate analysis.h5 events.h5 -o killed $many --resume
same killed long
# A signal to one rank reaches all; rank 0 says what is there.
started stopped evaluate analysis.h5 events.h5 $many --batch 1
kill "$(cat "$work/log/stopped.1")"
ended stopped
check 'interrupted' grep -q '^fair-baseline: error: interrupted$' "$err"
check 'says how to go on' grep -q 'stopped: .* experiments are recorded; go on with --resume' "$err"
run 0 evaluate analysis.h5 events.h5 -o stopped $many --resume
same stopped long
# A signal to mpirun, as Ctrl-C; `timeout` hands it on.
started asked evaluate analysis.h5 events.h5 $many --batch 1
kill $job
ended asked
ranks 0 3 evaluate analysis.h5 events.h5 -o asked $many --resume
same asked long
finish
