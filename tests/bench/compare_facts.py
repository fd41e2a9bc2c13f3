#!/usr/bin/python3
"""Compares simulated events with every published distribution of the data set that a JSON file of facts holds (the
file is not part of the repository): mean, standard deviation and quantiles, in the same bins and of the same events.

Usage: compare_facts.py FACTS.json EVENTS.h5
EVENTS.h5: simulate --events 2000000 -o raw.h5; systematics raw.h5 EVENTS.h5 --no-selection
"""
import json
import sys

import h5py
import numpy as np

NEAR, FAR = 0.03, 0.10  # of the value, or of the standard deviation if that is more
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
# The events of the published figures of H, Z and tt.
MOST = {"DER_mass_transverse_met_lep": 250, "DER_mass_vis": 500, "DER_sum_pt": 1000, "DER_pt_tot": 250,
        "DER_deltar_had_lep": 4.5, "DER_pt_h": 400, "DER_pt_ratio_lep_had": 9}


def read_events(path):
    with h5py.File(path) as file:
        group = file["events"]
        names = h5py.check_enum_dtype(group["detailed_labels"].dtype)
        columns = {name: group[name][:] for name in group}
    return {name: {k: v[columns["detailed_labels"] == number] for k, v in columns.items()}
            for name, number in names.items()}


def binned(values, edges):
    """Mean, standard deviation and quantiles of what a histogram shows."""
    content = np.histogram(values, edges)[0] / max(1, len(values))
    content, middle = content / content.sum(), (edges[1:] + edges[:-1]) / 2
    mean = (content * middle).sum()
    inside = np.interp(QUANTILES, np.concatenate([[0], content.cumsum()]), edges)
    return [mean, np.sqrt((content * (middle - mean) ** 2).sum()), *inside]


def figures(facts, events):
    """(process, column, what, simulated, published, published standard deviation)"""
    section = facts["hist_raw_features_HZtt"]["histograms"]
    for column, histogram in section.items():
        if column == "DER_mass_jet_jet":
            continue  # published after missing values were replaced; its tails are compared by simulate_facts
        for process in ("htautau", "ztautau", "ttbar"):
            if "|" in column or "mean" not in histogram.get(process, {}):
                continue
            one, table, edges = histogram[process], events[process], np.array(histogram["edges"])
            keep = np.all([table[name] <= most for name, most in MOST.items()], axis=0)
            values = table[column][keep]
            # Edges were read off figures: a spike at the end of the range may lie a little beyond them.
            slack = 0.01 * (edges[-1] - edges[0])
            values = values[(values != -25) & (values >= edges[0] - slack) & (values <= edges[-1] + slack)]
            values = np.clip(values.astype(float), edges[0], edges[-1])
            published = [one["mean"], one["std"], *one.get("q05_25_50_75_95", [])]
            for what, ours, theirs in zip(("mean", "std", "q05", "q25", "q50", "q75", "q95"), binned(values, edges),
                                          published):
                yield process, column, what, ours, theirs, one["std"]


def quantiles(facts, events):
    for process, columns in facts["hist_raw_primary_by_process"]["quantiles_5_25_50_75_95_97p5"].items():
        for column, published in columns.items():
            values = events[process][column]
            values = values[values != -25]
            ours = np.quantile(values, (*QUANTILES, 0.975))
            for what, a, b in zip(("q05", "q25", "q50", "q75", "q95", "q97.5"), ours, published):
                yield process, column, what, a, b, values.std()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        facts = json.load(file)
    events = read_events(sys.argv[2])
    rows = list(figures(facts, events)) + list(quantiles(facts, events))
    counts = {}
    for process, column, what, ours, theirs, std in rows:
        missed = abs(ours - theirs)
        near, far = (missed <= max(share * abs(theirs), share * std) for share in (NEAR, FAR))
        count = counts.setdefault(process, [0, 0, 0])
        count[0] += 1
        count[1] += near
        count[2] += far
        if not far:
            print(f"{process:8s} {column:28s} {what:5s} simulated {ours:9.4g}   published {theirs:9.4g}")
    for process, (n, near, far) in counts.items():
        print(f"{process:8s} {n} numbers: {near} within 3 %, {far} within 10 % (of the value or the standard deviation)")


if __name__ == "__main__":
    main()
