#!/bin/sh
# Bins whose edges are given or taken from another analysis, and as many bins as there may be.
. "$(dirname "$0")/common.sh"
need_python json

small='--set trees=12 --set depth=3 --share 0.3 --degree 1'
again='--share 0.3 --degree 1'
run 0 simulate -o events.h5 --events 25000 --seed 5
# shellcheck disable=SC2086 # a list of options
run 0 train events.h5 -o trained.h5 $small --bins 4

# record ANALYSIS: what it says of itself, in info.json and recorded.yaml.
record() {
    run 0 info "$1" --json
    cp "$out" info.json
    "$PYTHON" -c 'import json; print(json.load(open("info.json"))["configuration"], end="")' >recorded.yaml
}
# edges.py EDGES: whether these are the edges of the analysis that was recorded last, to half a cell.
cat >edges.py <<'END'
import json, sys
bins = json.load(open("info.json"))["bins"]
found = [b["low"] for b in bins] + [bins[-1]["high"]]
wanted = [float(word) for word in sys.argv[1].split()]
assert len(found) == len(wanted) and all(abs(a - b) <= 0.5 / 65536 for a, b in zip(found, wanted)), (found, wanted)
END

# shellcheck disable=SC2086
{
    run 0 measure trained.h5 events.h5 -o edges.h5 $again --edges 0.2,0.25,0.5
    record edges.h5
    check 'the edges are those given' "$PYTHON" edges.py '0 0.2 0.25 0.5 1'
    check 'they are recorded' grep -qx '  edges: \[0.1999969482421875, 0.25, 0.5\]' recorded.yaml
    check 'and no number or kind of bins' sh -c '! grep -q -e "bins: [1-9]" -e binning recorded.yaml'
    run 0 train events.h5 -o again.h5 --config recorded.yaml
    check 'the record makes the same analysis' cmp edges.h5 again.h5
    run 0 measure trained.h5 events.h5 -o repeated.h5 $again --edges 0.2 --edges 0.25,0.5
    check 'they may come one after the other' cmp edges.h5 repeated.h5
    printf 'measure: {edges: [0.7, 0.8]}\n' >other.yaml
    run 0 measure trained.h5 events.h5 -o typed.h5 $again --config other.yaml --edges 0.2,0.25,0.5
    check 'they take the place of those of a file' cmp edges.h5 typed.h5
    run 0 measure trained.h5 events.h5 -o four.h5 $again --config other.yaml --bins 4
    check 'and so does a number of bins' cmp trained.h5 four.h5

    run 0 measure trained.h5 events.h5 -o dropped.h5 $again --edges 0.2,0.25,0.5 --drop-bins 2
    record dropped.h5
    check 'the lowest can be left out' "$PYTHON" edges.py '0.25 0.5 1'
    run 0 train events.h5 -o of.h5 --set trees=5 --set depth=2 $again --edges-of dropped.h5
    record of.h5
    check 'the bins of another analysis' "$PYTHON" edges.py '0.25 0.5 1'
    check 'recorded as what they are' grep -qx '  edges: \[0.25, 0.5\]' recorded.yaml
    rm dropped.h5
    run 0 train events.h5 -o of_again.h5 --config recorded.yaml
    check 'which needs no other file' cmp of.h5 of_again.h5
    run 0 measure trained.h5 events.h5 -o of_quantiles.h5 $again --edges-of trained.h5
    for analysis in trained of_quantiles; do
        run 0 info $analysis.h5
        sed -n '/^  bin /,/^$/p' "$out" >bins_$analysis
    done
    check 'edges that quantiles made are taken exactly' cmp bins_trained bins_of_quantiles
}

refuse 2 "--edges: '0.5,0.2';0.2 after 0.5: edges rise" train events.h5 -o x.h5 --edges 0.5,0.2
refuse 2 "--edges: '0.5,0.500001';after 0.5: edges rise" train events.h5 -o x.h5 --edges 0.5,0.500001
refuse 2 "--edges: '0,0.5';0 is not between 0 and 1" train events.h5 -o x.h5 --edges 0,0.5
refuse 2 "--edges: '0.5,inf';'inf' is not a number" train events.h5 -o x.h5 --edges 0.5,inf
refuse 2 "--edges: '0.5,';'' is not a number" train events.h5 -o x.h5 --edges 0.5,
refuse 2 '1 is not between 0 and 1' train events.h5 -o x.h5 --edges 0.5,1
many=$(awk 'BEGIN { for (k = 1; k < 1024; k++) printf "%.7f,", k / 1100; print 0.95 }')
refuse 2 '0.95 is one edge too many; 1024 bins are allowed' train events.h5 -o x.h5 --edges "$many"
refuse 2 '--edges and --bins contradict' train events.h5 -o x.h5 --edges 0.5 --bins 10
refuse 2 '--edges and --binning contradict' train events.h5 -o x.h5 --binning uniform --edges 0.5
refuse 2 '--edges and --edges-of contradict' train events.h5 -o x.h5 --edges 0.5 --edges-of trained.h5
refuse 2 '--drop-bins and --edges-of contradict' train events.h5 -o x.h5 --drop-bins 1 --edges-of trained.h5
refuse 2 '--quantile-signal means nothing without --binning quantile' train events.h5 -o x.h5 --edges 0.5 --quantile-signal 0
refuse 3 '--edges-of: ;nowhere.h5: cannot be read' train events.h5 -o x.h5 --edges-of nowhere.h5
refuse 3 '--edges-of: ;events.h5: is not an analysis' train events.h5 -o x.h5 --edges-of events.h5
printf 'train: {edges: [0.5], bins: 10}\n' >both.yaml
refuse 2 "both.yaml: line 1;'edges' and 'bins' contradict" train events.h5 -o x.h5 --config both.yaml
printf 'train:\n  edges: [0.5, 0.4]\n' >falling.yaml
refuse 2 'falling.yaml: line 2, column 16: --edges;0.4 after 0.5' train events.h5 -o x.h5 --config falling.yaml

# As many bins as there may be, through the commands that look at each of them. Most are empty.
most=${many%,*}
# shellcheck disable=SC2086
run 0 measure trained.h5 events.h5 -o most.h5 $again --edges "$most" -q
record most.h5
check '1024 bins' test "$(grep -c '"low"' info.json)" -eq 1024
run 0 info most.h5
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.3 --seed 4 -q
for options in '' --as-kit; do
    # shellcheck disable=SC2086
    "$FB" fit most.h5 pseudo.h5 --json $options >"$out" 2>"$err"
    status=$?
    check 'a fit of them ends, well or not' test $status -eq 0 -o $status -eq 4
    check 'with all bins' "$PYTHON" -c 'import json, sys
r = json.load(open(sys.argv[1]))
assert len(r["observed"]) == len(r["expected"]) == 1024 and sum(r["observed"]) == r["events"]' "$out"
done
# shellcheck disable=SC2086
run 0 measure trained.h5 events.h5 -o empty.h5 $again --edges 0.2,0.25,0.5,0.99997 -q
"$FB" fit empty.h5 pseudo.h5 >"$out" 2>"$err"
check 'an empty bin has no pull' grep -q '^  4 .* 0  *0.00  *0.00  *-$' "$out"
run 0 plot scores most.h5 pseudo.h5 -o scores.svg
run 0 plot templates most.h5 -o templates.svg --bins 0,500,1023
for picture in scores templates; do
    check "$picture is XML" "$PYTHON" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' $picture.svg
done
finish
