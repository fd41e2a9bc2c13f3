#!/bin/sh
# evaluate --method on several ranks of MPI: each has a process of the method, and the files are those of one process.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/plugins/common.sh
. "$(dirname "$0")/plugins/common.sh"
# shellcheck source=tests/cli/ranks/common.sh
. "$(dirname "$0")/ranks/common.sh"
compile "$examples/dummy.c"
compile "$examples/one_bin.c"
compile "$here/plugins/misbehave.c"
run 0 simulate -o events.h5 --events 100000 --seed 5
lighten 0.02 events.h5 light.h5
few='--num-of-sets 2 --num-pseudo-experiments 5 --random-seed 3 --max-failed 10'

# MPI has files of its own under TMPDIR.
left() {
    check "$1: a process is left" [ -z "$(processes)" ]
    check "$1: a folder is left" [ -z "$(find "$TMPDIR" -name 'fair-baseline-method.*')" ]
}

# --- plug-ins: each rank's learns for itself --------------------------------------------------------------------------
run 0 evaluate --method ./one_bin.so light.h5 -o whole $few
ranks 0 2 evaluate --method ./one_bin.so light.h5 -o two $few --batch 2
same two whole
left two
check 'both have learnt' [ "$(grep -c '^one-bin: .*: s ' "$err")" -eq 2 ]
check 'the same' [ "$(grep '^one-bin: .*: s ' "$err" | sort -u | wc -l)" -eq 1 ]
ranks 0 3 evaluate --method ./one_bin.so light.h5 -o three $few --batch 1 --shard 1/2 --json
run 0 evaluate --method ./one_bin.so light.h5 -o other $few --shard 2/2
run 0 merge three other -o merged
same merged whole
mkdir cut
head -n 4 whole/experiments.jsonl >cut/experiments.part.jsonl
ranks 0 3 evaluate --method ./one_bin.so light.h5 -o cut $few --resume --batch 1
same cut whole

# What goes wrong at an experiment costs this one, on any rank.
export MISBEHAVE=abort
run 0 evaluate --method ./misbehave.so light.h5 -o bad $few
ranks 0 2 evaluate --method ./misbehave.so light.h5 -o bad2 $few --batch 2
unset MISBEHAVE
check 'some failed' grep -q 'signal 6' bad/experiments.jsonl
check 'and some did not' grep -q '"mu_hat":1.0' bad/experiments.jsonl
same bad2 bad
left bad2

# What goes wrong before, on one rank: nothing is run on any.
# shellcheck disable=SC2016 # for the shell of the rank
ranks 3 1 evaluate --method ./misbehave.so light.h5 -o x $few : -n 1 sh -c 'MISBEHAVE=create exec "$@"' sh \
    "$FB" evaluate --method ./misbehave.so light.h5 -o x $few
one_error 'create failed (7)'
ranks 2 1 evaluate --method ./misbehave.so light.h5 -o x $few : -n 1 "$FB" evaluate --method ./dummy.so light.h5 -o x $few
one_error 'rank 1 has another order of work'
check 'nothing is left behind' test ! -e x
left x

# --- commands: each rank has its own folder ---------------------------------------------------------------------------
# Answers the checksum of the file, and notes who was asked for which.
# shellcheck disable=SC2016 # for the shell that evaluate starts
sums='while read -r f; do n=$(cksum <"$f" | cut -d " " -f 1); sleep ${PAUSE:-0}; echo "$$ $f" >>asked'
# shellcheck disable=SC2016
sums="$sums; "'echo "{\"mu_hat\": $n, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 1}"; done'
run 0 evaluate --method "$sums" --method-format csv light.h5 -o sums $few
check 'one process and one folder' [ "$(sort -u asked | wc -l)" -eq 1 ]
rm asked
ranks 0 2 evaluate --method "$sums" --method-format csv light.h5 -o sums2 $few
same sums2 sums
left sums2
check 'two processes' [ "$(cut -d ' ' -f 1 asked | sort -u | wc -l)" -eq 2 ]
check 'two folders' [ "$(cut -d ' ' -f 2 asked | sort -u | wc -l)" -eq 2 ]
# One rank cannot run the command at all: its experiments fail, the others are there.
# shellcheck disable=SC2016
ranks 0 2 evaluate --method '[ "${OMPI_COMM_WORLD_RANK:-0}" = 1 ] && exit 9; '"$sums" --method-format csv light.h5 -o half $few
check 'half of them failed' [ "$(grep -c 'exit code 9' half/experiments.jsonl)" -eq 5 ]
# shellcheck disable=SC2317 # `check` calls it
answers() {
    sed '1d; s/.*"mu_hat":\([^,]*\),.*/\1/' "$1/experiments.jsonl"
}
answers sums >answers.whole
answers half | grep -v null >answers.half
check 'the other half did not' [ "$(grep -c -x -F -f answers.half answers.whole)" -eq 5 ]

# A rank is killed in the middle: what it left goes when the run goes on, with another number of ranks.
export PAUSE=0.3
started killed evaluate --method "$sums" --method-format csv light.h5 $few --batch 1
check 'both have a folder' [ "$(find "$TMPDIR" -name 'fair-baseline-method.*' | wc -l)" -eq 2 ]
kill -9 "$(cat "$work/log/killed.1")"
ended killed
check 'one is left' [ -n "$(find "$TMPDIR" -name 'fair-baseline-method.*')" ]
unset PAUSE
ranks 0 3 evaluate --method "$sums" --method-format csv light.h5 -o killed $few --resume
same killed sums
left killed
finish
