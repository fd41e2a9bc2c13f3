#!/bin/sh
# The whole way on a small scale: simulate, train, pseudo, fit, evaluate. Twice, with one thread and two: the same bytes.
. "$(dirname "$0")/common.sh"
need_python json

# chain FOLDER THREADS
chain() {
    mkdir "$1"
    run 0 simulate -o "$1/events.h5" --events 60000 --seed 5 --threads "$2"
    run 0 train "$1/events.h5" -o "$1/analysis.h5" --set trees=20 --set depth=4 --share 0.5 --threads "$2" --json
    cp "$out" "$1/train.json"
    run 0 pseudo "$1/events.h5" -o "$1/pseudo.h5" --mu 1.5 --tes 1.01 --soft-met 1 --seed 7 --threads "$2"
    run 0 fit "$1/analysis.h5" "$1/pseudo.h5" --json --threads "$2"
    cp "$out" "$1/fit.json"
    run 0 evaluate "$1/analysis.h5" "$1/events.h5" -o "$1/results" --num-of-sets 2 --num-pseudo-experiments 2 \
        --seed 3 --threads "$2" --json
    cp "$out" "$1/evaluate.json"
    [ ! -s "$err" ] || { fail "wrote to stderr"; show; }
}
chain one 1
chain two 2

for file in events.h5 train.json analysis.h5 pseudo.h5 fit.json evaluate.json results/result_0.json \
    results/result_1.json results/test_settings.json results/detailed_results.html results/summary.json \
    results/config.yaml; do
    check "$file is the same with two threads" cmp "one/$file" "two/$file"
done
for folder in one two; do
    grep -v ingestion_duration $folder/results/scores.json >$folder/scores
done
check 'the scores are the same' cmp one/scores two/scores
check 'nothing else is in the folder' [ "$(find one/results -type f | wc -l)" -eq 9 ]

cat >keys.py <<'END'
import json


def load(name, *keys):
    with open("one/" + name) as f:
        content = json.load(f)
    assert set(keys) <= set(content), (name, set(keys) - set(content))
    return content


NUISANCES = {"tes", "jes", "soft_met", "ttbar_scale", "diboson_scale", "bkg_scale"}
train = load("train.json", "model", "settings", "events_checksum", "rounds", "best_round", "train", "validation",
             "holdout", "bins", "expected_sigma_mu", "shared_template_error_mu")
assert 0.6 < train["holdout"]["auc"] < 1 and train["expected_sigma_mu"] > 0
assert "trees=20 depth=4" in train["settings"]
curves = train["diagnostics"]["train_log_loss"], train["diagnostics"]["validation_log_loss"]
assert [len(curve) for curve in curves] == [train["rounds"]] * 2 == [20, 20]
kept = train["best_round"] - 1
assert abs(curves[0][kept] - train["train"]["log_loss"]) < 1e-5 > abs(curves[1][kept] - train["validation"]["log_loss"])
assert curves[0][0] > curves[0][-1] and curves[1][0] > curves[1][-1]
fit = load("fit.json", "mu_hat", "delta_mu_hat", "p16", "p84", "nuisances", "fit", "events", "observed", "expected")
assert set(fit["nuisances"]) == NUISANCES and fit["fit"]["valid"] is True
assert fit["p16"] < fit["mu_hat"] < fit["p84"]
assert abs(fit["delta_mu_hat"] - (fit["p84"] - fit["p16"]) / 2) < 1e-9 * 100
assert sum(fit["observed"]) == fit["events"] and len(fit["observed"]) == len(train["bins"])
# The pseudo-experiment has mu = 1.5; the fit knows that to within its own error.
assert abs(fit["mu_hat"] - 1.5) < 4 * fit["delta_mu_hat"], fit["mu_hat"]
# What is known of mu and the nuisance parameters together.
assert fit["mu"]["value"] == fit["mu_hat"] and fit["mu"]["held"] is False
assert 0.5 < fit["mu"]["error"] / fit["delta_mu_hat"] < 2
correlations = fit["correlations"]
assert correlations["parameters"][0] == "mu" and set(correlations["parameters"][1:]) == NUISANCES
matrix = correlations["matrix"]
for i, row in enumerate(matrix):
    assert row[i] == 1 and len(row) == len(matrix) == 7
    assert all(-1 < row[j] == matrix[j][i] < 1 for j in range(7) if j != i)
