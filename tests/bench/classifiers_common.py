"""What the Python half of classifiers.sh shares: rows, stored models, metrics, the clock."""
import struct
import time

import numpy as np

FEATURES = 28
ENVELOPE = 24  # bytes before those of a kind of classifier: models/classifier.c


def rows(folder, name):
    """Features, labels and weights of a sample, the classes of equal weight and with mean weight 1."""
    data = np.fromfile(f"{folder}/{name}.f32", dtype=np.float32).reshape(-1, FEATURES + 2)
    label, weight = data[:, FEATURES].copy(), data[:, FEATURES + 1].astype(np.float64)
    for value in (0, 1):
        weight[label == value] *= 0.5 * len(data) / weight[label == value].sum()
    return np.ascontiguousarray(data[:, :FEATURES]), label, weight.astype(np.float32)


def best_rate(n, work):
    """Rows per second in the best round of a second, at least three."""
    seconds, start = [], time.perf_counter()
    while len(seconds) < 3 or time.perf_counter() - start < 1.0:
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return n / min(seconds)


def xgboost_bytes(path):
    """The model of XGBoost (UBJ) that a stored BDT ends with: models/bdt/bdt.c."""
    with open(path, "rb") as f:
        data = f.read()[ENVELOPE:]
    length, = struct.unpack_from("<Q", data)
    return bytearray(data[8 + length:])


def net(path):
    """Mean, 1 / width and the layers (W [in][out], b) of a stored net with features=standard: models/dense/dense_trained.c."""
    with open(path, "rb") as f:
        data = f.read()[ENVELOPE:]
    assert data[:8] == b"fbdense1", "the net is stored in a form that this does not know"
    at = 8 + 32
    n_columns, n_groups, n_hidden = struct.unpack_from("<3i", data, at)
    at += 12
    widths = list(struct.unpack_from(f"<{n_hidden}i", data, at)) + [1]
    value = np.frombuffer(data, dtype="<f4", offset=at + 4 * n_hidden)
    assert n_groups == 0 and not value[n_columns:2 * n_columns].any(), "not of features=standard"
    mean, scale, value = value[2 * n_columns:3 * n_columns], value[3 * n_columns:4 * n_columns], value[4 * n_columns:]
    layers, n_in = [], n_columns
    for n_out in widths:
        layers.append((value[:n_in * n_out].reshape(n_in, n_out), value[n_in * n_out:(n_in + 1) * n_out]))
        value, n_in = value[(n_in + 1) * n_out:], n_out
    assert len(value) == 0
    return mean, scale, layers


def log_loss(score, label, weight):
    p = np.clip(np.where(label == 1, score, 1.0 - score.astype(np.float64)), 1e-16, None)
    return -np.average(np.log(p), weights=weight)


def auc(score, label, weight):
    """Mann and Whitney with weights, ties counted half."""
    values, place = np.unique(score, return_inverse=True)
    signal = np.bincount(place, weight * (label == 1), len(values))
    background = np.bincount(place, weight * (label == 0), len(values))
    below = np.cumsum(background) - 0.5 * background
    return (signal * below).sum() / (signal.sum() * background.sum())
