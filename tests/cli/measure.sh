#!/bin/sh
# Templates measured again, a classifier that is conditioned on nuisance parameters, and the scan of settings.
. "$(dirname "$0")/common.sh"
need_python json

small='--set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2'
run 0 simulate -o events.h5 --events 25000 --seed 5
# shellcheck disable=SC2086 # a list of options
run 0 train events.h5 -o trained.h5 $small
run 0 measure trained.h5 events.h5 -o measured.h5 --bins 8 --share 0.3 --degree 2
check 'the same options measure the same templates' cmp trained.h5 measured.h5
run 0 measure trained.h5 events.h5 -o seeded.h5 --bins 8 --share 0.3 --degree 2 --seed 2
check 'another seed takes other rows' sh -c '! cmp -s measured.h5 seeded.h5'
run 0 measure trained.h5 events.h5 -o uniform.h5 --bins 5 --binning uniform --share 0.3 --degree 2 --json
check 'other bins' test "$(grep -c '"low"' "$out")" -eq 5
# Quantiles of both: no bin has much of the background any more, and the record makes the same again.
run 0 measure trained.h5 events.h5 -o mixed.h5 --bins 8 --quantile-signal 0.5 --share 0.3 --degree 2
run 0 measure trained.h5 events.h5 -o signal.h5 --bins 8 --quantile-signal 1 --share 0.3 --degree 2
check 'quantiles of the signal are the default' cmp measured.h5 signal.h5
for analysis in measured mixed; do
    run 0 info $analysis.h5 --json
    cp "$out" $analysis.json
done
cat >quantiles.py <<'END'
import json

measured, mixed = (json.load(open(name + ".json")) for name in ("measured", "mixed"))
for f, analysis in (1.0, measured), (0.5, mixed):
    bins = analysis["bins"]
    assert len(bins) == 8, bins
    signal = sum(b["signal"] for b in bins)
    background = sum(b["background"] for b in bins)
    for b in bins:
        part = f * b["signal"] / signal + (1 - f) * b["background"] / background
        # An edge is missed by a cell, and trees as few as these have few scores.
        assert abs(part - 1 / 8) < 0.04, (f, b, part)
lowest = [a["bins"][0]["background"] / sum(b["background"] for b in a["bins"]) for a in (measured, mixed)]
assert lowest[1] < 0.27 < lowest[0], lowest
open("mixed.yaml", "w").write(mixed["configuration"])
END
check 'they hold equal parts' "$PYTHON" quantiles.py
check 'the share is recorded' grep -q '^  quantile-signal: 0.5$' mixed.yaml
run 0 train events.h5 -o mixed_again.h5 --config mixed.yaml
check 'the record makes the same bins' cmp mixed.h5 mixed_again.h5
refuse 2 '--quantile-signal means nothing with --binning uniform' measure trained.h5 events.h5 -o x.h5 --binning uniform \
    --quantile-signal 0.5
refuse 2 "--quantile-signal: '1.5' is not a number from 0 to 1" measure trained.h5 events.h5 -o x.h5 --quantile-signal 1.5
run 0 simulate -o others.h5 --events 25000 --seed 6
refuse 3 'others.h5;other events' measure trained.h5 others.h5 -o x.h5
refuse 2 '--condition-on tes;trained.h5' measure trained.h5 events.h5 -o x.h5 --condition-on tes
refuse 2 '-o FILE' measure trained.h5 events.h5
refuse 2 'trained.h5: is the input' measure trained.h5 events.h5 -o trained.h5
refuse 2 'events.h5: is the input' measure trained.h5 events.h5 -o events.h5
refuse 3 'nowhere/x.h5: cannot be written' measure trained.h5 others.h5 -o nowhere/x.h5

# A conditioned net, with distortions large enough to be learned from so few events.
net='--model dense --set hidden=12x8 --set epochs=6 --set batch=300 --bins 8 --share 0.3 --degree 2'
# shellcheck disable=SC2086
run 0 train events.h5 -o aware.h5 $net --augment 2 --augment-widening 8 --condition-on tes --condition-on soft_met --json
check 'the conditioning is recorded' grep -q '"tes": 1.0' "$out"
check 'and is one more input' grep -q '"soft_met": {' "$out"
run 0 measure aware.h5 events.h5 -o nominal.h5 --bins 8 --share 0.3 --degree 2
check 'what is not said is nominal' cmp aware.h5 nominal.h5
run 0 measure aware.h5 events.h5 -o high.h5 --bins 8 --share 0.3 --degree 2 --condition-on tes=1.05
check 'the value moves the scores' sh -c '! cmp -s aware.h5 high.h5'
run 0 info high.h5
check 'info says it' grep -q 'is conditioned on tes=1.05 soft_met=0' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7
for analysis in aware high; do
    run 0 fit $analysis.h5 pseudo.h5 --json
    check 'the fit converges' grep -q '"valid": true' "$out"
    sed -n '/"observed"/,/]/p' "$out" >observed_$analysis