assert matrix[0][6] < 0  # more background looks like less signal
# Expected events, before and after the fit.
yields = fit["yields"]
PROCESSES = "htautau", "ztautau", "ttbar", "diboson"
assert set(yields) == {*PROCESSES, "all", "observed"} and yields["observed"] == fit["events"]
for when in "prefit", "postfit":
    events = {name: yields[name][when]["events"] for name in PROCESSES}
    total = yields["all"][when]
    assert abs(sum(events.values()) - total["events"]) < 1e-6 * total["events"]
    squares = sum(yields[name][when]["template_error"] ** 2 for name in PROCESSES)
    assert abs(squares ** 0.5 - total["template_error"]) < 1e-6 * total["template_error"]
post, pre = yields["all"]["postfit"], yields["all"]["prefit"]
assert abs(sum(fit["expected"]) - post["events"]) < 1e-6 * post["events"]
assert abs(sum(fit["expected_variance"]) ** 0.5 - post["template_error"]) < 1e-6 * post["template_error"]
signal = yields["htautau"]["postfit"]["error"] / yields["htautau"]["postfit"]["events"]
assert 0.5 < signal / (fit["mu"]["error"] / abs(fit["mu_hat"])) < 2, signal
assert pre["error"] > post["error"] > 0  # a million events know their number better than the priors do
assert yields["ttbar"]["prefit"]["error"] > 0.02 * yields["ttbar"]["prefit"]["events"]
settings = load("results/test_settings.json", "systematics", "num_pseudo_experiments", "num_of_sets",
                "ground_truth_mus", "random_mu")
assert set(settings["systematics"]) == NUISANCES and all(settings["systematics"].values())
assert len(settings["ground_truth_mus"]) == settings["num_of_sets"] == 2
for k in range(2):
    result = load(f"results/result_{k}.json", "mu_hats", "delta_mu_hats", "p16", "p84")
    assert all(len(v) == 2 for v in result.values())
load("results/scores.json", "rmse", "mae", "interval", "coverage", "quantiles_score", "ingestion_duration")
load("results/ingestion_duration.json", "ingestion_duration")
summary = load("results/summary.json", "seed", "converged", "failed", "mean_pull", "scores", "experiments")
assert summary["converged"] + summary["failed"] == len(summary["experiments"]) == 4
assert summary == load("evaluate.json")
END
check 'the files hold what they should' "$PYTHON" keys.py

# What a fit may be asked.
cd one || exit 1
run 0 fit analysis.h5 pseudo.h5
check 'a fit is explained' grep -q 'mu_hat' "$out"
cp "$out" ../plain.txt
run 0 fit analysis.h5 pseudo.h5 --verbose
head -n "$(wc -l <../plain.txt)" "$out" >../first.txt
check '--verbose adds tables behind the others' cmp ../plain.txt ../first.txt
check 'correlations' grep -qE '^  jes +[0-9.]+ +-?0\.[0-9]{3} +-?0\.[0-9]{3}   1\.000 ' "$out"
check 'yields' grep -qE '^  ttbar +[0-9]+\.[0-9]{2}( +[0-9.]+){5}$' "$out"
check 'and the data' grep -qE '^  observed +9[0-9]{5}$' "$out"
run 0 fit analysis.h5 pseudo.h5 --verbose --systematics none --fix mu=1
run 0 fit analysis.h5 pseudo.h5 --errors profile
head -n "$(wc -l <../plain.txt)" "$out" >../first.txt
check '--errors profile adds a table behind the others' cmp ../plain.txt ../first.txt
check 'asymmetric errors' grep -qE '^  bkg_scale +1\.00[0-9]+ +0\.00[0-9]+ +-0\.00[0-9]+ +\+0\.00[0-9]+$' "$out"
run 0 fit analysis.h5 pseudo.h5 --errors profile --json
cp "$out" ../sides.json
# The kit ignores the statistics of these few templates, and ttbar_scale has to make up for them.
run 0 fit analysis.h5 pseudo.h5 --errors profile --as-kit --json
cp "$out" ../limits.json
check 'errors of all parameters' "$PYTHON" -c '
import json
plain, sides, limits = (json.load(open(f"../{name}.json")) for name in ("one/fit", "sides", "limits"))
assert sides["mu"]["error_low"] > 0 and plain["mu"]["error_low"] is None
half = (sides["mu"]["error_low"] + sides["mu"]["error_high"]) / 2
assert abs(half - sides["delta_mu_hat"]) < 1e-9, (half, sides["delta_mu_hat"])
for one in list(sides["nuisances"].values()) + [sides["mu"]]:
    assert one["low_side"] == one["high_side"] == "found"
    for side in "error_low", "error_high":
        assert 0.5 < one[side] / one["error"] < 2, one
