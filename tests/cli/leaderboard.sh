#!/bin/sh
# Methods side by side, and the check that none got worse: the same run passes, a damaged fit does not.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
need_python json
export FAIR_BASELINE_METHODS="$PWD/methods"

run 0 simulate -o events.h5 --events 60000 --seed 5
mkdir methods
small='set: [trees=12, depth=3], share: 0.3, degree: "2"'
printf 'train: {%s, bins: 8}\n' "$small" >methods/trees.yaml
printf 'train: {%s, bins: 4, drop-bins: 3}\nfit: {systematics: none}\n' "$small" >methods/one.yaml
printf 'train: {%s, bins: 8, binning: uniform, combination: average}\nfit: {as-kit: true}\n' "$small" >methods/kit.yaml
printf 'train: {%s, bins: 8}\nfit: {fix: [tes=0.97]}\n' "$small" >methods/damaged.yaml
few='--num-of-sets 3 --num-pseudo-experiments 8 --random-seed 3'

run 0 leaderboard events.h5 -o board --methods trees,one,kit $few
cp "$out" table
check 'the table is that of the file' cmp table board/leaderboard.md
check 'the simulation behind the coverage is named' test "$(grep -c ' sigma, [1-9][0-9]* events |' table)" -eq 3
# An order that the statistics of the templates made is no order.
beyond=$(awk -F'|' '{ split($8, error, " "); n += error[1] + 0 > 1 } END { print n + 0 }' table)
if [ "$beyond" -gt 0 ]; then
    check 'the first line warns of the order' sh -c "head -n 1 table | grep -q '^The order means little: of $beyond of 3 '"
else
    check 'there is no warning' sh -c "! grep -q 'The order means little' table"
fi
check 'such rows are grey' [ "$(grep -c '<tr class="uncertain">' board/leaderboard.html)" -eq "$beyond" ]
check 'and of the pool' grep -q '; [1-9][0-9]* effective background events in the pool$' table
check 'all methods are in it' test "$(grep -c ' of 24 |' table)" -eq 3
for method in trees one kit; do
    check "$method has its files" test -s board/$method/summary.json -a -s board/$method/experiments.jsonl
done
"$PYTHON" - <<'END' || fail 'the table is not what the results say'
import html.parser, json
board = json.load(open("board/leaderboard.json"))
scores = [m["score"]["value"] for m in board["methods"]]
assert scores == sorted(scores, reverse=True)
for m in board["methods"]:
    own = json.load(open(f"board/{m['name']}/scores.json"))
    assert abs(own["quantiles_score"] - m["score"]["value"]) < 1e-12, m["name"]
    assert abs(own["coverage"] - m["coverage"]["value"]) < 1e-12
    assert len(m["results"]) == 24
    assert m["score"]["error"] >= 0 and m["cpu_seconds"] > 0
page = open("board/leaderboard.html").read()
html.parser.HTMLParser().feed(page)
assert all(m["name"] in page for m in board["methods"])
END

# How everything was made is beside it, also of a method that shares another one's classifier.
check 'the settings of the board' grep -q '^  num-pseudo-experiments: 8$' board/config.yaml
check 'of a fit' grep -q '^  as-kit: true$' board/kit/config.yaml
check 'of its bins' grep -q '^  binning: uniform$' board/kit/config.yaml
check 'of the bins of another' grep -q '^  drop-bins: 3$' board/one/config.yaml
run 0 info board/kit/analysis.h5 --json
check 'the analysis says so, too' grep -q 'binning: uniform' "$out"
run 0 train events.h5 -o kit.h5 --config board/kit/config.yaml
run 0 evaluate kit.h5 events.h5 -o kit --config board/kit/config.yaml $few
check 'they give the same results' cmp kit/result_1.json board/kit/result_1.json

# One method alone sees the same events, and `evaluate` does.
run 0 evaluate board/trees/analysis.h5 events.h5 -o alone $few
check 'the same results alone' cmp alone/result_1.json board/trees/result_1.json

# Other people's methods beside ours, and alone.
constant='while read -r f; do echo "{\"mu_hat\": 1, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 2}"; done'
run 0 leaderboard events.h5 -o mixed --methods one --method "$constant" --num-of-sets 3 --num-pseudo-experiments 2 \
    --random-seed 3
check 'both are in the table' test "$(grep -c '^| one \|^| command-1 ' "$out")" -eq 2
check 'the interval of the constant is 2' grep -q '^| command-1 |.*| 2.0000 ± 0.0000 |' "$out"
run 0 leaderboard events.h5 -o others --methods '' --method "$constant" --num-of-sets 3 --num-pseudo-experiments 2 \
    --random-seed 3
check 'the same alone' cmp mixed/command-1/experiments.jsonl others/command-1/experiments.jsonl
run 0 simulate -o few.h5 --events 30000 -q
run 0 leaderboard few.h5 -o few --methods one --num-of-sets 1 --num-pseudo-experiments 3
check 'few events: the order means little' grep -q '^The order means little: of 1 of 1 methods' "$out"
check 'in grey' grep -q '<tr class="uncertain">' few/leaderboard.html
refuse 2 'no method is named' leaderboard events.h5 -o x --methods ''

# Analyses that are there are not trained again.
mkdir analyses
for method in trees one kit; do
    cp board/$method/analysis.h5 analyses/$method.h5
