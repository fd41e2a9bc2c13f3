"""Checks the counter: what it learnt against all nominal events, its answers against whole counts and the truth.

usage: check_one_bin.py LEARNT NOMINAL.h5 SUMMARY.json EXPERIMENTS.jsonl
"""
import json
import re
import sys

import h5py
import numpy as np

learnt, nominal, summary, journal = sys.argv[1:]
cut, s, b, v = (float(x) for x in re.search(r">= (\S+): s (\S+) b (\S+) v (\S+)", open(learnt).read()).groups())

with h5py.File(nominal) as file:
    weight = file["events/weights"][:].astype(float)
    above = file["events/DER_mass_vis"][:] >= np.float32(cut)
    signal = file["events/detailed_labels"][:] == 0
for name, mine, chosen in (("s", s, above & signal), ("b", b, above & ~signal)):
    whole = weight[chosen].sum()
    # 30 % of the events, scaled up: the error of the estimate is that of the 70 % that it does not see.
    error = np.sqrt((weight[chosen] ** 2).sum() * 0.7 / 0.3)
    print(f"{name}: {mine:.1f}, all events: {whole:.1f} +- {error:.1f}")
    assert abs(mine - whole) < 4 * error, name
    assert 0.5 * whole < mine, name
variance = (weight[above & ~signal] ** 2).sum() / 0.3
assert v > 0.9 * variance, (v, variance)

truth = json.load(open(summary))["experiments"]
answers = [json.loads(line) for line in list(open(journal))[1:]]
assert len(answers) == len(truth) >= 4
pulls = []
for answer in answers:
    n = answer["mu_hat"] * s + b
    assert abs(n - round(n)) < 1e-6 and 0 < n < answer["events"], n
    sigma = np.sqrt(n + v) / s
    assert np.isclose(answer["delta_mu_hat"], sigma, rtol=1e-12)
    assert np.isclose(answer["p84"] - answer["p16"], 2 * sigma, rtol=1e-12)
    pulls.append((answer["mu_hat"] - truth[answer["experiment"]]["mu"]) / sigma)
# Holdout and pool are finite: v has the variance of the one, the other is as large; all experiments share both.
most = 3 * np.sqrt(1 / len(pulls) + 2)
print(f"mean pull {np.mean(pulls):.3f}, at most {most:.3f}")
assert abs(np.mean(pulls)) < most
