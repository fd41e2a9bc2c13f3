#!/bin/sh
# A killed run leaves its temporary file; the next run to the same name removes it, and leaves that of a live one alone.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# start FILE: a run that writes it for a long time; $pid is its number.
start() {
    "$FB" simulate -o "$1" --events 1000000000 -q >/dev/null 2>&1 &
    pid=$!
    tidy="kill -s KILL $pid"
    until_there "$1.tmp$pid"
}

for format in h5 csv parquet; do
    file=events.$format
    start $file
    run 0 simulate -o $file --events 100 -q
    check "$file: the file of a live run stays" test -e "$file.tmp$pid"
    kill -s KILL "$pid"
    wait "$pid" 2>/dev/null
    tidy=:
    check "$file: that of a killed run is there" test -e "$file.tmp$pid"
    run 0 simulate -o other.$format --events 100 -q
    check "$file: another name does not matter" test -e "$file.tmp$pid"
    run 0 simulate -o $file --events 50 -q --overwrite
    check "$file: the next run removes it" test -z "$(find . -name '*.tmp*')"
    run 0 info $file
done

# Results on their way, of a run with more sets.
cat >"$work/method.sh" <<'END'
while read -r file; do echo '{"mu_hat": 1, "delta_mu_hat": 1, "p16": 0, "p84": 3}'; done
END
mkdir -p results/results.tmp999999
echo old >results/results.tmp999999/result_3.json
run 0 evaluate --method "sh $work/method.sh" events.csv -o results --num-of-sets 1 --num-pseudo-experiments 1 -q
check 'results: nothing is left' test -z "$(find results -name '*.tmp*')"
finish
