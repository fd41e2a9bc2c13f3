"""The counting experiment of one_bin.c as a program that evaluate talks to:

    fair-baseline evaluate --method 'python3 one_bin.py CUT S B V' events.h5 -o results

CUT, S, B and V are what one_bin.c prints when it has learnt: the cut on the visible mass in GeV, the signal and the
background expected above it, and the variance of that background. Needs h5py and numpy.
"""
import json
import sys

import h5py
import numpy as np

if len(sys.argv) != 5:
    sys.exit("usage: one_bin.py CUT S B V, the numbers that one_bin.c prints when it has learnt")
cut, s, b, v = (float(text) for text in sys.argv[1:])
for line in sys.stdin:  # the path of a file with one pseudo-experiment
    with h5py.File(line.strip()) as file:
        n = np.count_nonzero(file["events/DER_mass_vis"][:] >= np.float32(cut))
    mu_hat, sigma = (n - b) / s, np.sqrt(n + v) / s
    answer = {"mu_hat": mu_hat, "delta_mu_hat": sigma, "p16": mu_hat - sigma, "p84": mu_hat + sigma}
    print(json.dumps(answer), flush=True)  # flush: the program waits for this line
