"""The table of classifiers.sh, in Markdown: classifiers_table.py FOLDER, with the results and the scores."""
import os
import re
import sys

import numpy as np
import torch
import xgboost

import classifiers_common as common

folder = sys.argv[1]
FORWARD = 2 * (28 * 100 + 2 * 100 * 100 + 100)  # flops per row: a multiplication and an addition per weight
TRAINING = 3 * FORWARD - 2 * 28 * 100  # backward has two products per layer, but for the derivatives by the inputs
results = {}
with open(f"{folder}/results") as f:
    for line in f:
        key, name, value = line.split(" ", 2)
        results.setdefault(key, {})[name] = value.strip()


def number(key, name):
    return float(results[key][name])


def having(pattern, name):
    """{key: value} of all results whose key matches."""
    return {key: number(key, name) for key in results if re.fullmatch(pattern, key)}


def fastest(pattern, name):
    """(shortest time, what stands in the parentheses of the pattern)"""
    found = having(pattern, name)
    key = min(found, key=found.get)
    return found[key], re.fullmatch(pattern, key).groups()


def fastest_product(n, which="large"):
    """A machine with other work has its moments: the best of all that were tried counts, as everywhere here."""
    return max(having(rf"products\.{n}\..*", which).values())


def fastest_scoring(n):
    ways = {f"{name}, threads {key.split('.')[-1]}": float(value) for key in results
            if key.startswith(f"net.score.reference.{n}.") for name, value in results[key].items()}
    way = max(ways, key=ways.get)
    return ways[way], way


def table(title, head, lines):
    print(f"\n**{title}**\n\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for line in lines:
        print("| " + " | ".join(line) + " |")


def rate(rows_per_second):
    return f"{rows_per_second * 1e-6:.3f}"


def scores(name):
    return np.fromfile(f"{folder}/scores.{name}", dtype=np.float32)


def header():
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read()).group(1)
    capability = re.search("usage: (.*)", torch.__config__.show()).group(1)
    print(f"{cpu}, {os.cpu_count()} cores; load {number('load', 'before'):.1f} before, {number('load', 'after'):.1f} "
          f"after; OpenBLAS kernels for {results['products.1.before']['blas']}; XGBoost {xgboost.__version__}, PyTorch "
          f"{torch.__version__} ({capability} in its own loops); OMP_WAIT_POLICY="
          f"{os.environ.get('OMP_WAIT_POLICY')}")
    print(f"{n_train:.0f} rows to train, {len(label)} to test; rates in million rows per second")


def bdt():
    kernels = ("padded", "plain", "avx2", "avx512")
    lines = []
    for n in (1, 2):
        theirs = {name: max(having(rf"bdt\.score\.reference\.{n}\..*", name).values())
                  for name in ("predict_proba", "of_a_matrix", "in_place", "in_batches")}
        in_place = max(theirs["in_place"], theirs["in_batches"])
        others = [f"XGBoost predict_proba | {rate(theirs['predict_proba'])}",
                  f"XGBoost predict of a DMatrix | {rate(theirs['of_a_matrix'])}",
                  f"XGBoost in place | {rate(in_place)}"]
        lines += [(f"{n}", *other.split(" | "), "", "") for other in others]
        for kernel in kernels:
            r = number(f"bdt.score.{kernel}.{n}", "rate")
            difference = np.abs(scores(f"bdt.{kernel}.{n}") - scores("bdt.same-trees")).max()
            lines.append((f"{n}", kernel, rate(r), f"{r / in_place:.1f}",
                          f"{difference:.1e}"))
    table(f"BDT, scoring: the same {results['bdt.score.plain.1']['trees']} trees of depth 8",
          ("threads", "by", "rate", "ours / in place", "largest difference"), lines)
    lines = []
    for n in (1, 2):
        a, _ = fastest(rf"bdt\.train\.ours\.{n}(.*)", "seconds")
        b = number(f"bdt.train.reference.{n}", "seconds")
        lines.append((f"{n}", f"{a:.2f} s", f"{b:.2f} s", f"{b / a:.2f}"))
    table(f"BDT, training: {results['bdt.train.ours.1']['rounds']} trees",
          ("threads", "ours", "XGBoost", "XGBoost's time / ours"), lines)


