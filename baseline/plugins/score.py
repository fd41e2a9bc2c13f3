"""A classifier of one's own whose score fair-baseline bins and fits:

    fair-baseline train events.h5 -o analysis.h5 --score-command 'python3 score.py model.npz'
    fair-baseline fit analysis.h5 pseudo.h5

A logistic regression on the 28 features and their squares. Where model.npz is not there yet, it learns from the train
part of the events first, and writes it. Needs numpy, and h5py to learn.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np

UNDEFINED = -25


class Logistic:
    """Logistic regression by Newton's method; both classes weigh the same."""

    def __init__(self, mean, width, beta):
        self.mean, self.width, self.beta = mean, width, beta

    @classmethod
    def learn(cls, x, weight, is_signal):
        x = np.where(x == UNDEFINED, np.nan, x)
        model = cls(np.nanmean(x, axis=0), np.nanstd(x, axis=0) + 1e-9, np.zeros(2 * x.shape[1] + 1))
        rows = model.rows(x)
        weight = weight / np.where(is_signal, weight[is_signal].sum(), weight[~is_signal].sum())
        for _ in range(8):
            p = model.score(x)
            slope = rows.T @ (weight * (is_signal - p)) - 1e-4 * model.beta
            curvature = (rows * (weight * p * (1 - p))[:, None]).T @ rows + 1e-4 * np.eye(len(model.beta))
            model.beta += np.linalg.solve(curvature, slope)
        return model

    def rows(self, x):
        """Each feature and its square, in standard units; what is undefined is in the middle."""
        z = np.clip((np.where(x == UNDEFINED, np.nan, x) - self.mean) / self.width, -4, 4)
        z = np.nan_to_num(z)
        return np.hstack([z, z * z, np.ones((len(z), 1))])

    def score(self, x):
        return 1 / (1 + np.exp(-np.clip(self.rows(x) @ self.beta, -30, 30)))


def train_part(names):
    """Features, weights and signal flags of the train part: selected, with the 12 derived columns."""
    import h5py

    if "FB_EVENTS" not in os.environ:
        sys.exit(f"score.py: {sys.argv[1]} is missing, and only 'train' says which events to learn from")
    split = [word for option in ("split", "split-rule", "split-seed", "metadata")
             for word in ("--" + option, os.environ["FB_" + option.upper().replace("-", "_")])]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.h5")
        # Its standard output is not for the scores.
        subprocess.run([os.environ["FB_PROGRAM"], "systematics", os.environ["FB_EVENTS"], path, "--quiet",
                        "--part", "train", *split], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(path) as file:
            group = file["events"]
            signal = h5py.check_enum_dtype(group["detailed_labels"].dtype)["htautau"]
            x = np.column_stack([group[name][:] for name in names]).astype(float)
            return x, group["weights"][:].astype(float), group["detailed_labels"][:] == signal


if len(sys.argv) != 2:
    sys.exit("usage: score.py MODEL.npz")
questions, answers = sys.stdin.buffer, sys.stdout.buffer
names = questions.readline().decode().rstrip("\n").split(",")  # of the features, once
if os.path.exists(sys.argv[1]):
    with np.load(sys.argv[1]) as file:
        model = Logistic(file["mean"], file["width"], file["beta"])
else:
    model = Logistic.learn(*train_part(names))
    np.savez(sys.argv[1], mean=model.mean, width=model.width, beta=model.beta)
for line in questions:  # the number of rows of a block, then the rows
    n = int(line)
    x = np.frombuffer(questions.read(4 * n * len(names)), dtype="<f4").reshape(n, len(names))
    answers.write(model.score(x).astype("<f4").tobytes())
    answers.flush()  # flush: the program waits for these scores
