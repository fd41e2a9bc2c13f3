"""The official kit's way through one pseudo-experiment, stage by stage, for challenge.sh: prints lines "name value".

    challenge_kit.py EVENTS.h5 MODEL REPEATS

Written for this comparison, with what the kit uses: a pandas table per process for the pool, NumPy for distortions and
features (float32, whole columns at once), XGBoost from a NumPy matrix on all processors, a weighted histogram, iminuit.
Where the kit is slower by accident this is not: the likelihood has its polynomials in arrays, not in objects. Before
anything is timed, distortions and features are compared with a table of the official program.
"""
import os
import json
import struct
import sys
import time

import h5py
import numpy as np
import pandas as pd
import xgboost
from iminuit import Minuit

MISSING = -25
PRIMARY = ["PRI_lep_pt", "PRI_lep_eta", "PRI_lep_phi", "PRI_had_pt", "PRI_had_eta", "PRI_had_phi", "PRI_jet_leading_pt",
           "PRI_jet_leading_eta", "PRI_jet_leading_phi", "PRI_jet_subleading_pt", "PRI_jet_subleading_eta",
           "PRI_jet_subleading_phi", "PRI_n_jets", "PRI_jet_all_pt", "PRI_met", "PRI_met_phi"]
ORDER = ["ztautau", "diboson", "ttbar", "htautau"]
FACTOR = {"ztautau": ("bkg_scale",), "diboson": ("diboson_scale", "bkg_scale"), "ttbar": ("ttbar_scale", "bkg_scale"),
          "htautau": ("mu",)}
TRUTH = {"mu": 1.2, "tes": 1.01, "jes": 0.99, "soft_met": 1.0, "ttbar_scale": 1.01, "diboson_scale": 1.1,
         "bkg_scale": 1.0005}
SEED = 31415


def read_pool(path):
    """The first 30 % of the rows, weights restored process by process, as a table for each process."""
    with h5py.File(path) as f:
        group = f["events"]
        names = h5py.check_enum_dtype(group["detailed_labels"].dtype)
        n = group["weights"].shape[0]
        n_pool = int(0.3 * n)
        weights, process = group["weights"][:], group["detailed_labels"][:]
        pool = pd.DataFrame({name: group[name][:n_pool] for name in PRIMARY})
    pool["weights"] = weights[:n_pool]
    tables = {}
    for name in ORDER:
        mine = process[:n_pool] == names[name]
        tables[name] = pool[mine].copy()
        tables[name]["weights"] *= weights[process == names[name]].sum() / weights[:n_pool][mine].sum()
    return tables


def draw(tables):
    drawn = []
    for k, name in enumerate(ORDER):
        table = tables[name]
        scale = np.prod([TRUTH[key] for key in FACTOR[name]])
        copies = np.random.RandomState(SEED + k).poisson(scale * table["weights"])
        drawn.append(table.loc[np.repeat(table.index, copies)])
    drawn = pd.concat(drawn)
    drawn = drawn.sample(frac=1, random_state=SEED).reset_index(drop=True)
    return drawn.drop(columns="weights")


def distort(events, truth):
    """CHALLENGE's distortions on a copy, rounded."""
    e = events.copy()
    x = e["PRI_met"] * np.cos(e["PRI_met_phi"])
    y = e["PRI_met"] * np.sin(e["PRI_met_phi"])
    e["PRI_had_pt"] *= np.float32(truth["tes"])
    c = np.float32((1 - truth["tes"]) / truth["tes"])
    x += c * (e["PRI_had_pt"] * np.cos(e["PRI_had_phi"]))
    y += c * (e["PRI_had_pt"] * np.sin(e["PRI_had_phi"]))
    factor, c = np.float32(truth["jes"]), np.float32((1 - truth["jes"]) / truth["jes"])
    e["PRI_jet_all_pt"] *= factor
    for jet, least in (("leading", 0), ("subleading", 1)):
        pt, phi, there = f"PRI_jet_{jet}_pt", f"PRI_jet_{jet}_phi", e["PRI_n_jets"] > least
        e[pt] = np.where(there, e[pt] * factor, e[pt])
        x += c * np.where(there, e[pt] * np.cos(e[phi]), np.float32(0))
        y += c * np.where(there, e[pt] * np.sin(e[phi]), np.float32(0))
    random = np.random.RandomState(SEED)
    x = x + random.normal(0, truth["soft_met"], len(e))
    y = y + random.normal(0, truth["soft_met"], len(e))
    e["PRI_met"], e["PRI_met_phi"] = np.sqrt(x * x + y * y), np.arctan2(y, x)
    for name in PRIMARY:
        if name != "PRI_n_jets":
            e[name] = np.round(e[name], 3)
    return e


