"""PyTorch for classifiers.sh: prints lines "name value".

    classifiers_torch.py train FOLDER THREADS SCORES MODEL epochs=10 batch=1024 rate=0.008 l2=0.0001 seed=0
    classifiers_torch.py score FOLDER THREADS SCORES MODEL

MODEL is a net of ours: of the same inputs, and to score with. The caller sets OPENBLAS_NUM_THREADS.
"""
import concurrent.futures
import copy
import math
import sys
import time

import torch
from torch import nn

import classifiers_common as common


def inputs(folder, name, model):
    """Standardised beforehand, which is not timed, with the numbers of our net."""
    matrix, label, weight = common.rows(folder, name)
    mean, scale, _ = common.net(f"{folder}/{model}")
    x = torch.from_numpy(((matrix - mean) * scale).clip(-30.0, 30.0))
    return x, torch.from_numpy(label), torch.from_numpy(weight)


def make_net():
    layers = []
    for n_in, n_out in ((common.FEATURES, 100), (100, 100), (100, 100)):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(inplace=True)]
        nn.init.kaiming_normal_(layers[-2].weight, nonlinearity="relu")
        nn.init.zeros_(layers[-2].bias)
    return nn.Sequential(*layers, nn.Linear(100, 1))


def scores_of(net, x, rows):
    with torch.inference_mode():
        return torch.cat([torch.sigmoid(net(x[k:k + rows])[:, 0]) for k in range(0, len(x), rows)])


def one_epoch(net, adam, settings, epoch, x, label, weight):
    """Mini-batches are slices of rows that were put into a new order at once: faster than picking rows each time."""
    order = torch.randperm(len(x))
    x, label, weight = x[order], label[order], weight[order]
    batch = int(settings["batch"])
    steps = -(-len(x) // batch)
    for step in range(steps):
        rows = slice(len(x) * step // steps, len(x) * (step + 1) // steps)
        for group in adam.param_groups:
            group["lr"] = settings["rate"] * 0.5 * (1 + math.cos(math.pi * (epoch + step / steps) / settings["epochs"]))
        adam.zero_grad(set_to_none=True)
        nn.functional.binary_cross_entropy_with_logits(net(x[rows])[:, 0], label[rows], weight=weight[rows]).backward()
        adam.step()


def train(folder, out, model, words):
    settings = {key: float(value) for key, value in (word.split("=") for word in words)}
    train_rows, validation = inputs(folder, "train", model), inputs(folder, "validation", model)
    torch.manual_seed(int(settings["seed"]))
    net = make_net()
    parameters = list(net.parameters())
    adam = torch.optim.Adam([{"params": parameters[0::2], "weight_decay": settings["l2"]},  # weights
                             {"params": parameters[1::2]}])  # biases
    best, kept = math.inf, None
    begin = time.perf_counter()
    for epoch in range(int(settings["epochs"])):
        one_epoch(net, adam, settings, epoch, *train_rows)
        loss = common.log_loss(scores_of(net, validation[0], 4096).numpy(), *(t.numpy() for t in validation[1:]))
        if loss < best:
            best, kept = loss, copy.deepcopy(net.state_dict())
    print("seconds %.4f" % (time.perf_counter() - begin))
    net.load_state_dict(kept)
    scores_of(net, inputs(folder, "test", model)[0], 4096).numpy().tofile(f"{folder}/{out}")


def score(folder, threads, out, model):
    """Several ways to go; the table takes the fastest."""
    x = inputs(folder, "test", model)[0]
    net = make_net()
    with torch.no_grad():
        for layer, (weight, bias) in zip(net[::2], common.net(f"{folder}/{model}")[2]):
            layer.weight.copy_(torch.from_numpy(weight.T.copy()))
            layer.bias.copy_(torch.from_numpy(bias.copy()))
    net.eval()
    onednn = torch.jit.optimize_for_inference(torch.jit.trace(net, x[:4096]))
    for rows in (1024, 4096):
        print("eager_%d %.0f" % (rows, common.best_rate(len(x), lambda n=rows: scores_of(net, x, n))))
        print("onednn_%d %.0f" % (rows, common.best_rate(len(x), lambda n=rows: scores_of(onednn, x, n))))
    # A thread of Python for each core, each with a share of the rows.
    torch.set_num_threads(1)
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        parts = x.chunk(threads)
        print("pool_1024 %.0f" % common.best_rate(
            len(x), lambda: torch.cat(list(pool.map(lambda part: scores_of(net, part, 1024), parts)))))
    scores_of(net, x, 4096).numpy().tofile(f"{folder}/{out}")


what, at, n, scores, stored, *rest = sys.argv[1:]
torch.set_num_threads(int(n))
train(at, scores, stored, rest) if what == "train" else score(at, int(n), scores, stored)
