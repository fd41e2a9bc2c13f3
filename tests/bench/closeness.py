#!/usr/bin/python3
"""How well a classifier tells simulated events from real ones, and signal from background among the simulated ones.

    closeness.py REAL.csv SIMULATED.h5

REAL.csv has named columns (PRI_* as published); SIMULATED.h5 comes from `fair-baseline simulate` and must hold at least
6 340 Z events and 3 360 H events. Of the simulated events the first 10 000 in the mixture of the public training part (H .336, Z .634,
tt .026, VV .004) are used. Features: the 16 primary and the 12 derived ones, all worked out here from the primary ones.
Weights are ignored, both classes count the same. XGBoost, 200 trees of depth 4, eta 0.1, five folds, all seeds fixed.
An area under the curve (AUC) of 0.5 means that the trees see no difference; with 1 000 real events it is uncertain by about 0.01.
"""
import csv
import sys

import h5py
import numpy as np
import xgboost

SEED = 20240601
FOLDS = 5
MIXTURE = {0: 3360, 1: 6340, 2: 260, 3: 40}  # events by process code: H, Z, tt, VV
PRIMARY = ["lep_pt", "lep_eta", "lep_phi", "had_pt", "had_eta", "had_phi", "jet_leading_pt", "jet_leading_eta",
           "jet_leading_phi", "jet_subleading_pt", "jet_subleading_eta", "jet_subleading_phi", "n_jets", "jet_all_pt",
           "met", "met_phi"]
# The features of the published separation; the order does not matter.
SEPARATION = ["mass_transverse", "mass_vis", "pt_h", "deltar_had_lep", "pt_tot", "sum_pt", "pt_ratio",
              "met_phi_centrality"]


def derive(p):
    """The derived features of the columns `p` (name -> array), as holdout/pipeline/derive.c defines them."""
    def vector(pt, phi):
        return np.array([pt * np.cos(phi), pt * np.sin(phi)])

    one, two = p["n_jets"] >= 1, p["n_jets"] >= 2
    lepton, tau = vector(p["lep_pt"], p["lep_phi"]), vector(p["had_pt"], p["had_phi"])
    higgs = lepton + tau + vector(p["met"], p["met_phi"])
    total = (higgs + np.where(one, vector(p["jet_leading_pt"], p["jet_leading_phi"]), 0)
             + np.where(two, vector(p["jet_subleading_pt"], p["jet_subleading_phi"]), 0))
    deta = p["lep_eta"] - p["had_eta"]
    dphi = (p["lep_phi"] - p["had_phi"] + np.pi) % (2 * np.pi) - np.pi
    jet_deta = np.where(two, p["jet_leading_eta"] - p["jet_subleading_eta"], 1.0)
    middle = 0.5 * (p["jet_leading_eta"] + p["jet_subleading_eta"])
    jet_dphi = p["jet_leading_phi"] - p["jet_subleading_phi"]
    turn = np.sign(np.sin(p["had_phi"] - p["lep_phi"]))
    a, b = turn * np.sin(p["met_phi"] - p["lep_phi"]), turn * np.sin(p["had_phi"] - p["met_phi"])
    jet_mass2 = 2 * p["jet_leading_pt"] * p["jet_subleading_pt"] * (np.cosh(jet_deta) - np.cos(jet_dphi))
    return {
        "mass_transverse": np.sqrt(2 * p["lep_pt"] * p["met"] * (1 - np.cos(p["lep_phi"] - p["met_phi"]))),
        "mass_vis": np.sqrt(2 * p["lep_pt"] * p["had_pt"] * (np.cosh(deta) - np.cos(dphi))),
        "pt_h": np.hypot(*higgs),
        "deltaeta_jet_jet": np.where(two, np.abs(jet_deta), -25),
        "mass_jet_jet": np.where(two, np.sqrt(np.maximum(jet_mass2, 0)), -25),
        "prodeta_jet_jet": np.where(two, p["jet_leading_eta"] * p["jet_subleading_eta"], -25),
        "deltar_had_lep": np.hypot(deta, dphi),
        "pt_tot": np.hypot(*total),
        "sum_pt": p["lep_pt"] + p["had_pt"] + p["jet_all_pt"],
        "pt_ratio": p["lep_pt"] / p["had_pt"],
        "met_phi_centrality": (a + b) / np.maximum(np.hypot(a, b), 1e-12),
        "lep_eta_centrality": np.where(two, np.exp(-4 / np.maximum(jet_deta**2, 1e-12) * (p["lep_eta"] - middle)**2),
                                       -25),
    }


