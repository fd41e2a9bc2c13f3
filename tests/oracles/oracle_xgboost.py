"""Trains XGBoost through its Python interface and compares with the scores in a file.

Usage: oracle_xgboost.py FILE N_TRAIN N_VALIDATION N_FEATURES BEST_ROUND BEST_LOG_LOSS KEY=VALUE...
FILE: float32, rows of (features, label, weight) of both samples, then the scores of the validation sample.
Exit code 0: all agree; 1: not; 77: numpy or xgboost is missing.
"""
import sys

try:
    import numpy as np
    import xgboost
except ImportError as error:
    print(error)
    sys.exit(77)

SCORE_TOLERANCE = 1e-6  # float32 scores below 1
NAMES = {"depth": "max_depth", "bins": "max_bin"}  # those that XGBoost calls otherwise


def matrix(rows, n_features):
    """A DMatrix whose classes have equal sums of weights and mean weight 1."""
    label = rows[:, n_features]
    weight = rows[:, n_features + 1].astype(np.float64)
    for value in (0, 1):
        weight[label == value] *= 0.5 * len(rows) / weight[label == value].sum()
    return xgboost.DMatrix(rows[:, :n_features], label=label, weight=weight.astype(np.float32), missing=np.nan)


def main():
    n_train, n_validation, n_features, best_round = map(int, sys.argv[2:6])
    best_log_loss = float(sys.argv[6])
    settings = dict(word.split("=") for word in sys.argv[7:])
    trees, patience = int(settings.pop("trees")), int(settings.pop("patience"))
    parameters = {"objective": "binary:logistic", "tree_method": "hist", "eval_metric": "logloss", "verbosity": 0,
                  "nthread": 2, "seed": 0}
    parameters.update({NAMES.get(key, key): float(value) if "." in value else int(value)
                       for key, value in settings.items()})
    data = np.fromfile(sys.argv[1], dtype=np.float32)
    width = n_features + 2
    rows = data[:(n_train + n_validation) * width].reshape(-1, width)
    ours = data[(n_train + n_validation) * width:]
    assert len(ours) == n_validation
    validation = matrix(rows[n_train:], n_features)
    booster = xgboost.train(parameters, matrix(rows[:n_train], n_features), trees, evals=[(validation, "validation")],
                            early_stopping_rounds=patience, verbose_eval=False)
    theirs = booster.predict(validation, iteration_range=(0, best_round))
    largest = np.abs(theirs - ours).max()
    print(f"best round {booster.best_iteration + 1} and {best_round}, log-loss {booster.best_score:.8f} and "
          f"{best_log_loss:.8f}, largest difference of scores {largest:.2e}")
    # XGBoost sums the log-loss in float32.
    agree = (booster.best_iteration + 1 == best_round and abs(booster.best_score - best_log_loss) < 1e-5
             and largest <= SCORE_TOLERANCE)
    return 0 if agree else 1


sys.exit(main())