tes = plain["nuisances"]["tes"]
assert tes["low_side"] == tes["high_side"] == "not sought" and tes["error_low"] is None
ttbar = limits["nuisances"]["ttbar_scale"]
assert ttbar["value"] == 1.2 and ttbar["high_side"] == "at limit" and ttbar["error_high"] is None, ttbar
assert ttbar["low_side"] == "found" and 0 < ttbar["error_low"] < 0.06, ttbar
at = limits["correlations"]["parameters"].index("ttbar_scale")
assert all(row[at] is None for row in limits["correlations"]["matrix"])
'
run 0 fit analysis.h5 pseudo.h5 --errors profile --as-kit --verbose
check 'a limit takes the place of a number' grep -qE '^  ttbar_scale +1\.20000 +0\.00000 +-0\.[0-9]{5} +at limit$' "$out"
check 'and of correlations' grep -qE '^  ttbar_scale +0\.00000( +-)+$' "$out"
# A configuration of a fit serves an evaluation, but for errors that only a fit finds.
printf 'fit: {systematics: tes, errors: profile}\n' >fit.yaml
run 0 fit analysis.h5 pseudo.h5 --config fit.yaml
check 'the configuration asks for them' grep -q '^  profile' "$out"
refuse 2 "fit.yaml: line 1, column 33: --errors: 'profile': only hessian" evaluate analysis.h5 events.h5 -o x --config fit.yaml
printf 'fit: {systematics: tes, errors: hessian}\n' >fit.yaml
run 0 evaluate analysis.h5 events.h5 -o configured --config fit.yaml --num-of-sets 1 --num-pseudo-experiments 1
check 'nothing is left to correlate' [ "$(grep -c correlation "$out")" -eq 0 ]
for interval in symmetric profile hessian; do
    run 0 fit analysis.h5 pseudo.h5 --interval $interval --json
    check "--interval $interval gives numbers" grep -q '"p16": -*[0-9]' "$out"
    cp "$out" "../$interval"
done
check 'the interval makes a difference' sh -c '! cmp -s ../profile ../hessian'
run 0 fit analysis.h5 pseudo.h5 --systematics none --json
check 'without systematics tes stays' grep -q '"value": 1.0' "$out"
run 0 fit analysis.h5 pseudo.h5 --fix mu=1 --json
check 'a fixed mu stays' grep -qE '"mu_hat": 1(\.0)?,' "$out"
run 0 fit analysis.h5 pseudo.h5 --fix tes=1.01 --no-mc-uncertainty --priors white-paper

# Data that must not be fitted.
refuse 3 'events.h5;is simulation' fit analysis.h5 events.h5
run 0 pseudo events.h5 -o other.h5 --split-seed 2
refuse 3 'other.h5;another split' fit analysis.h5 other.h5
# The same events with other weights: still the same events.
run 0 simulate -o longer.h5 --events 61000 --seed 5 -q
run 0 pseudo longer.h5 -o other.h5 --split 0.1,0.1,0.1,0.7 --overwrite
refuse 3 'other.h5;another split' fit analysis.h5 other.h5
refuse 3 'results;--overwrite' evaluate analysis.h5 events.h5 -o results
run 0 evaluate analysis.h5 events.h5 -o results --overwrite --num-of-sets 1 --num-pseudo-experiments 1
check 'no set of the earlier run is left' [ ! -e results/result_1.json ]

# What was printed says which files it is about, by their bytes.
files_of() {
    run 0 info "$1" --json
    sed -n '/"files"/,/]/p' "$out" | grep -o 'xxh128:[0-9a-f]*'
}
run 0 simulate -o bytes.csv --events 50 --seed 1
cp bytes.csv again.csv
check 'the checksum of a file' test -n "$(files_of bytes.csv)"
check 'the same bytes' test "$(files_of bytes.csv)" = "$(files_of again.csv)"
run 0 pseudo events.h5 -o once.h5 --seed 3 --json
check 'all files' test "$(sed -n '/"files"/,/]/p' "$out" | grep -c xxh128)" -ge 1
printf '\n' >>again.csv
check 'other bytes' test "$(files_of bytes.csv)" != "$(files_of again.csv)"
# Of a folder: its results, whatever else is in it.
scored() {
    run 0 score "$1" -o scored --overwrite --json -q
    sed -n '/"files"/,/]/p' "$out" | tr -d ' \n'
}
before=$(scored results)
echo "$before" >files.txt
check 'the folder is named' grep -q '^"files":\[{"name":"results","checksum":"xxh128:[0-9a-f]*"}\]' files.txt
check 'with a slash behind' test "$(scored ./results/)" = "$before"
touch results/notes.txt
check 'another file' test "$(scored results)" = "$before"
sed 's/"p16": \[/"p16":  [/' results/result_0.json >changed.json
mv changed.json results/result_0.json
check 'another result' test "$(scored results)" != "$before"
finish
