#!/bin/sh
# A hardened score through the whole chain on a small scale, and the same bytes with one thread and two.
. "$(dirname "$0")/common.sh"
need_python numpy h5py

run 0 simulate -o events.h5 --events 60000 --seed 5
settings='--model hardened --set hidden=12x8 --set epochs=3 --set batch=300'
for threads in 1 2; do
    # shellcheck disable=SC2086 # several words
    run 0 train events.h5 -o analysis_$threads.h5 $settings --bins 10 --quantile-signal 0.5 --degree 2 \
        --threads $threads --json
    cp "$out" train_$threads.json
done
check 'two threads train the same' cmp analysis_1.h5 analysis_2.h5
check 'and say the same' cmp train_1.json train_2.json
run 0 info analysis_1.h5
check 'info tells the model' grep -q 'model hardened: hidden=12x8 epochs=3' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7
run 0 fit analysis_1.h5 pseudo.h5 --json
check 'the fit converges' grep -q '"valid": true' "$out"
run 0 measure analysis_1.h5 events.h5 -o more.h5 --bins 12 -q
run 0 fit more.h5 pseudo.h5
run 0 evaluate analysis_1.h5 events.h5 -o results --num-of-sets 1 --num-pseudo-experiments 2 -q

# The events one by one: they add up to the templates, and their columns to the score.
run 0 scores analysis_1.h5 events.h5 -o scores.h5
check 'how many is printed' grep -q '^scores.h5: scores of [0-9]* events$' "$out"
run 0 scores analysis_1.h5 events.h5 -o scores_2.h5 --threads 2 -q
check 'two threads write the same' cmp scores.h5 scores_2.h5
run 0 scores analysis_1.h5 pseudo.h5 -o data.h5 --json
run 0 scores analysis_1.h5 events.h5 -o moved.h5 --tes 1.03 --soft-met 2
refuse 3 'nothing.h5' scores analysis_1.h5 nothing.h5 -o x.h5
refuse 3 'scores.h5: is there already' scores analysis_1.h5 events.h5 -o scores.h5
cat >look.py <<'END'
import h5py
import numpy as np

with h5py.File("analysis_1.h5") as a, h5py.File("scores.h5") as f, h5py.File("events.h5") as e:
    s = {k: d[:] for k, d in f["scores"].items()}
    edge = a["templates/edge"][:]
    assert (np.searchsorted(edge, np.minimum(s["score"] * 65536, 65535).astype(int), side="right") - 1 == s["bin"]).all()
    assert (s["weights"] == e["events/weights"][:][s["row"]]).all()
    assert (s["detailed_labels"] == e["events/detailed_labels"][:][s["row"]]).all()
    for p in range(4):
        own = s["detailed_labels"] == p
        # The holdout is a part of these, scaled to all: equal within some of its statistical errors.
        whole = np.bincount(s["bin"][own], s["weights"][own], minlength=len(edge) - 1)
        part, error = a["templates/yield"][p], np.sqrt(a["templates/variance"][p])
        assert (abs(part - whole) < 5 * error).all(), (p, part, whole, error)
    g = np.stack([s["fraction_" + k] for k in ("htautau", "ztautau", "ttbar", "diboson")])
    assert abs(g.sum(axis=0) - 1).max() < 1e-5
    # The score rises with the sum, and with nothing else.
    order = np.argsort(s["sum"], kind="stable")
    assert (np.diff(s["score"][order]) >= -1e-6).all()
    signal = s["detailed_labels"] == 0
    assert s["fraction_htautau"][signal].mean() > 3 * s["fraction_htautau"][~signal].mean()
    form = np.linalg.lstsq(np.stack([g[0], g[2], g[3], s["derivative_tes"], s["derivative_jes"],
                                     s["derivative_soft_met"]], axis=1), s["sum"], rcond=None)
    assert abs(form[0][0] - 1) < 1e-3, form
with h5py.File("data.h5") as f, h5py.File("moved.h5") as m:
    assert "weights" not in f["scores"] and "detailed_labels" not in f["scores"] and len(f["scores/bin"]) > 0
    assert len(m["scores/row"]) > len(s["row"])
END
check 'the file of scores' "$PYTHON" look.py

# What was recorded makes it again.
run 0 info analysis_1.h5 --json
"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["configuration"], end="")' <"$out" >config.yaml
run 0 train events.h5 -o again.h5 --config config.yaml -q
check 'the configuration makes the same analysis' cmp again.h5 analysis_1.h5

refuse 2 '--model hardened;--condition-on' train events.h5 -o x.h5 --model hardened --augment 1 --condition-on tes
refuse 2 '--model hardened;--calibrate' train events.h5 -o x.h5 --model hardened --calibrate isotonic
refuse 2 "model dense has no setting 'trees'" train events.h5 -o x.h5 --model hardened --set trees=3
finish