done
run 0 leaderboard events.h5 -o again --methods kit,trees,one --analyses analyses $few --check board/leaderboard.json \
    --threads 1 --batch 5
check 'nothing got worse' test "$(grep -c '| ok |' "$out")" -eq 12
check 'the same results' cmp board/kit/experiments.jsonl again/kit/experiments.jsonl

# A method that got worse.
cp methods/damaged.yaml methods/trees.yaml
run 5 leaderboard events.h5 -o worse --methods trees,one,kit --analyses analyses $few --check board/leaderboard.json
check 'it is named' grep -q '| trees | .*WORSE' "$out"
check 'the others are not' test "$(grep -c 'WORSE' "$out")" -eq "$(grep -c '| trees .*WORSE' "$out")"
check 'its results are there' test -s worse/trees/summary.json
refuse 2 "'trees';is not to be run" leaderboard events.h5 -o less --methods one,kit --analyses analyses $few --check board/leaderboard.json

# Stopped and resumed.
mkdir resumed
cp -r board/trees board/one board/kit resumed
for method in trees one kit; do
    head -n 9 board/$method/experiments.jsonl >resumed/$method/experiments.part.jsonl
    rm resumed/$method/experiments.jsonl resumed/$method/summary.json
done
printf 'train: {%s, bins: 8}\n' "$small" >methods/trees.yaml
run 0 leaderboard events.h5 -o resumed --methods trees,one,kit $few --resume
check 'resumed: the same results' cmp board/trees/summary.json resumed/trees/summary.json
check 'the seconds are those of this run' test "$(grep -c ' of 24 |.* [0-9.]* |$' "$out")" -eq 3
run 0 leaderboard events.h5 -o resumed --methods trees,one,kit $few --resume
check 'nothing was run: no seconds' test "$(grep -c ' of 24 |.*| - |$' "$out")" -eq 3

refuse 2 "no method 'best'" leaderboard events.h5 -o x --methods best
refuse 2 "two methods are called 'trees'" leaderboard events.h5 -o x --methods trees,trees
refuse 2 'trees was trained with the split' leaderboard events.h5 -o y --methods trees --analyses analyses \
    --split-seed 2 $few
refuse 3 'earlier run' leaderboard events.h5 -o board --methods trees $few
refuse 3 'board/leaderboard.json: was made with "sets" 3, here it is 2' leaderboard events.h5 -o other --methods trees \
    --analyses analyses --num-of-sets 2 --num-pseudo-experiments 8 --random-seed 3 --check board/leaderboard.json
refuse 3 'table: line 1' leaderboard events.h5 -o third --methods trees --analyses analyses $few --check table
refuse 3 'nowhere.json: No such file' leaderboard events.h5 -o third --methods trees $few --check nowhere.json
refuse 3 'is no leaderboard.json' leaderboard events.h5 -o third --methods trees $few --check board/trees/summary.json
sed 's/"methods": *\[/"others": [/' board/leaderboard.json >bare.json
refuse 3 'bare.json: no methods are in it' leaderboard events.h5 -o third --methods trees $few --check bare.json
printf 'fit: {systematics: tess}\n' >typo.yaml
refuse 2 "typo.yaml: line 1, column 20: --systematics: 'tess': unknown" leaderboard events.h5 -o third --methods trees,typo.yaml $few
printf 'train: {model: forest}\n' >typo.yaml
refuse 2 "typo.yaml: line 1, column 16: --model: 'forest': unknown model" leaderboard events.h5 -o third --methods trees,typo.yaml $few
refuse 2 "--draw: 'tess'" leaderboard events.h5 -o third --methods trees --draw tess

# A name with a bar does not end a cell of the table.
cp methods/trees.yaml 'methods/a|b.yaml'
cp analyses/trees.h5 'analyses/a|b.h5'
run 0 leaderboard events.h5 -o bar --methods 'a|b' --analyses analyses --num-of-sets 2 --num-pseudo-experiments 2
check 'the bar is escaped' grep -qF '| a\|b |' "$out"
# A name that is a way out of the folder, hidden, too long, or that of a file of the board: refused before anything runs.
long=$(printf '%64s' '' | tr ' ' m)
for name in '' . .. .hidden "$long" "$(printf 'a\tb')" "$(printf 'caf\303\251')"; do
    cp methods/trees.yaml "./$name.yaml"
    refuse 2 './;the name of a method is also that of its folder;1 to 63 printable' leaderboard events.h5 -o third --methods "./$name.yaml" $few
    refuse 2 'the name of a method is also that of its folder' leaderboard events.h5 -o third --methods one --method "./$name.so" $few
    rm "./$name.yaml"
done
for name in config.yaml leaderboard.json leaderboard.md leaderboard.html; do
    cp methods/trees.yaml "./$name.yaml"
    refuse 2 "cannot be called '$name'" leaderboard events.h5 -o third --methods "./$name.yaml" $few
    rm "./$name.yaml"
done
run 0 pseudo events.h5 -o pseudo.h5
refuse 3 'pseudo.h5: its events are distorted and selected already' leaderboard pseudo.h5 -o third --methods trees \
    --analyses analyses $few
unset FAIR_BASELINE_METHODS
refuse 2 "no method 'best';bdt,net,one-bin" leaderboard events.h5 -o x --methods best
finish
