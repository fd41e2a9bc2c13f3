#!/bin/sh
# evaluate --method: plug-ins and commands find the right numbers, always the same ones, and leave nothing behind.
# shellcheck disable=SC2086 # lists of options everywhere here
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/plugins/common.sh
. "$(dirname "$0")/plugins/common.sh"
compile "$examples/dummy.c"
compile "$examples/one_bin.c"
# shellcheck disable=SC2016 # a fence, no command
sed -n '/^```c$/,/^```$/p' "$work/prefix/share/doc/fair-baseline/baseline/PLUGINS.md" | sed '/^```/d' >page.c
check 'the page shows the example' cmp page.c "$examples/dummy.c"

run 0 simulate -o events.h5 --events 200000 --seed 5
lighten 0.1 events.h5 light.h5
few='--num-of-sets 2 --num-pseudo-experiments 4 --random-seed 3 --max-failed 8'
run 0 evaluate --method ./dummy.so light.h5 -o dummy $few

# Standard streams that are closed do not become something else's numbers.
"$FB" evaluate --method ./dummy.so light.h5 -o closed $few -q <&- >"$out" 2>&-
check 'closed streams: the same results' cmp closed/experiments.jsonl dummy/experiments.jsonl
"$FB" evaluate --method ./dummy.so light.h5 -o unheard $few -q </dev/null >&- 2>"$err"
check 'what cannot be printed is reported' grep -q 'standard output: cannot be written' "$err"
check 'after the same results' cmp unheard/experiments.jsonl dummy/experiments.jsonl
nothing_left dummy
check 'the dummy answers the same' [ "$(grep -c '"mu_hat":1.0,"delta_mu_hat":1.0,"p16":0.25,"p84":2.5,"sigma":1.125,' \
    dummy/experiments.jsonl)" -eq 8 ]
check 'its name is recorded' grep -q '"method":"dummy"' dummy/experiments.jsonl
check 'the bytes of the library are recorded' grep -q '"plugin":"xxh128:' dummy/experiments.jsonl

# --- the counter: right numbers, same bytes ---------------------------------------------------------------------------
same() {
    for file in experiments.jsonl result_0.json result_1.json test_settings.json scores.json summary.json; do
        check "$2: $file" cmp "whole/$file" "$1/$file"
    done
}
run 0 evaluate --method ./one_bin.so light.h5 -o whole $few --draw none --threads 2
cp "$err" learnt
run 0 systematics light.h5 nominal.h5
check 'the counter counts' "$PYTHON" "$here/plugins/check_one_bin.py" learnt nominal.h5 whole/summary.json \
    whole/experiments.jsonl
run 0 evaluate --method ./one_bin.so light.h5 -o one $few --draw none --threads 1 --batch 3
same one 'one thread'
mkdir stopped
head -c 2000 whole/experiments.jsonl >stopped/experiments.part.jsonl
run 0 evaluate --method ./one_bin.so light.h5 -o stopped $few --draw none --resume
same stopped 'resumed'
for k in 2 1; do
    run 0 evaluate --method ./one_bin.so light.h5 -o shard$k $few --draw none --shard $k/2
done
run 0 merge shard1 shard2 -o merged
same merged 'shards'
run 3 evaluate --method ./one_bin.so light.h5 -o dummy $few --resume
check 'another method does not go on' grep -q 'its "method" is "dummy" and not "one-bin"' "$err"
sed 's/2[.]5/2.25/' "$examples/dummy.c" >dummy.c
compile dummy.c
refuse 3 'dummy;its "fit" is {"plugin":"xxh128:' evaluate --method ./dummy.so light.h5 -o dummy $few --resume

# The same as a program, which gets files.
# shellcheck disable=SC2046
set -- $(sed -n 's/.*>= \(.*\): s \(.*\) b \(.*\) v \(.*\)/\1 \2 \3 \4/p' learnt)
numbers() { # FOLDER: what was found
    sed '1d; s/.*\("events":[0-9]*\).*\("mu_hat":.*\),"at_limit".*/\1 \2/' "$1/experiments.jsonl"
}
run 0 evaluate --method "$PYTHON $examples/one_bin.py $*" light.h5 -o python $few --draw none
nothing_left python
numbers whole >numbers.so
numbers python >numbers.py
check 'plug-in and program agree' cmp numbers.so numbers.py

# A command around our own fit finds what evaluate finds: both see the same events.
run 0 train events.h5 -o analysis.h5 --set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2
few='--num-of-sets 1 --num-pseudo-experiments 2 --random-seed 3 --max-failed 2'
run 0 evaluate analysis.h5 events.h5 -o fit $few
export FB
# shellcheck disable=SC2016 # for the shell that evaluate starts
run 0 evaluate --method 'while read -r f; do "$FB" fit analysis.h5 "$f" --json -q | tr -d "\n"; echo; done' events.h5 \
    -o command $few
mu_hats() {
    sed -n 's/.*"events":\([0-9]*\).*"mu_hat":\([^,]*\),.*/\1 \2/p' "$1/experiments.jsonl"
}
mu_hats fit >numbers.fit
mu_hats command >numbers.command
check 'our fit as a command finds the same' cmp numbers.fit numbers.command
check 'and it was something' grep -q '^[0-9]* [0-9]' numbers.fit

# The rows, and their order, are the same for any number of threads.
# shellcheck disable=SC2016
sums='while read -r f; do n=$(cksum <"$f" | cut -d " " -f 1); echo "{\"mu_hat\": $n, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 1}"; done'
for k in 1 2; do
    run 0 evaluate --method "$sums" --method-format csv light.h5 -o "sums$k" $few --threads $k --batch $k
done
check 'the same tables' cmp sums1/experiments.jsonl sums2/experiments.jsonl
check 'and not the same for all experiments' \
    [ "$(sed -n 's/.*"mu_hat":\([0-9]*\).*/\1/p' sums1/experiments.jsonl | sort -u | wc -l)" -eq 2 ]

# CSV, and events that are simulated afresh.
# shellcheck disable=SC2016
lines='while read -r f; do n=$(($(wc -l <"$f") - 1)); echo "{\"mu_hat\": $n, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 1}"; done'
run 0 evaluate --method "$lines" --method-format csv -o csv --num-of-sets 1 --num-pseudo-experiments 1
nothing_left csv
check 'the rows of the CSV file are the events' [ "$(sed -n 's/.*"events":\([0-9]*\).*"mu_hat":\1[.]0,.*/yes/p' \
    csv/experiments.jsonl | wc -l)" -eq 1 ]

check 'the program in Python says what it needs' sh -c "$PYTHON '$examples/one_bin.py' 2>&1 | grep -q '^usage: one_bin.py CUT S B V'"
finish