def select(e):
    e = e[e["PRI_had_pt"] >= 26].copy()
    for jet in ("subleading", "leading"):
        names = [f"PRI_jet_{jet}_{what}" for what in ("pt", "eta", "phi")]
        gone = e[names[0]].between(0, 26)
        e["PRI_jet_all_pt"] = np.where(gone, e["PRI_jet_all_pt"] - e[names[0]], e["PRI_jet_all_pt"])
        e["PRI_n_jets"] -= gone
        for name in names:
            e[name] = np.where(gone, np.float32(MISSING), e[name])
    return e[e["PRI_lep_pt"] >= 20]


def vector(e, what, there=True):
    pt, eta, phi = (e[f"PRI_{what}_{k}"].to_numpy() for k in ("pt", "eta", "phi"))
    p = np.stack([pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta), pt * np.cosh(eta)])
    return np.where(there, p, np.float32(0))


def mass(p):
    return np.sqrt(np.maximum(0, p[3] * p[3] - p[0] * p[0] - p[1] * p[1] - p[2] * p[2]))


def derive(e):
    """The 28 columns."""
    n_jets = e["PRI_n_jets"].to_numpy()
    one, two = n_jets >= 1, n_jets >= 2
    lep, had = vector(e, "lep"), vector(e, "had")
    jet1, jet2 = vector(e, "jet_leading", one), vector(e, "jet_subleading", two)
    met, met_phi = e["PRI_met"].to_numpy(), e["PRI_met_phi"].to_numpy()
    mx, my = met * np.cos(met_phi), met * np.sin(met_phi)
    column = {name: e[name].to_numpy() for name in PRIMARY}
    lep_phi, had_phi = column["PRI_lep_phi"], column["PRI_had_phi"]
    eta1, eta2 = column["PRI_jet_leading_eta"], column["PRI_jet_subleading_eta"]
    tx, ty = had[0] + lep[0] + mx, had[1] + lep[1] + my
    dphi = (lep_phi - had_phi + np.float32(3 * np.pi)) % np.float32(2 * np.pi) - np.float32(np.pi)
    side = np.sign(np.sin(had_phi - lep_phi))
    a, b = np.sin(met_phi - lep_phi) * side, np.sin(had_phi - met_phi) * side
    with np.errstate(all="ignore"):
        squared = (eta1 - eta2) ** 2
        squared = np.where(squared == 0, np.float32(1e-4), squared)
        between = np.exp(-4 / squared * (column["PRI_lep_eta"] - (eta1 + eta2) / 2) ** 2)
        centrality = (a + b) / np.sqrt(a * a + b * b)
    der = {
        "DER_mass_transverse_met_lep": np.sqrt(np.maximum(0, (met + column["PRI_lep_pt"]) ** 2 - (mx + lep[0]) ** 2 -
                                                          (my + lep[1]) ** 2)),
        "DER_mass_vis": mass(lep + had),
        "DER_pt_h": np.hypot(tx, ty),
        "DER_deltaeta_jet_jet": np.where(two, np.abs(eta2 - eta1), MISSING),
        "DER_mass_jet_jet": np.where(two, mass(jet1 + jet2), MISSING),
        "DER_prodeta_jet_jet": np.where(two, eta1 * eta2, MISSING),
        "DER_deltar_had_lep": np.sqrt((column["PRI_lep_eta"] - column["PRI_had_eta"]) ** 2 + dphi * dphi),
        "DER_pt_tot": np.hypot(tx + jet1[0] + jet2[0], ty + jet1[1] + jet2[1]),
        "DER_sum_pt": column["PRI_had_pt"] + column["PRI_lep_pt"] + column["PRI_jet_all_pt"],
        "DER_pt_ratio_lep_had": column["PRI_lep_pt"] / column["PRI_had_pt"],
        "DER_met_phi_centrality": centrality,
        "DER_lep_eta_centrality": np.where(two, between, MISSING)}
    return pd.DataFrame({**column, **der}).astype(np.float32)