def net():
    training, scoring = [], []
    for n in (1, 2):
        ours, _ = fastest(rf"net\.train\.ours\.{n}\.(.*)", "seconds")
        theirs, (threads,) = fastest(rf"net\.train\.reference\.{n}\.(.-.)\..", "seconds")
        visits = 10 * n_train
        product = fastest_product(n)
        training.append((f"{n}", rate(visits / ours), rate(visits / theirs), threads, f"{theirs / ours:.2f}",
                         f"{100 * visits / ours * TRAINING / product:.0f} %"))
        r, (best, way) = max(having(rf"net\.score\.ours\.{n}.*", "rate").values()), fastest_scoring(n)
        scoring.append((f"{n}", rate(r), rate(best), way, f"{r / best:.2f}",
                        f"{100 * r * FORWARD / product:.0f} %"))
    head = ("threads", "ours", "PyTorch", "its fastest way", "ours / PyTorch",
            "of the products' rate")
    table("Net 28-100-100-100-1, scoring, the same weights", head, scoring)
    table("Net, training: 10 epochs, batches of 1024", head, training)
    print(f"\nWith prepared features (features=auto), 2 threads: training "
          f"{rate(10 * n_train / fastest(r'net.train.auto.2.(.)', 'seconds')[0])}, scoring "
          f"{rate(max(having(r'net.score.auto.2..', 'rate').values()))}. Largest difference of scores with the same "
          f"weights: {np.abs(scores('net.ours.0') - scores('net.same-weights')).max():.1e}.")


def quality():
    lines = [("BDT", "ours", "bdt.ours.2"), ("BDT", "XGBoost, 2 threads", "bdt.reference.2")]
    lines += [("BDT", "XGBoost, 1 thread", "bdt.reference.1"), ("BDT", "ours, 1 thread", "bdt.plain.1")]
    lines += [("net", f"{name}, seed {seed}", f"net.{key}.{seed}")
              for key, name in (("ours", "ours"), ("reference", "PyTorch"), ("auto", "ours, features=auto"))
              for seed in range(3)]
    table("On the test rows, classes of equal weight", ("", "trained by", "AUC", "log-loss"),
          [(a, b, f"{common.auc(scores(c), label, weight):.5f}", f"{common.log_loss(scores(c), label, weight):.5f}")
           for a, b, c in lines])
    words = {"1": "the same bytes", "0": "OTHER BYTES"}
    print(f"\nTrained twice: BDT {words[results['bdt']['same']]}, net {words[results['net']['same']]}; net on one and "
          f"on two threads: {words[results['net.threads']['same']]}. Scores of BDTs trained by both differ by up to "
          f"{np.abs(scores('bdt.ours.2') - scores('bdt.reference.2')).max():.1e}.")


def limits():
    lines = []
    for n in (1, 2):
        product, copy = fastest_product(n), fastest_product(n, "copy")
        lines.append((f"{n}", f"{1e-9 * product:.0f} GF/s", f"{1e-9 * fastest_product(n, 'small'):.0f} GF/s",
                      f"{1e-9 * copy:.1f} GB/s", rate(product / FORWARD), rate(product / TRAINING),
                      rate(copy / (2 * 4 * 29))))
    table(f"Limits of the net: {FORWARD} flops per row forward, {TRAINING} in training, 116 bytes in and out",
          ("threads", "products of 1024 x 1024", "of 256 x 100 with 100 x 112", "memory, copied",
           "scoring at the products' rate", "training at it", "scoring at the memory's"), lines)
    lines = []
    for key, name in (("net.train.ours.1.0", "training, 1 thread"), ("net.train.ours.2.0", "training, 2 threads"),
                      ("net.score.ours.1", "scoring, 1 thread"), ("net.score.ours.2", "scoring, 2 threads")):
        part = [float(results[key].get(f"share_{what}", 0)) for what in ("forward", "backward", "inputs")]
        lines.append((name, *(f"{100 * p:.0f} %" for p in part), f"{100 * (1 - sum(part)):.0f} %"))
    table("Where the net's time goes", ("", "forward kernel", "sgemm", "inputs", "all else"), lines)
    k = results["bdt.score.plain.1"]
    cuts, selects, trees = (int(k[name]) for name in ("cuts", "selects", "trees"))
    lines = [("compares", f"{cuts} cuts", *(f"{cuts / lanes:.0f}" for lanes in (16, 8)), f"{4 * cuts + cuts / 8:.0f}"),
             ("selections", f"{selects} of 512 bits", *(f"{selects / bits:.0f}" for bits in (512, 256)),
              f"{selects * (4 * 64 + 8) / 512:.0f}"),
             ("leaves", f"{trees} trees", f"{trees} + {trees * 8 / 64:.0f}", f"{trees} + {trees * 8 * 3 / 32:.0f}",
              f"{trees * (1 + 4 + 8)}")]
    table("What a row costs the trees' kernels: vector instructions (leaves: values fetched one by one + bits put "
          "together), bytes", ("", "model", "AVX-512", "AVX2", "bytes, from the first two caches"), lines)
    print(f"\nScratch: {64 * int(k['lines']) / 1024:.0f} kB of bits, {trees} kB of leaves. The kernel has "
          f"{100 * number('bdt.score.avx512.1', 'share_trees'):.0f} % (AVX-512), "
          f"{100 * number('bdt.score.avx2.1', 'share_trees'):.0f} % (AVX2) of the time, the rest is turning "
          "rows into columns and the logistic function.")


_, label, weight = common.rows(folder, "test")
n_train = number("bdt.train.ours.1", "train_rows")
header()
bdt()
net()
quality()
limits()
