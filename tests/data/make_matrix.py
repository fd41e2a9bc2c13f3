#!/usr/bin/env python3
"""Writes tests/data/other_tables/matrix.h5: the first 20 rows of synthetic_events.csv as one matrix, in small
compressed chunks, with derived columns that nobody should read.

Usage: make_matrix.py
"""
import csv
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = ["htautau", "ztautau", "ttbar", "diboson"]
with open(os.path.join(HERE, "synthetic_events.csv")) as stream:
    rows = list(csv.DictReader(stream))[:20]
primaries = [name for name in rows[0] if name.startswith("PRI_")]
matrix = [[float(row[name]) for name in primaries] + [np.nan] * 12 + [float(row["weights"])] +
          [CLASSES.index(row["detailed_labels"])] for row in rows]
with h5py.File(os.path.join(HERE, "other_tables", "matrix.h5"), "w") as f:
    # Times would make it another file every time.
    f.create_dataset("data", data=np.array(matrix, np.float32), maxshape=(None, 30), chunks=(7, 30), compression="gzip",
                     track_times=False)
    f.create_dataset("notes", data=np.arange(3), track_times=False)
