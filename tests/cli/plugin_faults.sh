#!/bin/sh
# evaluate --method: whatever a method does, it costs one experiment, is reported, and nothing of it is left.
# shellcheck disable=SC2086 # lists of options everywhere here
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/plugins/common.sh
. "$(dirname "$0")/plugins/common.sh"
compile "$here/plugins/misbehave.c"
compile "$examples/dummy.c"
run 0 simulate -o events.h5 --events 40000 --seed 5
lighten 0.02 events.h5 light.h5
few='--num-of-sets 2 --num-pseudo-experiments 4 --random-seed 3 --max-failed 8'

# --- what goes wrong at an experiment ---------------------------------------------------------------------------------
# fails MODE REASON [OPTION...]: every experiment with a multiple of 3 events, and no other, fails, and says why
fails() {
    mode=$1
    reason=$2
    shift 2
    MISBEHAVE=$mode
    export MISBEHAVE
    run 0 evaluate --method ./misbehave.so light.h5 -o "bad-$mode" $few "$@"
    unset MISBEHAVE
    "$PYTHON" - "bad-$mode/experiments.jsonl" "$reason" <<'END' || { fail "$mode"; show; }
import json, sys
rows = [json.loads(line) for line in list(open(sys.argv[1]))[1:]]
bad = [row for row in rows if row["events"] % 3 == 0]
good = [row for row in rows if row["events"] % 3 != 0]
assert len(rows) == 8 and bad and good, (len(bad), len(good))
assert all(row["converged"] and row["mu_hat"] == 1 for row in good), good
assert all(not row["converged"] and row["mu_hat"] is None and sys.argv[2] in row["reason"] for row in bad), bad
END
    checks=$((checks + 1))
    nothing_left "$mode"
}
fails abort 'it was ended by signal 6 (Aborted)'
fails exit 'it ended with exit code 5 instead of an answer'
fails loop 'no answer within 3 s (--time-limit)' --time-limit 3
fails nan 'p84 is not finite'
fails fail 'predict failed (7): I give up'
export MISBEHAVE=abort
run 4 evaluate --method ./misbehave.so light.h5 -o budget --num-of-sets 2 --num-pseudo-experiments 4 \
    --random-seed 3 --max-failed 0
check 'the budget is named' grep -q 'allowed are 0' "$err"
unset MISBEHAVE

# One that does not end when it should: it is made to, and the results are there.
export MISBEHAVE=destroy
run 0 evaluate --method ./misbehave.so light.h5 -o destroy $few
unset MISBEHAVE
check 'all experiments have a result' [ "$(grep -c '"mu_hat":1.0' destroy/experiments.jsonl)" -eq 8 ]
nothing_left destroy

# A process that cannot start again: the experiments after that fail, the run does not.
export MARK="$work/mark" MISBEHAVE=abort
run 0 evaluate --method ./misbehave.so light.h5 -o again $few
check 'not again' grep -q '"reason":"fit failed (7): not again"' again/experiments.jsonl
check 'all are recorded' [ "$(wc -l <again/experiments.jsonl)" -eq 9 ]
rm "$work/mark"
unset MARK MISBEHAVE

# --- what goes wrong before: no experiment could ever be made, and nothing is written --------------------------------
start_fails() { # MODE WORDS [OPTION...]
    export MISBEHAVE="$1"
    words=$2
    shift 2
    refuse 3 "./misbehave.so;$words" evaluate --method ./misbehave.so light.h5 -o x $few "$@"
    unset MISBEHAVE
    nothing_left "$words"
}
start_fails version 'version 42 of plugin.h;has version 1'
start_fails null 'returned NULL'
start_fails name 'its name is not'
start_fails no-fit 'one of create, fit, predict, destroy is NULL'
start_fails create 'create failed (7): no ? luck'
start_fails range 'fit failed (-1): tes 2 is not from 0.9 to 1.1'
start_fails fit-abort 'signal 6'
start_fails fit-loop 'no answer within 1 s (--fit-time-limit)' --fit-time-limit 1
echo 'int nothing;' >nothing.c
cc -shared -fPIC nothing.c -o nothing.so
refuse 3 'nothing.so;fb_plugin_get' evaluate --method ./nothing.so light.h5 -o x
cp nothing.c text.so
refuse 3 'text.so;cannot be loaded' evaluate --method ./text.so light.h5 -o x
refuse 3 'nowhere.so;No such file' evaluate --method ./nowhere.so light.h5 -o x
refuse 2 'dummy.so;EVENTS' evaluate --method ./dummy.so -o x
refuse 2 '--method takes the place of ANALYSIS' evaluate --method ./dummy.so analysis.h5 light.h5 -o x
refuse 2 '--method;--interval' evaluate --method ./dummy.so light.h5 -o x --interval profile
refuse 2 '--split;--method' evaluate analysis.h5 light.h5 -o x --split-seed 2
refuse 2 '--method: is empty' evaluate --method ' ' light.h5 -o x
refuse 2 '--method-format;xml' evaluate --method cat --method-format xml light.h5 -o x
refuse 2 'expected ANALYSIS, or --method' evaluate -o x
refuse 2 '--time-limit' evaluate --method ./dummy.so light.h5 -o x --time-limit 0

