#!/usr/bin/env python3
"""Times PyTorch on the shapes of bench_dense: python3 tests/bench/time_torch.py [THREADS]"""
import sys
import time

import torch

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
torch.set_num_threads(threads)
ROWS, FEATURES, BATCH, EPOCHS = 1 << 18, 28, 1024, 3
x = torch.randn(ROWS, FEATURES)
y = (torch.arange(ROWS) % 2).float()
w = torch.ones(ROWS)
layers = []
for a, b in ((FEATURES, 100), (100, 100), (100, 100)):
    layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
net = torch.nn.Sequential(*layers, torch.nn.Linear(100, 1))
adam = torch.optim.Adam(net.parameters(), lr=0.002, weight_decay=1e-4)


def epoch():
    order = torch.randperm(ROWS)
    for first in range(0, ROWS, BATCH):
        rows = order[first:first + BATCH]
        adam.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(x[rows])[:, 0], y[rows], weight=w[rows])
        loss.backward()
        adam.step()


def score():
    with torch.no_grad():
        for first in range(0, ROWS, BATCH):
            torch.sigmoid(net(x[first:first + BATCH]))


def best(work):
    times = []
    for _ in range(EPOCHS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return ROWS / min(times) * 1e-6


a = torch.randn(1024, 1024)
begin = time.perf_counter()
for _ in range(10):
    a @ a
rate = 10 * 2 * 1024**3 / (time.perf_counter() - begin)
print("PyTorch %s, %d threads: products %.0f GF/s; training %.3f million rows/s; scoring %.3f million rows/s" %
      (torch.__version__, threads, rate * 1e-9, best(epoch), best(score)))
