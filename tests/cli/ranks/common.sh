# shellcheck shell=sh disable=SC2034,SC2154 # $out, $err, $work, $tidy are of common.sh
# Sourced, after common.sh, by the scripts that run the program on several ranks of MPI.
command -v mpirun >/dev/null || missing 'no mpirun (openmpi-bin)'
# A container has no other user; more ranks than processors are wanted here.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# MPI keeps memory until the end and unloads its modules before, so that no list of suppressions could name them. What
# leaks of ours is seen without MPI (evaluate.sh, test_work_schedule.c).
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
    timeout -k 5 300 mpirun --oversubscribe -n "$n" "$FB" "$@" >"$out" 2>"$err" </dev/null
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

# started FOLDER ARGUMENT...: the program with these arguments and -o FOLDER on two ranks, which write their numbers into
# files; waits until the experiment with number 2 of a set is recorded.
started() {
    folder=$1
    shift
    # shellcheck disable=SC2016 # for the other shell
    timeout -k 5 300 mpirun --oversubscribe -n 2 sh -c 'echo $$ >"$0.$OMPI_COMM_WORLD_RANK"; exec "$@"' \
        "$work/log/$folder" "$FB" "$@" -o "$folder" >"$out" 2>"$err" </dev/null &
    job=$!
    tidy="kill -s KILL $job"
    waited=0
    while ! grep -q '"experiment":2,' "$folder/experiments.part.jsonl" 2>/dev/null && [ $waited -lt 2400 ]; do
        waited=$((waited + 1))
        sleep 0.05
    done
    check "$folder: something is recorded" grep -q mu_hat "$folder/experiments.part.jsonl"
}

# gone PID: it must end within 30 s; in a container its parent may never wait for it.
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
    check "$1: the job ends" gone "$job"
    wait "$job"
    check "$1: the job fails" [ $? -ne 0 ]
    tidy=:
    for rank in 0 1; do
        check "$1: rank $rank is gone" gone "$(cat "$work/log/$1.$rank")"
    done
    check "$1: not complete" test ! -e "$1/summary.json"
}
