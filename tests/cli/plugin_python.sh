#!/bin/sh
# evaluate --method: a program is told which events it may learn from; the classifier in Python learns from them.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/plugins/common.sh
. "$(dirname "$0")/plugins/common.sh"
run 0 simulate -o events.h5 --events 200000 --seed 5 -q
lighten 0.1 events.h5 light.h5

# --- what a command is told ---------------------------------------------------------------------------------------------
# shellcheck disable=SC2016 # for the shell that evaluate starts
reports='env | grep "^FB_[EMPS]" | sort >told.txt
[ -z "$FB_EVENTS" ] || "$FB_PROGRAM" convert "$FB_EVENTS" theirs.csv -q --part holdout --split "$FB_SPLIT" \
    --split-rule "$FB_SPLIT_RULE" --split-seed "$FB_SPLIT_SEED" --metadata "$FB_METADATA" >&2
while read -r file; do echo "{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}"; done'
one='--num-of-sets 1 --num-pseudo-experiments 1 -q'
split='--split 0.5,0.1,0.2,0.2 --split-seed 9'
# shellcheck disable=SC2086 # several options
run 0 evaluate --method "$reports" light.h5 -o told $one $split
cat >expected.txt <<END
FB_EVENTS=light.h5
FB_METADATA=
FB_PROGRAM=$(readlink -f "$FB")
FB_SPLIT=0.5,0.1,0.2,0.2
FB_SPLIT_RULE=hash
FB_SPLIT_SEED=9
END
check 'events and split' diff expected.txt told.txt
# shellcheck disable=SC2086
run 0 convert light.h5 ours.csv --part holdout $split -q
check 'the part that the command asked for' cmp ours.csv theirs.csv
echo '{"total_rows": 190000}' >rows.json
# shellcheck disable=SC2086
run 0 evaluate --method "$reports" light.h5 -o official $one --split-rule official --metadata rows.json
check 'the official rule and its file' test "$(grep -c -x -e FB_SPLIT_RULE=official -e FB_METADATA=rows.json told.txt)" -eq 2
rm -f theirs.csv
export FB_EVENTS=of_somebody_else
# shellcheck disable=SC2086
run 0 evaluate --method "$reports" -o fresh $one --max-failed 1
check 'nothing without events' test ! -s told.txt
unset FB_EVENTS

# --- the classifier -----------------------------------------------------------------------------------------------------
few='--num-of-sets 2 --num-pseudo-experiments 6 --random-seed 3 --draw none'
# shellcheck disable=SC2086
run 0 evaluate --method "$PYTHON $examples/classifier.py" light.h5 -o learnt $few
nothing_left learnt
cp "$err" said
cat >classifier.py <<'END'
import json
import re

summary = json.load(open("learnt/summary.json"))
assert summary["converged"] == 12 and summary["failed"] == 0, summary
s, b, v = (float(text) for text in re.search(r"s (\S+) b (\S+) v (\S+)", open("said").read()).groups())
# 100 signal events in 100 000 (a tenth of the challenge's): a cut that keeps some of them and separates.
assert 5 < s < 95 and s / b > 3 * 101.5 / 105037, (s, b)
assert summary["scores"]["coverage"] >= 0.4, summary["scores"]
assert abs(summary["mean_pull"]) < 1.2, summary["mean_pull"]
for experiment in summary["experiments"]:
    width = experiment["p84"] - experiment["p16"]
    assert abs(width / (2 * ((experiment["mu_hat"] * s + b + v) ** 0.5 / s)) - 1) < 1e-2, experiment
END
check 'it separates, and its intervals cover' "$PYTHON" classifier.py
check 'it needs events' sh -c "$PYTHON '$examples/classifier.py' 2>&1 </dev/null | grep -q '^classifier.py: it learns from the EVENTS'"
finish
