#!/bin/sh
# What a terminal shows of a long run, what a file gets, and that a pipe gets nothing.
. "$(dirname "$0")/common.sh"
command -v script >/dev/null || skip 'no script, which makes a terminal'

# On a terminal: OUT gets what it shows.
on_terminal() {
    script -qec "$*" /dev/null >"$out" 2>&1
}

run 0 simulate -o events.h5 --events 20000 -q
# A method that says something, and takes long enough to be watched.
cat >method.sh <<'M'
echo "a word of the method" >&2
while read -r path; do
    sleep 0.6
    echo "measured" >&2
    echo '{"mu_hat": 1, "delta_mu_hat": 1, "p16": 0.5, "p84": 1.5}'
done
M
evaluate="$FB evaluate --method 'sh method.sh' events.h5 --num-of-sets 2 --num-pseudo-experiments 4 --batch 2"
on_terminal "$evaluate -o results"
escape=$(printf '\033')
check 'the experiments are counted' grep -q 'experiments [1-7] of 8 (.* %), .* events' "$out"
check 'time goes on' grep -q '/s, [2-9] s' "$out"
check 'there is a time to go, after something was done' grep -q 's to go' "$out"
# A line is written again over what it was: these are lines of their own here.
check 'but not before' sh -c "! tr '\\r' '\\n' <'$out' | grep -q 'experiments 0 of 8.*to go'"
tr '\r' '\n' <"$out" | sed "s/$escape\[K//g" >lines.txt
check 'what the method says is alone on its line' grep -qx 'a word of the method' lines.txt
check 'always' [ "$(grep -c measured lines.txt)" -eq "$(grep -cx measured lines.txt)" ]
check 'and all of it is there' [ "$(grep -cx measured lines.txt)" -eq 8 ]

# What an earlier run has done counts as done.
cat >stops.sh <<'M'
while read -r path && [ ! -e stopped.txt ]; do
    [ ! -e second.txt ] || { touch stopped.txt; kill -INT "$(cat pid.txt)"; sleep 60; }
    [ ! -e first.txt ] || touch second.txt
    touch first.txt
    echo '{"mu_hat": 1, "delta_mu_hat": 1, "p16": 0.5, "p84": 1.5}'
done
M
cp method.sh usual.sh
cp stops.sh method.sh
# shellcheck disable=SC2016 # for the shell there
on_terminal "echo \$\$ >pid.txt; exec $evaluate -o stopped"
recorded=$(sed -n 's/.*: \([0-9]*\) experiments are recorded.*/\1/p' "$out")
check 'a part was recorded' [ "${recorded:-0}" -eq 2 ]
cp usual.sh method.sh
on_terminal "$evaluate -o stopped --resume"
check 'begins with these' grep -q 'experiments 2 of 8' "$out"
check 'and not with none' sh -c "! grep -q 'experiments 0 of 8' '$out'"

on_terminal "$FB evaluate --method 'sh method.sh' events.h5 --num-of-sets 1 --num-pseudo-experiments 2 -o quiet --quiet"
check 'quiet shows nothing' sh -c "! grep -q 'experiments [0-9]* of' '$out'"
run 0 evaluate --method 'sh method.sh' events.h5 --num-of-sets 1 --num-pseudo-experiments 2 -o file
check 'a file gets no line in its first minute' sh -c "! grep -q 'of 2' '$err'"
check 'and what the method says goes there' [ "$(grep -cx measured "$err")" -eq 2 ]
"$FB" evaluate --method 'sh method.sh' events.h5 --num-of-sets 1 --num-pseudo-experiments 2 -o pipe 2>&1 >/dev/null |
    cat >"$err"
check 'a pipe gets no progress' sh -c "! grep -q -e 'of 2' -e '$escape' '$err'"
finish
