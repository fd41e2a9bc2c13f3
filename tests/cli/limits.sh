#!/bin/sh
# Little address space and few processes, as batch systems and containers give them: with as many threads as can be had
# the results are the same, and what cannot be done ends with one line that says what is missing.
. "$(dirname "$0")/common.sh"

in=$work/log
small="--set trees=5 --set depth=2 --bins 3 --degree 1 -q"
run 0 simulate -o "$in/events.h5" --events 20000 -q
# shellcheck disable=SC2086 # several words
run 0 train "$in/events.h5" -o "$in/analysis.h5" $small
# shellcheck disable=SC2086
run 0 train "$in/events.h5" -o "$in/one.h5" $small --set threads=1
run 0 train "$in/events.h5" -o "$in/net.h5" --model dense --set epochs=2 --bins 3 --degree 1 -q
run 0 pseudo "$in/events.h5" -o "$in/data.h5" --seed 7 -q
run 0 fit "$in/analysis.h5" "$in/data.h5"
cp "$out" "$in/fit.txt"
program=$FB

# --- address space ----------------------------------------------------------------------------------------------------
# A program within a limit of so many KiB; it is ended when it searches for memory without end.
within() {
    printf '#!/bin/sh\nulimit -v %s && exec timeout 300 "%s" "$@"\n' "$1" "$program" >"$work/log/limited"
    chmod 755 "$work/log/limited"
    FB=$work/log/limited
}

within 4000000
if "$FB" --version >"$out" 2>&1; then
    # OpenBLAS alone takes more than 250000 KiB, and what needs it says so; all else does without.
    within 250000
    run 0 --version
    run 0 fit "$in/analysis.h5" "$in/data.h5" --threads 2
    check 'the same fit' cmp "$out" "$in/fit.txt"
    # shellcheck disable=SC2086
    run 0 train "$in/events.h5" -o analysis.h5 $small --threads 2
    check 'the same analysis' cmp analysis.h5 "$in/analysis.h5"
    refuse 1 'model dense;address space;ulimit -v' train "$in/events.h5" -o net.h5 --model dense --set epochs=2 -q
    run 0 fit "$in/net.h5" "$in/data.h5" # a trained one needs no OpenBLAS
    # The stacks of so many threads do not fit.
    run 0 fit "$in/analysis.h5" "$in/data.h5" --threads 64
    check 'the same fit with fewer threads' cmp "$out" "$in/fit.txt"
    check 'fewer threads are told' grep -q 'of 64 threads can be started' "$err"
    # Here they do, but with a buffer of OpenBLAS for each they do not.
    within 600000
    run 0 train "$in/events.h5" -o net.h5 --model dense --set epochs=2 --bins 3 --degree 1 -q --threads 8
    check 'the same net' cmp net.h5 "$in/net.h5"
    # Whatever is missing, one line says so.
    for limit in 70000 90000 110000 130000; do
        within $limit
        "$FB" fit "$in/analysis.h5" "$in/data.h5" --threads 2 -q >"$out" 2>"$err" </dev/null
        status=$?
        checks=$((checks + 1))
        case $status in
        0) cmp "$out" "$in/fit.txt" || fail "another fit within $limit KiB" ;;
        1 | 3 | 127) [ "$(wc -l <"$err")" -eq 1 ] || { fail "$limit KiB: not one line"; show; } ;;
        *) fail "exit code $status within $limit KiB"; show ;;
        esac
    done
else
    echo 'not tried: this build needs more address space than is limited here (AddressSanitizer)'
    # Its search for leaks at the end needs a process that is not allowed below.
    export ASAN_OPTIONS=detect_leaks=0
fi

# --- processes --------------------------------------------------------------------------------------------------------
# Root may have any number, and others have processes that count: a user who has none.
USER_ID=54321
cp "$program" "$work/program"
chmod 755 "$work" "$work/log" "$work/program"
chmod 777 "$work/here"
chmod 644 "$in"/*.h5
alone() {
    printf '#!/bin/sh\nexec setpriv --reuid=%s --regid=%s --clear-groups prlimit --nproc=%s timeout 300 "%s" "$@"\n' \
        $USER_ID $USER_ID "$1" "$work/program" >"$work/log/limited"
    FB=$work/log/limited
    chmod 755 "$FB"
}
alone 100
if [ "$(id -u)" -eq 0 ] && "$FB" --version >"$out" 2>&1; then
    # timeout is a process too, so with 2 the program has one thread and with 3 two.
    alone 2
    run 0 --version
    run 0 fit "$in/analysis.h5" "$in/data.h5" --threads 4
    check 'the same fit with one thread' cmp "$out" "$in/fit.txt"
    check 'one thread is told' grep -q '1 of 4 threads can be started' "$err"
    rm -f analysis.h5 net.h5
    # What XGBoost gives depends on its number of threads, so it is not changed unasked.
    # shellcheck disable=SC2086
    refuse 1 'threads=2 cannot be started;threads=1' train "$in/events.h5" -o analysis.h5 $small
    # shellcheck disable=SC2086
    run 0 train "$in/events.h5" -o one.h5 $small --set threads=1
    check 'the same analysis with one thread' cmp one.h5 "$in/one.h5"
    run 0 train "$in/events.h5" -o net.h5 --model dense --set epochs=2 --bins 3 --degree 1 -q
    check 'the same net with one thread' cmp net.h5 "$in/net.h5"
    alone 3
    # shellcheck disable=SC2086
    run 0 train "$in/events.h5" -o analysis.h5 $small --threads 4
    check 'the same analysis with two threads' cmp analysis.h5 "$in/analysis.h5"
else
    echo 'not tried: few processes, which need root and setpriv'
fi

finish