# --- commands that are no good ----------------------------------------------------------------------------------------
# bad_command WORDS COMMAND [OPTION...]: every experiment fails with the words.
bad_command() {
    words=$1
    command=$2
    shift 2
    run 4 evaluate --method "$command" light.h5 -o x --num-of-sets 1 --num-pseudo-experiments 3 --overwrite "$@"
    check "$command: $words" [ "$(grep -cF -e "$words" x/experiments.jsonl)" -eq 3 ]
    nothing_left "$command"
}
bad_command 'its answer is not a JSON object: /' cat
for command in no-such-program-anywhere ./light.h5; do
    run 2 evaluate --method "$command" light.h5 -o none --num-of-sets 1 --num-pseudo-experiments 3
    check "$command: cannot be run" grep -q "'$command': cannot be run (exit code 12[67])" "$err"
    check "$command: nothing stays" [ ! -e none ]
    nothing_left "$command"
done
bad_command 'exit code 3' 'read -r f; exit 3'
bad_command 'exit code 0' 'true'
# Once it had all the time to learn; who did not answer then is not given it again.
bad_command 'no answer within' ": $work/here/; sleep 300" --time-limit 0.5 --fit-time-limit 1.5
check 'the first one' [ "$(grep -cF 'within 2 s (--time-limit + --fit-time-limit)' x/experiments.jsonl)" -eq 1 ]
check 'the others' [ "$(grep -cF 'within 0.5 s (--time-limit)' x/experiments.jsonl)" -eq 2 ]
bad_command 'it closed its output' 'exec >&-; sleep 300'
bad_command 'more than one line' 'printf "{}\nnow\n"; sleep 300'
bad_command 'longer than' "while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"
bad_command 'no number p84' "while read -r f; do echo '{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 1}'; done"
bad_command 'no number mu_hat' "while read -r f; do echo '{\"mu_hat\": \"1\"}'; done"
bad_command 'mu_hat is not finite' "while read -r f; do echo '{\"mu_hat\": NaN}'; done"
bad_command 'mu_hat is not finite' "while read -r f; do echo '{\"mu_hat\": -Infinity}'; done"
bad_command '"reason":"failed, without a reason"' "while read -r f; do echo '{\"failed\": \"\"}'; done"
bad_command '"reason":"too hard"' "while read -r f; do echo '{\"failed\": \"too hard\"}'; done"
# After nonsense a new process is asked, which talks nonsense again; one that only gives up stays.
good='{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}'
bad_command 'not a JSON object: junk' "read -r f; echo junk; while read -r f; do echo \"$good\"; done"
run 0 evaluate --method "read -r f; echo '{\"failed\": \"the first\"}'; while read -r f; do echo \"$good\"; done" light.h5 -o first \
    --num-of-sets 1 --num-pseudo-experiments 4
check 'only the first one failed' [ "$(grep -c '"reason":"the first"' first/experiments.jsonl)" -eq 1 ]
check 'the others did not' [ "$(grep -c '"mu_hat":1.0' first/experiments.jsonl)" -eq 3 ]
# Odd intervals are results, with a warning.
run 0 evaluate --method "while read -r f; do echo '{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 2, \"p84\": 0}'; done" light.h5 \
    -o odd --num-of-sets 1 --num-pseudo-experiments 3
check 'negative intervals' grep -q 'warning: odd: 3 of 3 intervals have p84 < p16' "$err"
run 0 evaluate --method "while read -r f; do echo '{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 1, \"p84\": 1}'; done" light.h5 \
    -o odd --num-of-sets 1 --num-pseudo-experiments 1 --overwrite
