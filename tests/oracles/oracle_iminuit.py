"""Fits the cases in a JSON file with iminuit and compares with the results written beside them.

Usage: oracle_iminuit.py FILE. Exit code 0: all agree; 1: not; 77: numpy or iminuit is missing.
t is written down here from its formula, bin by bin shifts included, and shares no code with the library.
"""
import json
import sys

try:
    import numpy as np
    from iminuit import Minuit
except ImportError as error:
    print(error)
    sys.exit(77)

MU_TOLERANCE = 0.02  # sigma: Minuit stops at its own estimated distance to the minimum
ERROR_TOLERANCE = 0.01  # relative: its second derivatives are differences
T_TOLERANCE = 1e-3  # its goal for the distance to the minimum, with room

np.seterr(all="ignore")  # trial points outside the domain of t are infinite, as they should be

NAMES = ["tes", "jes", "soft_met", "ttbar_scale", "diboson_scale", "bkg_scale"]
H, Z, TT, VV = range(4)


def expectation(case, mu, alpha):
    """Events and variance of each bin."""
    n = np.array(case["yield"])  # [process][bin]
    variance = np.array(case["variance"])
    ratios = []
    for shape in case["shapes"]:
        x = (alpha[shape["parameter"]] - shape["nominal"]) / shape["unit"]
        c = np.array(shape["coefficient"])  # [process][bin][power]
        ratios.append(sum(c[:, :, j] * x**j for j in range(c.shape[2])))
    if case["combination"] == "product":
        g = np.prod(ratios, axis=0) if ratios else np.ones_like(n)
    else:
        g = 1.0 + sum(r - 1.0 for r in ratios)
    norm = np.ones((4, 1))
    norm[H] = mu
    norm[[Z, TT, VV]] = alpha["bkg_scale"]
    norm[TT] *= alpha["ttbar_scale"]
    norm[VV] *= alpha["diboson_scale"]
    g = g * norm
    return (n * g).sum(axis=0), (variance * g * g).sum(axis=0)


def profiled(n, nu, v):
    """The true expectation m = nu + b of each bin that minimises 2 (m - n ln m) + (m - nu)^2 / v, by bisection."""
    low, high = np.minimum(n, nu), np.maximum(n, nu)
    for _ in range(55):
        middle = 0.5 * (low + high)
        falls = 1.0 - n / np.maximum(middle, 1e-300) + (middle - nu) / v < 0.0
        low, high = np.where(falls, middle, low), np.where(falls, high, middle)
    return 0.5 * (low + high)


def make_t(case, counts):
    n = np.array(counts)
    priors = case["priors"]

    def t(x):
        alpha, penalty = {}, 0.0
        for k, name in enumerate(NAMES):
            prior = priors[name]
            if prior["held"]:
                alpha[name] = prior["held_at"]
                continue
            value = prior["centre"] + prior["width"] * x[1 + k]
            alpha[name] = np.exp(value) if prior["log_normal"] else value
            penalty += x[1 + k] ** 2
        nu, v = expectation(case, x[0], alpha)
        m, shift = nu, 0.0
        if case["monte_carlo_uncertainty"]:
            m = profiled(n, nu, v)
            shift = (m - nu) ** 2 / v
        return float(np.sum(2.0 * (m - n - n * np.log(m / np.maximum(n, 1e-300))) + shift)) + penalty

    return t


def fit(case, counts, start):
    minuit = Minuit(make_t(case, counts), start, name=["mu"] + NAMES)
    minuit.errordef = 1.0
    minuit.strategy = 2
    minuit.tol = 0.01
    minuit.errors = [0.1] * 7
    for name in NAMES:
        prior = case["priors"][name]
        minuit.limits[name] = (prior["low"], prior["high"])
        minuit.fixed[name] = prior["held"]
    minuit.migrad()
    minuit.hesse()
    return minuit


def compare(case, toy):
    """List of complaints, and whether the nominal start reached the same minimum."""
    minuit = fit(case, toy["counts"], [1.0] + [0.0] * 6)
    same = minuit.valid and minuit.fval < toy["t"] + T_TOLERANCE
    if not same:
        minuit = fit(case, toy["counts"], toy["x"])
    bad = []
    sigma = minuit.errors["mu"]
    if abs(minuit.values["mu"] - toy["mu_hat"]) > MU_TOLERANCE * sigma:
        bad.append(f"mu {toy['mu_hat']} but {minuit.values['mu']} +- {sigma}")
    if abs(sigma - toy["sigma_hesse"]) > ERROR_TOLERANCE * sigma:
        bad.append(f"curvature error {toy['sigma_hesse']} but {sigma}")
    if not -1e-6 < minuit.fval - toy["t"] < T_TOLERANCE:
        bad.append(f"t {toy['t']} but {minuit.fval}")
    if toy["with_minos"]:
        minuit.minos("mu")
        low = minuit.values["mu"] + minuit.merrors["mu"].lower
        high = minuit.values["mu"] + minuit.merrors["mu"].upper
        for ours, theirs in ((toy["p16"], low), (toy["p84"], high)):
            if abs(ours - theirs) > MU_TOLERANCE * sigma:
                bad.append(f"interval end {ours} but {theirs}")
    return bad, same


def main(path):
    with open(path) as file:
        cases = json.load(file)
    n_bad = n_same = n_toys = 0
    for case in cases:
        for number, toy in enumerate(case["toys"]):
            bad, same = compare(case, toy)
            n_toys += 1
            n_same += same
            n_bad += bool(bad)
            for text in bad:
                print(f"{case['name']}, toy {number}: {text}")
    print(f"{n_toys} fits, {n_bad} disagree; the nominal start led iminuit to our minimum in {n_same}")
    # Most fits must be found by iminuit on its own: else the comparison would prove little.
    return 0 if n_toys > 0 and n_bad == 0 and n_same >= 0.8 * n_toys else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