def check(data):
    """That this does what the official program does: the same rows, and but for rounding the same values."""
    events = pd.read_csv(f"{data}/synthetic_events.csv")[PRIMARY].astype({k: np.float32 for k in PRIMARY})
    official = pd.read_csv(f"{data}/systematics/synthetic_combined_a.csv.gz")
    kept = select(distort(events, {"tes": 1.02, "jes": 0.98, "soft_met": 2.0}))
    ours = derive(kept)
    assert (kept.index == official["id"]).all(), "other rows than the official program's"
    columns = list(ours)
    near = np.isclose(ours, official[columns], rtol=1e-3, atol=2e-3)
    share = near[~official[columns].isna().any(axis=1)].mean()
    assert share > 0.998, f"only {share:.4f} of the values are the official program's"
    print("check %.5f" % share)


def open_model(path):
    """The form of XGBoost that a stored BDT ends with (models/classifier.c, models/bdt/bdt.c)."""
    with h5py.File(path) as f:
        data = bytes(f["classifier/model"][:])[24:]
    length, = struct.unpack_from("<Q", data)
    booster = xgboost.Booster({"nthread": os.cpu_count()}, model_file=bytearray(data[8 + length:]))
    print("trees %d" % booster.num_boosted_rounds())
    return booster


def score(features, booster, mean, width):
    """The kit scales before it predicts; the trees here were trained on features as they are."""
    scaled = (features - mean) / width
    assert len(scaled) == len(features)
    p = booster.inplace_predict(features.to_numpy(), validate_features=True)
    return np.vstack((1 - p, p)).transpose()[:, 1]


def open_fit(path):
    """All six parameters with the official templates, their average and their widths (CHALLENGE's section on the
    baseline): as the kit fits, with arrays of coefficients."""
    with open(path) as f:
        case = json.load(f)
    names = list(case["templates"])
    signal = np.array([case["templates"][k]["s_coef"] for k in names])  # [parameter][bin][power]
    background = np.array([case["templates"][k]["b_coef"] for k in names])
    prior = [case["alpha_constraints"][k] for k in names]
    mean, width = np.array([p["mean"] for p in prior]), np.array([p["std"] for p in prior])
    counts = np.array([fit["N_obs"] for fit in case["fits"]][-1])

    def minus_log_likelihood(x):
        alpha = np.asarray(x[1:])[:, None]
        s, b = np.zeros(signal.shape[:2]), np.zeros(signal.shape[:2])
        for k in range(signal.shape[2]):  # the highest power comes first
            s, b = s * alpha + signal[:, :, k], b * alpha + background[:, :, k]
        nu = x[0] * s.mean(axis=0) + b.mean(axis=0)
        return np.sum(nu - counts * np.log(nu)) + 0.5 * np.sum(((x[1:] - mean) / width) ** 2)

    def fit():
        minuit = Minuit(minus_log_likelihood, [1.0, *mean], name=["mu", *names])
        minuit.errordef = Minuit.LIKELIHOOD
        minuit.limits = [(0, 3)] + [(p["lo"], p["hi"]) for p in prior]
        minuit.migrad()
        minuit.hesse()
        return minuit.values["mu"]

    return fit


def main(events, model, repeats):
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
    check(data)
    booster, fit = open_model(model), open_fit(f"{data}/statfit.json")
    pool = read_pool(events)
    print("pool %d" % sum(map(len, pool.values())))
    for _ in range(repeats):
        marks = [time.perf_counter()]
        drawn = draw(pool)
        marks.append(time.perf_counter())
        distorted = distort(drawn, TRUTH)
        marks.append(time.perf_counter())
        selected = select(distorted)
        marks.append(time.perf_counter())
        features = derive(selected)
        marks.append(time.perf_counter())
        scores = score(features, booster, features.mean(), features.std())
        marks.append(time.perf_counter())
        counts = np.histogram(scores, 25, (0, 1), weights=np.ones(len(scores)))[0]
        marks.append(time.perf_counter())
        mu = fit()
        marks.append(time.perf_counter())
        assert counts.sum() == len(scores) and np.isfinite(mu)
        for name, seconds in zip(("draw", "distort", "select", "derive", "score", "fill", "fit"), np.diff(marks)):
            print("%s %.4f" % (name, seconds))
        print("drawn %d\nselected %d" % (len(drawn), len(scores)))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
