#!/bin/sh
# train --calibrate: the score becomes the fraction of the signal, the order of the events stays.
. "$(dirname "$0")/common.sh"
need_python json

run 0 simulate -o events.h5 --events 60000 --seed 5
# Twenty short steps: a score that orders events and is far too careful.
for kind in none isotonic; do
    run 0 train events.h5 -o $kind.h5 --set trees=20 --set depth=5 --set eta=0.02 --calibrate $kind \
        --bins 10 --share 0.3 --degree 2 --json
    cp "$out" $kind.json
done
run 0 train events.h5 -o again.h5 --set trees=20 --set depth=5 --set eta=0.02 --calibrate isotonic \
    --bins 10 --share 0.3 --degree 2 --threads 1
check 'one thread trains the same' cmp isotonic.h5 again.h5
cat >compare.py <<'END'
import json

none, isotonic = (json.load(open(kind + ".json")) for kind in ("none", "isotonic"))
assert (none["calibrate"], isotonic["calibrate"]) == ("none", "isotonic")
error = []
for a in none, isotonic:
    d = a["diagnostics"]["calibration"]
    bins = zip(d["mean_score"], d["signal_fraction"], d["share_of_weight"])
    error.append(sum(w * abs(s - f) for s, f, w in bins if w))
assert error[0] > 0.1 and error[1] < 0.03, error
for part in "train", "validation", "holdout":
    # 1e-4: the holdout is judged by cells of the score.
    assert abs(none[part]["auc"] - isotonic[part]["auc"]) < 1e-4, part
    assert none[part]["log_loss"] > isotonic[part]["log_loss"] + 0.05, part
# The curve is that of the training, which knows no calibration.
assert none["diagnostics"]["train_log_loss"] == isotonic["diagnostics"]["train_log_loss"]
# The same quantiles of the signal: what moves is where they are.
assert len(none["bins"]) == len(isotonic["bins"]) == 10
assert abs(none["expected_sigma_mu"] / isotonic["expected_sigma_mu"] - 1) < 0.1
END
check 'the files hold what they should' "$PYTHON" compare.py
run 0 info isotonic.h5
check 'info tells it' grep -q 'calibrated: isotonic, [0-9]* steps' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7
for kind in none isotonic; do
    run 0 fit $kind.h5 pseudo.h5 --json
    check "the fit with $kind converges" grep -q '"valid": true' "$out"
    cp "$out" fit_$kind.json
done
cat >fits.py <<'END'
import json

none, isotonic = (json.load(open("fit_" + kind + ".json")) for kind in ("none", "isotonic"))
assert sum(none["observed"]) == sum(isotonic["observed"])
assert abs(none["mu_hat"] - isotonic["mu_hat"]) < none["delta_mu_hat"]
END
check 'the fits agree' "$PYTHON" fits.py
refuse 2 "--calibrate: 'platt' is not none or isotonic" train events.h5 -o x.h5 --calibrate platt
finish
