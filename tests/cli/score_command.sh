#!/bin/sh
# train --score-command: a program answers scores, and the analysis made with it fits, evaluates and is measured again.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python h5py numpy
export OPENBLAS_NUM_THREADS=1

# Prints a failure for each line of the program that must hold nothing but 'assert's.
holds() {
    what=$1
    shift
    check "$what" "$PYTHON" "$@"
}

# The score is one feature; FAULT says what goes wrong, at the block FROM.
cat >score.py <<'M'
import os, sys
import numpy as np

fault, start = sys.argv[1:] if len(sys.argv) == 3 else ("none", "0")
names = sys.stdin.buffer.readline().decode().rstrip("\n").split(",")
with open("told.txt", "w") as file:
    print(",".join(names), *sorted(f"{k}={v}" for k, v in os.environ.items() if k[:4] in ("FB_E", "FB_M", "FB_P", "FB_S")),
          sep="\n", file=file)
for block, line in enumerate(sys.stdin.buffer):
    n = int(line)
    x = np.frombuffer(sys.stdin.buffer.read(4 * n * len(names)), "<f4").reshape(n, len(names))
    score = np.clip(x[:, names.index("DER_mass_vis")] / np.float32(200), 0, 1).astype("<f4")
    if block >= int(start):
        if fault == "nan":
            score[min(17, n - 1)] = np.nan
        elif fault == "large":
            score[min(3, n - 1)] = 1.5
        elif fault == "more":
            score = np.append(score, np.float32(0))
        elif fault == "less":
            sys.stdout.buffer.write(score[1:].tobytes())
            sys.exit(0)
        elif fault == "crash":
            os.abort()
        elif fault == "exit":
            sys.exit(3)
        elif fault == "ranks":
            score = np.argsort(np.argsort(score)).astype("<f4") / np.float32(n)
        elif fault == "moody":
            score *= np.float32(0.9)
        elif fault == "last digits":
            score *= np.float32(1 - 1e-6 * (block % 3))
    sys.stdout.buffer.write(score.astype("<f4").tobytes())
    sys.stdout.buffer.flush()
M
run 0 simulate -o events.h5 --events 60000 --seed 5 -q
run 0 pseudo events.h5 -o data.h5 --mu 1 --seed 3 -q --split-seed 9
small='--bins 10 --binning uniform --degree 1 --share 0.3 --split-seed 9 -q'
mine="$PYTHON $work/here/score.py"

# --- an analysis -----------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086 # several options
run 0 train events.h5 -o one.h5 --score-command "$mine" $small --threads 1
check 'the command is shown' grep -q "model command: command=$mine" "$out"
check 'nothing is said of rounds' [ "$(grep -c rounds "$out")" -eq 0 ]
cat >expected.txt <<END
FB_EVENTS=events.h5
FB_METADATA=
FB_PROGRAM=$(readlink -f "$FB")
FB_SPLIT=0.3,0.1,0.3,0.3
FB_SPLIT_RULE=hash
FB_SPLIT_SEED=9
END
sed 1d told.txt >told_of.txt
check 'what it may learn from' diff expected.txt told_of.txt
check 'the names of the features' grep -q '^PRI_lep_pt,PRI_lep_eta,.*,DER_lep_eta_centrality$' told.txt
# shellcheck disable=SC2086
run 0 train events.h5 -o two.h5 --score-command "$mine" $small --threads 2
check 'the same with other threads' cmp one.h5 two.h5

# Data are counted in the bins of the score that the program answers.
run 0 fit one.h5 data.h5 --json
cp "$out" fit.json
cat >counts.py <<'END'
import json
import h5py, numpy as np

x = h5py.File("data.h5")["events/DER_mass_vis"][:]
edges = h5py.File("one.h5")["templates/edge"][:] / 65536
counts, _ = np.histogram(np.clip(x / np.float32(200), 0, 1), bins=edges)
observed = json.load(open("fit.json"))["observed"]
assert counts.sum() == len(x) > 800000, len(x)
# An event exactly at an edge may be on its other side.
assert np.abs(counts - observed).sum() <= 20, (counts, observed)
END
holds 'the counts are those of numpy' counts.py
check 'not told of events' [ "$(wc -l <told.txt)" -eq 1 ]
run 0 info one.h5
check 'info starts nothing' grep -q "command=$mine" "$out"
few='--num-of-sets 1 --num-pseudo-experiments 3 -q'
# shellcheck disable=SC2086
run 0 evaluate one.h5 events.h5 -o alone $few --threads 1
# shellcheck disable=SC2086
run 0 evaluate one.h5 events.h5 -o both $few --threads 2
check 'the same results with other threads' cmp alone/result_0.json both/result_0.json
run 0 measure one.h5 events.h5 -o five.h5 --bins 5 --degree 1 -q
run 0 info five.h5 --json
check 'what it was made with' grep -q "score-command: .*score.py.*bins: 5" "$out"
# The recorded configuration trains the same again.
cat >again.py <<'END'
import h5py
open("again.yaml", "w").write(h5py.File("one.h5").attrs["configuration"].decode())
END
holds 'the configuration' again.py
run 0 train events.h5 -o again.h5 --config again.yaml -q
check 'the same from its configuration' cmp one.h5 again.h5
run 0 train events.h5 -o trees.h5 --config again.yaml -q --model bdt --set trees=3 --set depth=2
check 'the command line has the last word' grep -q 'model bdt' "$out"
# shellcheck disable=SC2086
run 0 train events.h5 -o calibrated.h5 --score-command "$mine" $small --calibrate isotonic
check 'calibrated' grep -q 'calibrated: isotonic' "$out"
printf 'train: {score-command: "%s", bins: 8, binning: uniform, degree: 1, share: 0.3}\n' "$mine" >mine.yaml
printf 'train: {score-command: "%s", bins: 4, binning: uniform, degree: 1, share: 0.3}\n' "$mine" >four.yaml
# shellcheck disable=SC2086
run 0 leaderboard events.h5 -o board --methods mine.yaml,four.yaml $few
check 'both are in the table' [ "$(grep -c -e '^| mine ' -e '^| four ' "$out")" -eq 2 ]

