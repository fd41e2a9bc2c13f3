#!/usr/bin/env python3
"""Writes dense/oracle.txt: a small net's forward pass, gradients and three steps of Adam in another framework.

With PyTorch in float64 (Debian's python3-torch 1.13.1): torch.nn.functional, autograd and torch.optim.Adam with
weight_decay on the weights. Usage: python3 make_dense.py > dense/oracle.txt
"""
import torch

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
ROWS, WIDTHS, L2, RATE, STEPS = 7, [5, 6, 4, 1], 0.01, 0.05, 3

# Numbers of few bits, exactly the same in float32.
def few_bits(*shape):
    return torch.round(torch.randn(*shape) * 64) / 64


x = few_bits(ROWS, WIDTHS[0])
label = (torch.rand(ROWS) > 0.5).double()
weight = torch.round(torch.rand(ROWS) * 64 + 8) / 64
matrices = [few_bits(a, b).requires_grad_() for a, b in zip(WIDTHS, WIDTHS[1:])]
biases = [few_bits(b).requires_grad_() for b in WIDTHS[1:]]


def margins():
    h = x
    for k, (w, b) in enumerate(zip(matrices, biases)):
        h = h @ w + b
        if k < len(matrices) - 1:
            h = torch.relu(h)
    return h[:, 0]


def loss():
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(margins(), label, weight=weight, reduction="sum")
    return entropy / ROWS


def show(name, values):
    print(name, *("%.17g" % v for v in values.detach().reshape(-1).tolist()))


print("# made by make_dense.py with PyTorch", torch.__version__)
show("x", x)
show("label", label)
show("weight", weight)
for k, (w, b) in enumerate(zip(matrices, biases)):
    show("W%d" % k, w)
    show("b%d" % k, b)
show("margin", margins())
value = loss()
show("loss", value)
value.backward()
for k, (w, b) in enumerate(zip(matrices, biases)):
    show("dW%d" % k, w.grad)
    show("db%d" % k, b.grad)
adam = torch.optim.Adam([{"params": matrices, "weight_decay": L2}, {"params": biases}], lr=RATE)
for _ in range(STEPS):
    adam.zero_grad()
    loss().backward()
    adam.step()
for k, (w, b) in enumerate(zip(matrices, biases)):
    show("W%d_after" % k, w)
    show("b%d_after" % k, b)
