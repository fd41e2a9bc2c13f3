#!/bin/sh
# Many pseudo-experiments on several ranks of MPI: the same files as one process writes, errors once, no rank left waiting.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
command -v mpirun >/dev/null || missing 'no mpirun (openmpi-bin)'
# A container has no other user; more ranks than processors are wanted here.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# MPI keeps memory until the end and unloads its modules before, so that no list of suppressions could name them. What
# leaks of ours is seen without MPI (evaluate.sh, test_baseline_batches.c).
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
unset OMP_NUM_THREADS # nproc would believe it
if timeout 60 mpirun --oversubscribe -n 2 "$FB" evaluate --help 2>&1 | grep -q 'built without MPI'; then
    missing 'the program was built without MPI'
fi

# ranks STATUS N ARGUMENT...: as `run`, with N ranks, and never for ever.
ranks() {
    wanted=$1
    n=$2
    shift 2
    checks=$((checks + 1))
    timeout -k 5 300 mpirun --oversubscribe -n $n "$FB" "$@" >"$out" 2>"$err" </dev/null
    status=$?
    if [ "$status" -ne "$wanted" ]; then
        fail "exit code $status, expected $wanted: $n ranks: $*"
        show
    fi
}

# one_error WORDS: one line of ours, with these words; mpirun may have its own.
one_error() {
    check "one line of error: $1" [ "$(grep -c '^fair-baseline: ' "$err")" -eq 1 ]
    grep '^fair-baseline: error: ' "$err" | grep -qF -e "$1" || { fail "the error does not say '$1'"; show; }
}

# same FOLDER ORIGINAL: the same files with the same contents, but for the durations.
same() {
    check "$1 as $2" diff -r -x ingestion_duration.json -I '^ *"ingestion_duration": [0-9]*$' "$2" "$1"
}

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

# started FOLDER: rank 1 writes its number into a file and becomes the program; waits until something is recorded.
started() {
    # shellcheck disable=SC2016 # for the other shell
    timeout -k 5 300 mpirun --oversubscribe -n 2 sh -c 'echo $$ >"$0.$OMPI_COMM_WORLD_RANK"; exec "$@"' \
        "$work/log/$1" "$FB" evaluate analysis.h5 events.h5 -o "$1" $many --batch 1 >"$out" 2>"$err" </dev/null &
    job=$!
    tidy="kill -s KILL $job"
    waited=0
    while ! grep -q '"experiment":2,' "$1/experiments.part.jsonl" 2>/dev/null && [ $waited -lt 2400 ]; do
        waited=$((waited + 1))
        sleep 0.05
    done
    check "$1: something is recorded" grep -q mu_hat "$1/experiments.part.jsonl"
}

# gone PID: it must end within 30 s; in a container nobody may bury the dead.
# shellcheck disable=SC2317 # `check` calls it
gone() {
    waited=0
    while grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null && [ $waited -lt 600 ]; do
        waited=$((waited + 1))
        sleep 0.05
    done
    [ $waited -lt 600 ]
}

# ended FOLDER: the job must fail soon, and leave no rank behind.
ended() {
    check "$1: the job ends" gone $job
    wait $job
    check "$1: the job fails" [ $? -ne 0 ]
    tidy=:
    for rank in 0 1; do
        check "$1: rank $rank is gone" gone "$(cat "$work/log/$1.$rank")"
    done
    check "$1: not complete" test ! -e "$1/summary.json"
}

started killed
kill -9 "$(cat "$work/log/killed.1")"
ended killed
ranks 0 2 evaluate analysis.h5 events.h5 -o killed $many --resume
same killed long
# A signal to one rank reaches all; rank 0 says what is there.
started stopped
kill "$(cat "$work/log/stopped.1")"
ended stopped
check 'interrupted' grep -q '^fair-baseline: error: interrupted$' "$err"
check 'says how to go on' grep -q 'stopped: .* experiments are recorded; go on with --resume' "$err"
run 0 evaluate analysis.h5 events.h5 -o stopped $many --resume
same stopped long
# A signal to mpirun, as Ctrl-C; `timeout` hands it on.
started asked
kill $job
ended asked
ranks 0 3 evaluate analysis.h5 events.h5 -o asked $many --resume
same asked long
# What cannot be shared says so, once.
ranks 2 2 leaderboard events.h5 -o board --methods one-bin
one_error 'leaderboard: runs on one rank'
check 'nothing is begun' [ ! -e board ]
finish