# --- the example ------------------------------------------------------------------------------------------------------
example=$here/../../baseline/plugins/score.py
# shellcheck disable=SC2086
run 0 train events.h5 -o learnt.h5 --score-command "$PYTHON $example model.npz" --bins 10 --degree 1 --split-seed 9 --json -q
holds 'it separates' -c "import json; a = json.load(open('$out'))['holdout']['auc']; assert a > 0.8, a"
check 'what it learnt is kept' [ -s model.npz ]
run 0 fit learnt.h5 data.h5 -q
rm model.npz
run 3 fit learnt.h5 data.h5 -q
check 'without it the fit fails' grep -q 'model.npz is missing' "$err"

# --- refused ---------------------------------------------------------------------------------------------------------
refuse 2 'contradict each other' train events.h5 -o bad.h5 --score-command x --model bdt
refuse 2 'contradict each other' train events.h5 -o bad.h5 --score-command x --set trees=3
refuse 2 '--augment contradict' train events.h5 -o bad.h5 --score-command x --augment 2
refuse 2 '--score-command: the command is empty' train events.h5 -o bad.h5 --score-command ' '
refuse 2 'control characters' train events.h5 -o bad.h5 --score-command "$(printf 'a\033b')"
refuse 2 'at most 479' train events.h5 -o bad.h5 --score-command "$(printf '%0600d' 1)"
refuse 2 '--score-command COMMAND, without --model' train events.h5 -o bad.h5 --model command
refuse 2 'has no settings: not depth=3' scan events.h5 --score-command x --try depth=3
printf 'train: {model: dense, score-command: x}\n' >both.yaml
refuse 2 "both.yaml;'model' and 'score-command' contradict" train events.h5 -o bad.h5 --config both.yaml
refuse 2 "both.yaml;contradict" leaderboard events.h5 -o bad --methods both.yaml

# --- programs that fail ----------------------------------------------------------------------------------------------
# fails CODE WORDS COMMAND: the training must end so, with an error that has the words, and leave nothing.
fails() {
    # shellcheck disable=SC2086
    run "$1" train events.h5 -o bad.h5 --score-command "$3" $small
    tail -n 1 "$err" | grep -q "^fair-baseline: error: .*$2" || { fail "no '$2': $3"; show; }
    check "nothing is left of $3" [ ! -e bad.h5 ]
}
fails 2 "'no-such-program': cannot be run (exit code 127)" no-such-program
fails 3 'exit code 3 after 0 of [0-9]* bytes of its answer' 'exit 3'
fails 3 'exit code 0 after 0 of [0-9]* bytes' true
fails 3 'exit code 0 after [1-9][0-9]* of [0-9]* bytes' "$mine less 0"
fails 3 'row 17 of a block of [0-9]* has the score -*nan; a number from 0 to 1' "$mine nan 0"
fails 3 'row 3 of a block of [0-9]* has the score 1.5' "$mine large 0"
fails 3 'more bytes than were asked for' "$mine more 0"
fails 3 'ended by signal 6\|exit code 134' "$mine crash 20"
fails 3 'it must depend on its features alone' "$mine ranks 0"
fails 3 'has the score .*, and .* when it is asked again' "$mine moody 2"
# shellcheck disable=SC2086
run 0 train events.h5 -o digits.h5 --score-command "$mine 'last digits' 0" --bins 5 --degree 1 --share 0.3
check 'a warning' grep -q 'warning.*results will differ in their last digits' "$err"
# In the middle of an evaluation: it stops, and what is done stays.
sed 's/("none", "0")/("exit", "30")/' score.py >other.py && mv other.py score.py
# shellcheck disable=SC2086
run 3 evaluate one.h5 events.h5 -o dies $few
check 'it stops with the reason' grep -q 'exit code 3 after' "$err"
check 'no summary' [ ! -e dies/summary.json ]

# --- nothing of it is left ----------------------------------------------------------------------------------------------
echo "$work/here/" >"$work/log/word" # the word is not in the command line of grep itself
check 'no process' [ -z "$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -F -f "$work/log/word")" ]
finish
