#!/bin/sh
# Many pseudo-experiments on several ranks of MPI: the same files as one process writes, errors once, no rank left waiting.
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
ranks 2 1 evaluate analysis.h5 events.h5 -o x $few : -n 1 "$FB" evaluate analysis.h5 events.h5 -o x $few --seed 4
one_error 'rank 1 has another evaluation'
ranks 2 1 evaluate analysis.h5 events.h5 -o x $few : -n 1 "$FB" evaluate analysis.h5 events.h5 -o x $few --shard 1/2
one_error 'rank 1 has another order of work'
check 'nothing is left behind' test ! -e x

# A rank is killed: the others end, and the run goes on later.
many='--num-of-sets 2 --num-pseudo-experiments 5 --random-seed 3 --max-failed 40'
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
