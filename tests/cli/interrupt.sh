#!/bin/sh
# SIGINT and SIGTERM: the program ends soon, with 130 and 143, says so, and leaves neither output nor temporary files.
. "$(dirname "$0")/common.sh"
in=$work/log
run 0 simulate -o "$in/events.h5" --events 60000 -q
run 0 train "$in/events.h5" -o "$in/analysis.h5" --set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 -q

printf 'train: {set: [trees=100000, patience=100000, eta=0.0001]}\n' >"$in/long.yaml"

# Whether the program has got as far as to catch SIGINT; a busy machine may take its time to start it.
catches() {
    mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
    [ $((0x${mask:-0} & 2)) -ne 0 ]
}

# stop SIGNAL ARGUMENT...: the program, at work for a while, must end within 30 s of the signal. The inputs are such that
# it would work for minutes.
stop() {
    signal=$1
    shift
    checks=$((checks + 1))
    # Not as a job of this shell: those ignore SIGINT.
    "$in/start" "$FB" "$@" >"$out" 2>"$err" </dev/null &
    pid=$!
    tidy="kill -s KILL $pid"
    waited=0
    while ! catches "$pid" && [ $waited -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    sleep 0.5
    kill -0 "$pid" 2>/dev/null || { fail "was done before the signal: $*"; show; }
    kill -s "$signal" "$pid" 2>/dev/null
    waited=0
    while kill -0 "$pid" 2>/dev/null && [ $waited -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    [ $waited -lt 300 ] || { fail "still runs 30 s after SIG$signal: $*"; kill -s KILL "$pid"; }
    wait "$pid"
    code=$?
    tidy=:
    case $signal in INT) wanted=130 ;; *) wanted=143 ;; esac
    [ "$code" -eq $wanted ] || fail "exit code $code, not $wanted, after SIG$signal: $*"
    [ ! -s "$out" ] || { fail "wrote to stdout: $*"; show; }
    [ "$(grep -v 'recorded; go on with --resume' "$err" | sed 's/method long: //')" = 'fair-baseline: error: interrupted' ] ||
        { fail "error of SIG$signal: $*"; show; }
    # Of experiments those that are finished stay.
    if grep -q 'results: .* recorded' "$err"; then
        rm results/experiments.part.jsonl results/ingestion_duration.json && rmdir results
    fi
    [ -z "$(ls -A)" ] || { fail "left behind after SIG$signal: $(find .)"; rm -rf ./*; }
}

# A shell ignores SIGINT in what it starts in the background, and only other programs can undo that.
if command -v env >/dev/null && env --default-signal=INT true 2>/dev/null; then
    printf '#!/bin/sh\nexec env --default-signal=INT,TERM "$@"\n' >"$in/start"
else
    printf '#!/bin/sh\ntrap - INT TERM\nexec "$@"\n' >"$in/start"
fi
chmod +x "$in/start"
for signal in INT TERM; do
    stop "$signal" simulate -o new.h5 --events 1000000000
    stop "$signal" simulate -o new.csv --events 1000000000
    stop "$signal" train "$in/events.h5" -o new.h5 --set trees=100000 --set patience=100000 --set eta=0.0001
    stop "$signal" train "$in/events.h5" -o new.h5 --score-command 'sleep 600'
    stop "$signal" scan "$in/events.h5" -o new.h5 --set trees=100000 --set patience=100000 --try eta=0.0001,0.0002
    stop "$signal" evaluate "$in/analysis.h5" -o results --num-of-sets 1000
    stop "$signal" evaluate --method 'while read -r f; do sleep 600; done' "$in/events.h5" -o results
    stop "$signal" leaderboard "$in/events.h5" -o board --methods "$in/long.yaml"
done
stop TERM evaluate "$in/analysis.h5" "$in/events.h5" -o results --num-of-sets 1000
finish
