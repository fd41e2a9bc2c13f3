#!/bin/sh
# Memory that runs out inside Jansson ends the program with an error: what is written as JSON is complete, or not there.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
ldd "$FB" | grep -q libasan && skip 'the sanitizers have a malloc of their own'
cc -shared -fPIC -O1 "$here/../support/failing_json.c" -o "$work/failing.so" -ldl || fail 'the library does not compile'

# without_memory FIRST STEP FILE ARGUMENT...: for allocation FIRST, FIRST + STEP, ... of all those that the command makes:
# exit code 1 and one error, and no file FILE (if it is not -).
without_memory() {
    at=$1
    step=$2
    file=$3
    shift 3
    [ "$file" = - ] || rm -rf "${file%%/*}"
    run 0 "$@"
    cp "$out" wanted
    n_failed=0
    while :; do
        rm -f failed_at
        [ "$file" = - ] || rm -rf "${file%%/*}"
        LD_PRELOAD=$work/failing.so FAIL_AT=$at FAILED_AT=failed_at "$FB" "$@" >"$out" 2>"$err"
        code=$?
        [ -s failed_at ] || break
        checks=$((checks + 1))
        if [ $code -ne 1 ] || [ "$(grep -c '^fair-baseline: error: out of memory' "$err")" -ne 1 ] || [ -e "$file" ]; then
            fail "allocation $at of '$*' failed, and the exit code is $code"
            show
        fi
        n_failed=$((n_failed + 1))
        at=$((at + step))
    done
    check "without failure, $*" cmp -s wanted "$out"
    check "'$*' has allocations that fail" test "$n_failed" -gt 5
}

run 0 simulate -o events.csv --events 60000 --seed 5 -q
run 0 train events.csv -o analysis.h5 --set trees=5 --bins 5 -q
run 0 pseudo events.csv -o data.csv -q
run 0 evaluate analysis.h5 events.csv -o results --num-of-sets 1 --num-pseudo-experiments 2 -q
head -n 200 events.csv >few.csv

without_memory 1 5 - info few.csv --json
without_memory 1 31 - info analysis.h5 --json
without_memory 1 61 - fit analysis.h5 data.csv --json
without_memory 1 13 - score results --json --overwrite
without_memory 1 5 metadata.json convert few.csv few.parquet --write-metadata metadata.json -q --overwrite
without_memory 1 151 again/summary.json evaluate analysis.h5 events.csv -o again --num-of-sets 1 --num-pseudo-experiments 2 -q
finish