def table(columns):
    primary = {name: np.asarray(columns["PRI_" + name], dtype=float) for name in PRIMARY}
    return {**primary, **derive(primary)}


def matrix(features, names, rows=slice(None)):
    return np.column_stack([features[name][rows] for name in names]).astype(np.float32)


def area(score, is_one, weight):
    """Area under the curve: the weighted share of pairs in the right order, ties half."""
    _, rank = np.unique(score, return_inverse=True)
    one = np.bincount(rank, weight * is_one)
    zero = np.bincount(rank, weight * ~is_one)
    return np.sum(one * (np.cumsum(zero) - 0.5 * zero)) / (one.sum() * zero.sum())


def separate(first, second, names, weight_first=None, weight_second=None):
    """AUC of each fold, and the share of every feature in the total gain."""
    x = np.vstack([first, second])
    is_one = np.arange(len(x)) < len(first)
    weight = np.concatenate([np.ones(len(first)) if weight_first is None else weight_first,
                             np.ones(len(second)) if weight_second is None else weight_second])
    for side in (is_one, ~is_one):
        weight[side] *= len(x) / 2 / weight[side].sum()
    random = np.random.default_rng(SEED)
    fold = np.empty(len(x), int)
    for side in (is_one, ~is_one):
        fold[side] = random.permutation(side.sum()) % FOLDS
    settings = {"objective": "binary:logistic", "max_depth": 4, "eta": 0.1, "nthread": 1, "seed": 1, "verbosity": 0}
    areas, gain = [], dict.fromkeys(names, 0.0)
    for k in range(FOLDS):
        train, test = fold != k, fold == k
        trees = xgboost.train(settings, xgboost.DMatrix(x[train], is_one[train], weight=weight[train],
                                                        feature_names=names), 200)
        score = trees.predict(xgboost.DMatrix(x[test], feature_names=names))
        areas.append(area(score, is_one[test], weight[test]))
        for name, value in trees.get_score(importance_type="total_gain").items():
            gain[name] += value
    total = sum(gain.values())
    return areas, {name: value / total for name, value in gain.items()}


def report(title, areas, gain, n=8):
    print(title + ": AUC " + " ".join("%.3f" % a for a in areas) + "  mean %.4f" % np.mean(areas))
    best = sorted(gain, key=gain.get, reverse=True)[:n]
    print("  gain: " + ", ".join("%s %.1f %%" % (name, 100 * gain[name]) for name in best))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], newline="") as file:
        rows = list(csv.DictReader(file))
    real = table({"PRI_" + name: [float(row["PRI_" + name]) for row in rows] for name in PRIMARY})
    with h5py.File(sys.argv[2]) as file:
        columns = {name: file["events"][name][:] for name in file["events"]}
    simulated = table(columns)
    process, weight = columns["detailed_labels"], columns["weights"]

    names = list(simulated)
    chosen = np.concatenate([np.flatnonzero(process == p)[:n] for p, n in MIXTURE.items()])
    report("real against simulated", *separate(matrix(real, names), matrix(simulated, names, chosen), names))

    signal, background = process == 0, (process == 1) | (process == 2)
    for title, other in (("H against Z + tt", background), ("H against Z", process == 1), ("H against tt", process == 2)):
        areas, gain = separate(matrix(simulated, SEPARATION, signal), matrix(simulated, SEPARATION, other), SEPARATION,
                               weight[signal], weight[other])
        report("simulated " + title + ", 8 features", areas, gain, 4)


if __name__ == "__main__":
    main()
