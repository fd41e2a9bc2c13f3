"""A classifier of one's own as a program that evaluate talks to:

    fair-baseline evaluate --method 'python3 classifier.py' events.h5 -o results

It learns a logistic regression on the 28 features from the train part, chooses a cut on its score on the validation
part, takes the yields above the cut from the holdout part, and counts. Needs h5py and numpy.
"""
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

if "FB_EVENTS" not in os.environ:
    sys.exit("classifier.py: it learns from the EVENTS of 'fair-baseline evaluate --method', which are missing")

# One prior width of each nuisance parameter.
SHIFTS = ({"tes": 1.01}, {"jes": 1.01}, {"soft-met": 1}, {"ttbar-scale": 1.02}, {"diboson-scale": 1.25},
          {"bkg-scale": 1.001})
UNDEFINED = -25


def features(group):
    """28 columns in an order that is the same for all files, n rows."""
    return np.column_stack([group[name][:] for name in sorted(group) if name[:4] in ("PRI_", "DER_")]).astype(float)


def part(name, **shift):
    """Features, weights and signal flags of one part of the events, selected, with the 12 derived columns."""
    split = ["--part", name] + [word for option in ("split", "split-rule", "split-seed", "metadata")
                                for word in ("--" + option, os.environ["FB_" + option.upper().replace("-", "_")])]
    moved = [word for option, value in shift.items() for word in ("--" + option, str(value))]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "part.h5")
        # Its standard output is not for evaluate, which waits for answers on ours.
        subprocess.run([os.environ["FB_PROGRAM"], "systematics", os.environ["FB_EVENTS"], path, "--quiet", *split, *moved],
                       check=True, stdout=subprocess.DEVNULL)
        with h5py.File(path) as file:
            group = file["events"]
            signal = h5py.check_enum_dtype(group["detailed_labels"].dtype)["htautau"]
            return features(group), group["weights"][:].astype(float), group["detailed_labels"][:] == signal


class Logistic:
    """Logistic regression by Newton's method; both classes weigh the same."""

    def __init__(self, x, weight, is_signal):
        x = np.where(x == UNDEFINED, np.nan, x)
        self.mean, self.width = np.nanmean(x, axis=0), np.nanstd(x, axis=0) + 1e-9
        self.beta = np.zeros(2 * x.shape[1] + 1)
        rows = self.rows(x)
        weight = weight / np.where(is_signal, weight[is_signal].sum(), weight[~is_signal].sum())
        for _ in range(8):
            p = 1 / (1 + np.exp(-np.clip(rows @ self.beta, -30, 30)))
            slope = rows.T @ (weight * (is_signal - p)) - 1e-4 * self.beta
            curvature = (rows * (weight * p * (1 - p))[:, None]).T @ rows + 1e-4 * np.eye(len(self.beta))
            self.beta += np.linalg.solve(curvature, slope)

    def rows(self, x):
        """Each feature and its square, in standard units; what is undefined is in the middle."""
        z = np.clip((np.where(x == UNDEFINED, np.nan, x) - self.mean) / self.width, -4, 4)
        z = np.nan_to_num(z)
        return np.hstack([z, z * z, np.ones((len(z), 1))])

    def score(self, x):
        return self.rows(x) @ self.beta


def yields(data, model, cut):
    """Signal, background, and the sum of squared weights of the background above the cut."""
    x, weight, is_signal = data
    above = model.score(x) >= cut
    background = weight[above & ~is_signal]
    return weight[above & is_signal].sum(), background.sum(), (background**2).sum()


def learn():
    model = Logistic(*part("train"))
    x, weight, is_signal = part("validation")
    # The cut with the smallest error at mu = 1, where five per cent of the background stand for the systematics.
    cuts = np.quantile(model.score(x[is_signal]), np.linspace(0.05, 0.95, 91))
    counted = [yields((x, weight, is_signal), model, cut) for cut in cuts]
    cut = cuts[np.argmin([(s + b + square + (0.05 * b)**2) / s**2 for s, b, square in counted])]
    s, b, v = yields(part("holdout"), model, cut)
    for shift in SHIFTS:
        moved = yields(part("holdout", **shift), model, cut)
        v += (moved[0] + moved[1] - s - b)**2
    return model, cut, s, b, v


model, cut, s, b, v = learn()
print(f"classifier.py: score >= {cut:.4f}: s {s:.1f} b {b:.1f} v {v:.1f}", file=sys.stderr)
for line in sys.stdin:  # the path of a file with one pseudo-experiment
    with h5py.File(line.strip()) as file:
        n = np.count_nonzero(model.score(features(file["events"])) >= cut)
    mu_hat, sigma = (n - b) / s, np.sqrt(n + v) / s
    answer = {"mu_hat": mu_hat, "delta_mu_hat": sigma, "p16": mu_hat - sigma, "p84": mu_hat + sigma}
    print(json.dumps(answer), flush=True)  # flush: the program waits for this line
