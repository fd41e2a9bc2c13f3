"""Draws an official pseudo-experiment with numpy and compares with one drawn by the library.

Usage: oracle_numpy.py POOL DRAWN SEED N_SETS N_EXPERIMENTS SET EXPERIMENT SUM_WEIGHTS POOL_SUM_WEIGHTS. Exit code 0: identical; 1: not; 77: no numpy.
POOL: float64 records (process, weight), process 0 htautau, 1 ztautau, 2 ttbar, 3 diboson. DRAWN: float64 mu and the six
nuisance parameters, then records (pool row, noise of x, noise of y), one for each drawn event in the official order.
SUM_WEIGHTS is the sum that the weights of the pool, which sum up to POOL_SUM_WEIGHTS, are scaled to; 0: they are not.
Everything is written down from the description of the official program and shares no code with the library.
"""
import sys

try:
    import numpy as np
except ImportError as error:
    print(error)
    sys.exit(77)

RandomState = np.random.RandomState


def nuisances(seed):
    random = RandomState(seed)
    drawn = [random.normal(1.0, 0.01), random.normal(1.0, 0.01), random.lognormal(0.0, 1.0),
             random.normal(1.0, 0.02), random.normal(1.0, 0.25), random.normal(1.0, 0.001)]
    return np.clip(drawn, [0.9, 0.9, 0.0, 0.8, 0.0, 0.99], [1.1, 1.1, 5.0, 1.2, 2.0, 1.01])


def scaled(weight, sum_weights, pool_sum_weights):
    if sum_weights == 0:
        return weight
    return weight * np.float32(sum_weights) / np.float32(pool_sum_weights)


def drawn_rows(process, weight, mu, values, seed):
    _, _, _, ttbar, diboson, bkg = values
    factors = {1: bkg, 3: diboson * bkg, 2: ttbar * bkg, 0: mu}
    tables = []
    seed_of_table = seed
    for number, (label, factor) in enumerate(factors.items()):
        seed_of_table += number
        rows = np.flatnonzero(process == label)
        mean = np.float32(factor) * weight[rows]
        assert mean.dtype == np.float32
        tables.append(np.repeat(rows, RandomState(seed_of_table).poisson(mean)))
    copies = np.concatenate(tables)
    return copies[RandomState(seed).permutation(len(copies))]


def main():
    seed, n_sets, n_experiments, s, e = map(int, sys.argv[3:8])
    sum_weights, pool_sum_weights = map(float, sys.argv[8:])
    pool = np.fromfile(sys.argv[1]).reshape(-1, 2)
    ours = np.fromfile(sys.argv[2])
    truth, events = ours[:7], ours[7:].reshape(-1, 3)
    mu = RandomState(seed).uniform(0.1, 3.0, n_sets)[s]
    values = nuisances(seed + s * n_experiments + e)
    weight = scaled(pool[:, 1].astype(np.float32), sum_weights, pool_sum_weights)
    rows = drawn_rows(pool[:, 0].astype(int), weight, mu, values, seed + s * n_experiments + e)
    noise = RandomState(31415)
    same = {"truth": np.array_equal(truth, np.r_[mu, values]),
            "rows": np.array_equal(events[:, 0], rows),
            "noise x": np.array_equal(events[:, 1], noise.normal(0.0, 1.0, len(rows))),
            "noise y": np.array_equal(events[:, 2], noise.normal(0.0, 1.0, len(rows)))}
    print(f"seed {seed}, set {s}, experiment {e}: {len(rows)} events drawn from {len(pool)} rows; identical: {same}")
    return 0 if all(same.values()) else 1


sys.exit(main())
