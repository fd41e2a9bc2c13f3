"""XGBoost through Python, for classifiers.sh: prints lines "name value".

    classifiers_xgboost.py train FOLDER THREADS SCORES trees=300 depth=8 eta=0.05 ...
    classifiers_xgboost.py score FOLDER THREADS SCORES MODEL       with the trees of our stored model
"""
import sys
import time

import numpy as np
import xgboost

import classifiers_common as common


def train(folder, threads, scores, settings):
    """What XGBClassifier.fit does: the sketch of the features, then round after round with the validation log-loss."""
    words = dict(word.split("=") for word in settings)
    parameters = {"objective": "binary:logistic", "tree_method": "hist", "eval_metric": "logloss", "verbosity": 0,
                  "max_depth": int(words["depth"]), "eta": float(words["eta"]), "max_bin": 256, "lambda": 1,
                  "min_child_weight": 1, "seed": 0, "nthread": threads}
    samples = [common.rows(folder, name) for name in ("train", "validation")]
    begin = time.perf_counter()
    matrices = []
    for matrix, label, weight in samples:
        matrices.append(xgboost.QuantileDMatrix(matrix, label=label, weight=weight, nthread=threads, max_bin=256,
                                                ref=matrices[0] if matrices else None))
    booster = xgboost.train(parameters, matrices[0], int(words["trees"]), evals=[(matrices[1], "validation")],
                            early_stopping_rounds=int(words["patience"]), verbose_eval=False)
    print("seconds %.4f" % (time.perf_counter() - begin))
    print("best %d" % (booster.best_iteration + 1))
    kept = (0, booster.best_iteration + 1)
    booster.inplace_predict(common.rows(folder, "test")[0], iteration_range=kept).tofile(f"{folder}/{scores}")


def score(folder, threads, scores, model):
    matrix = common.rows(folder, "test")[0]
    booster = xgboost.Booster({"nthread": threads}, model_file=common.xgboost_bytes(f"{folder}/{model}"))

    def in_place():
        return booster.inplace_predict(matrix)

    def in_batches():
        return np.concatenate([booster.inplace_predict(matrix[k:k + 4096]) for k in range(0, len(matrix), 4096)])

    def predict_proba():
        """XGBClassifier.predict_proba, which needs scikit-learn; this is what it does."""
        p = booster.inplace_predict(matrix, validate_features=True)
        return np.vstack((1.0 - p, p)).transpose()

    def of_a_matrix():
        return booster.predict(xgboost.DMatrix(matrix, nthread=threads))

    for work in (in_place, in_batches, predict_proba, of_a_matrix):
        print("%s %.0f" % (work.__name__, common.best_rate(len(matrix), work)))
    in_place().tofile(f"{folder}/{scores}")


what, at, n, out, *rest = sys.argv[1:]
train(at, int(n), out, rest) if what == "train" else score(at, int(n), out, rest[0])
