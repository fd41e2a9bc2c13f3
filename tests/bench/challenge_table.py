"""The tables of challenge.sh, from what its runs left in a folder."""
import json
import os
import statistics
import sys

STAGES = ("read", "draw", "distort", "select", "derive", "score", "fill", "fit")
EXPECTED = {"htautau": 1015.0, "ztautau": 1002395.0, "ttbar": 44192.0, "diboson": 3783.0}


def load(*path):
    with open(os.path.join(folder, *path)) as f:
        return json.load(f)


def drawn(name):
    """Expected events of all experiments, before the selection."""
    events = 0.0
    for x in load(name, "summary.json")["experiments"]:
        n = x["nuisances"]
        events += x["mu"] * EXPECTED["htautau"] + n["bkg_scale"] * (
            EXPECTED["ztautau"] + n["ttbar_scale"] * EXPECTED["ttbar"] + n["diboson_scale"] * EXPECTED["diboson"])
    return events


folder = sys.argv[1]
value = {}
with open(os.path.join(folder, "results")) as f:
    for line in f:
        key, number = line.split()
        value.setdefault(key, []).append(float(number))
kit = {stage: statistics.median(value[f"kit.{stage}"]) for stage in STAGES[1:]}
cores = os.cpu_count()
with open("/proc/cpuinfo") as f:
    model = next(line.split(":")[1].strip() for line in f if line.startswith("model name"))

print(f"{model}, {cores} cores; load {value['load.before'][0]} before, {value['load.after'][0]} after\n")
print("| | experiments | wall time | seconds each | million events per second | peak memory | 10 x 1000, projected |")
print("|---|---|---|---|---|---|---|")
for kind in ("trees", "net"):
    n, seconds = len(load(kind, "summary.json")["experiments"]), load(kind, "ingestion_duration.json")["seconds"]
    print(f"| {kind} | {n} | {seconds / 60:.1f} min | {seconds / n:.3f} | {drawn(kind) / seconds / 1e6:.2f} | "
          f"{value[kind + '.kilobytes'][0] / 1024:.0f} MB | {seconds / n * 1e4 / 60:.0f} min |")

print(f"\nSeconds of an experiment, all threads added up; the kit's on the same machine before and after "
      f"(median of {len(value['kit.draw'])}, {value['kit.trees'][0]:.0f} trees, XGBoost on {cores} threads).\n")
print("| stage | trees | share | net | share | kit | kit / trees, wall time |")
print("|---|---|---|---|---|---|---|")
each = {}
for kind in ("trees", "net"):
    n = len(load(kind, "summary.json")["experiments"])
    each[kind] = {k: v / n for k, v in load(kind, "ingestion_duration.json")["stage_seconds"].items()}
for stage in STAGES:
    row = [f"{each[k][stage]:.4f} | {100 * each[k][stage] / sum(each[k].values()):.1f} %" for k in ("trees", "net")]
    theirs = f"{kit[stage]:.4f} | {kit[stage] / (each['trees'][stage] / cores):.1f}" if stage in kit else "in memory |"
    print(f"| {stage} | {row[0]} | {row[1]} | {theirs} |")
n, wall = len(load("trees", "summary.json")["experiments"]), load("trees", "ingestion_duration.json")["seconds"]
print(f"| all | {sum(each['trees'].values()):.3f} | | {sum(each['net'].values()):.3f} | | {sum(kit.values()):.2f} | "
      f"{sum(kit.values()) / (wall / n):.1f} |")

print("\n| 24 experiments, trees | seconds | of one thread |\n|---|---|---|")
seconds = {}
for name, what in (("one", "one thread"), ("threads", "two threads"), ("ranks", "two ranks of one thread")):
    if os.path.exists(os.path.join(folder, name + ".1")):
        seconds[name] = min(load(f"{name}.{k}", "ingestion_duration.json")["seconds"] for k in (1, 2))
        print(f"| {what} | {seconds[name]:.1f} | {seconds['one'] / seconds[name]:.2f} |")