done
check 'data are scored with that value, too' sh -c '! cmp -s observed_aware observed_high'
# Limits of mu: those in force are in the result, those that were chosen in its configuration.
run 0 fit aware.h5 pseudo.h5 --json --limits -40,45.5
# shellcheck disable=SC2016 # for the inner shell
check 'the limits are in the result' sh -c 'tr -d " \n" <"$1" | grep -q "\"mu_limits\":\[-40.0,45.5\]"' sh "$out"
check 'and recorded' grep -q 'limits: ..-40,45.5' "$out"
run 4 fit aware.h5 pseudo.h5 --limits 20,30
check 'a fit that ends at one says so' grep -q 'mu is at its limit.*mu is limited to 20 to 30' "$err"
run 0 fit aware.h5 pseudo.h5 --limits 0.5,0.6 --fix mu=0.55
refuse 2 'mu cannot be fixed at 20, its limits are ;-3, 3' fit aware.h5 pseudo.h5 --fix mu=20 --limits -3,3
for limits in 3 3,3 4,3 a,b -inf,3 1,2,3; do
    refuse 2 "--limits: '$limits';is not LOW,HIGH" fit aware.h5 pseudo.h5 --limits=$limits
done
refuse 2 '--condition-on needs --augment' train events.h5 -o x.h5 --condition-on tes
refuse 2 '--condition-on needs --augment' train events.h5 -o x.h5 --condition-on tes --augment 1 --augment-widening 0
refuse 2 'mu;tes, jes or soft_met' train events.h5 -o x.h5 --condition-on mu --augment 1
refuse 2 '1.5;0.9 to 1.1' train events.h5 -o x.h5 --condition-on tes=1.5 --augment 1

# What is expected elsewhere.
run 0 info trained.h5 --at mu=2 --at tes=1.02 --json
check 'an expectation at another truth' grep -q '"expected_at"' "$out"
for at in mu=1 mu=3 tes=1.02; do
    run 0 info trained.h5 --at $at --json
    cp "$out" at_$at.json
done
cat >expectations.py <<'END'
import json

at = {name: json.load(open("at_" + name + ".json")) for name in ("mu=1", "mu=3", "tes=1.02")}
sigma = {name: a["expected_at"]["sigma_mu"] for name, a in at.items()}
assert sigma["mu=1"] == at["mu=1"]["expected_sigma_mu"], sigma
assert at["mu=1"]["expected_at"]["shared_template_error_mu"] == at["mu=1"]["shared_template_error_mu"]
assert len(set(sigma.values())) == 3, sigma
END
check 'the truth moves it' "$PYTHON" expectations.py
refuse 2 '--at;alpha' info trained.h5 --at alpha=1
refuse 2 '--at;events.h5' info events.h5 --at mu=1

# The scan finds what single trainings find, and keeps the best.
run 0 scan events.h5 -o best.h5 --try trees=4,12 --try depth=2,3 --bins 8 --share 0.3 --degree 2 --json
check 'four trials' test "$(grep -c '"settings"' "$out")" -eq 4
check 'all are trained' grep -q '"settings": "trees=12 depth=3"' "$out"
"$PYTHON" - "$out" >chosen <<'END' || fail 'the table is not sorted'
import json, sys
table = json.load(open(sys.argv[1]))
sigmas = [trial["expected_sigma_mu"] for trial in table]
assert sigmas == sorted(sigmas) and len(set(sigmas)) == 4, sigmas
print(*("--set " + word for word in table[0]["settings"].split()))
END
# shellcheck disable=SC2046
run 0 train events.h5 -o single.h5 $(cat chosen) --bins 8 --share 0.3 --degree 2
check 'the best analysis is the one of a single training' cmp best.h5 single.h5
refuse 2 'trees;0' scan events.h5 -o x.h5 --try trees=10,0
refuse 2 "no setting 'rate'" scan events.h5 -o x.h5 --try rate=1
refuse 2 'trees' scan events.h5 -o x.h5 --try trees
refuse 2 "trees: ''" scan events.h5 -o x.h5 --try trees=4,,5
refuse 2 '--try KEY=A,B,... is missing' scan events.h5 -o x.h5 --set trees=4
refuse 2 "--try trees=9: 'trees' is given already, as trees=4,5" scan events.h5 -o x.h5 --try trees=4,5 --try depth=2 --try trees=9
many=$(awk 'BEGIN { for (k = 1; k < 400; k++) printf "%d,", k; print 400 }')
refuse 2 'more than 100000 combinations' scan events.h5 --try trees="$many" --try patience="$many"
# 2^64, which is 0 in 64 bits.
# shellcheck disable=SC2046 # a list of options
refuse 2 'more than 100000 combinations' scan events.h5 $(awk 'BEGIN { while (k < 64) printf " --try key%d=1,2", ++k }')
refuse 3 'nowhere/x.h5: cannot be written' scan events.h5 -v -o nowhere/x.h5 --try trees=4,5 --try depth=2

# So few events that mu is known to +-100 only, and that two trees are as good as three: the first analysis is written.
run 0 simulate -o few.h5 --events 300 --seed 1
run 0 scan few.h5 -o few_best.h5 --try trees=3,2 --set depth=2 --bins 3 --degree 1 --json -q
check 'an error of mu that is no null' grep -q '"expected_sigma_mu": [1-9]' "$out"
run 0 train few.h5 -o few_first.h5 --set depth=2 --set trees=3 --bins 3 --degree 1 -q
check 'the first is the best of equals' cmp few_best.h5 few_first.h5
run 0 convert few.h5 few.csv
grep -v diboson few.csv >three.csv
run 0 scan three.csv --try trees=2 --set depth=2 --bins 3 --degree 1
check 'it warns as a training does' grep -q 'no diboson among the train' "$err"
finish