check 'empty intervals' grep -q 'warning: odd: 1 of 1 intervals has zero width' "$err"
check 'no width of one pull' [ "$(grep -c 'width nan' "$out")" -eq 0 ]

bad_command 'a zero byte' "while read -r f; do printf '{\\\"mu_hat\\\": 1, \\\"delta_mu_hat\\\": 1, \\\"p16\\\": 0, \\\"p84\\\": 2}\\0junk\\n'; done"
# What a command does to the folder of its experiment is the failure of that one: the next one gets another folder.
run 0 evaluate --method "n=0; while read -r f; do n=\$((n + 1)); [ \$n -ne 2 ] || rm -r \"\${f%/*}\"; echo \"$good\"; done" light.h5 \
    -o removed --num-of-sets 1 --num-pseudo-experiments 4
check 'the one that removed it failed' [ "$(sed 1d removed/experiments.jsonl | grep -o '"converged":[a-z]*' | tr '\n' ' ')" = \
    '"converged":true "converged":false "converged":true "converged":true ' ]
check 'it is said' grep -q '"reason":"it removed the folder of its experiment"' removed/experiments.jsonl
nothing_left removed
run 0 evaluate --method "while read -r f; do rm \"\$f\"; mkdir \"\$f\"; echo \"$good\"; done" light.h5 \
    -o instead --num-of-sets 1 --num-pseudo-experiments 3
check 'a folder in the place of the file' [ "$(grep -c '"mu_hat":1.0' instead/experiments.jsonl)" -eq 3 ]
rm -rf "$TMPDIR"/fair-baseline-method.*
nothing_left instead

# What a command starts itself is ended with it.
bad_command 'no answer within' "sleep 300 & sleep 300 | cat $work/here/light.h5 - >/dev/null; wait" \
    --time-limit 0.5 --fit-time-limit 0.5

# One that answers and goes: the next experiment finds it gone, the one after that a new process.
run 0 evaluate --method "read -r f; echo '{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}'; sleep 0.01" \
    light.h5 -o once --num-of-sets 1 --num-pseudo-experiments 4 --max-failed 4
check 'every second one fails' [ "$(sed 1d once/experiments.jsonl | grep -o '"converged":[a-z]*' | tr '\n' ' ')" = \
    '"converged":true "converged":false "converged":true "converged":false ' ]

# --- stopped in the middle --------------------------------------------------------------------------------------------
# stop SIGNAL: a method at work in an endless loop goes with the program that started it
stop() {
    MISBEHAVE=loop "$FB" evaluate --method ./misbehave.so light.h5 -o "stopped-$1" $few -q >"$out" 2>"$err" </dev/null &
    victim=$!
    n=0
    while ! grep -q '"mu_hat"' "stopped-$1/experiments.part.jsonl" 2>/dev/null && [ $n -lt 600 ]; do
        n=$((n + 1))
        sleep 0.05
    done
    sleep 0.3
    kill -s "$1" $victim
    wait $victim 2>/dev/null
    n=0
    while [ -n "$(processes)" ] && [ $n -lt 100 ]; do
        n=$((n + 1))
        sleep 0.1
    done
    nothing_left "$1"
    check "$1: something was recorded" grep -q '"mu_hat":1.0' "stopped-$1/experiments.part.jsonl"
}
stop TERM
check 'it says so' grep -qx 'fair-baseline: error: interrupted' "$err"
stop KILL

# A command's folder cannot go with a program that was killed; it goes with the next one that needs a folder.
"$FB" evaluate --method "read -r f; : $work/here/; echo \"$good\"; sleep 300" light.h5 -o killed $few >"$out" 2>"$err" &
victim=$!
n=0
while ! grep -q '"mu_hat"' killed/experiments.part.jsonl 2>/dev/null && [ $n -lt 600 ]; do
    n=$((n + 1))
    sleep 0.05
done
run 0 evaluate --method "while read -r f; do echo \"$good\"; done" light.h5 -o beside $few
check 'the folder of a living one stays' [ -n "$(ls -A "$TMPDIR")" ]
kill -s KILL $victim
wait $victim 2>/dev/null
check 'that of a killed one stays, too' [ -n "$(ls -A "$TMPDIR")" ]
run 0 evaluate --method "while read -r f; do echo \"$good\"; done" light.h5 -o killed $few --overwrite
check 'until the next' [ -z "$(ls -A "$TMPDIR")" ]
finish
