"""Writes the events of an HDF5 file as matrices: as people store them, and wrong.

Usage: hdf5_matrix.py EVENTS FOLDER. Prints one line per file: its name, ';' and the words that its refusal must say;
no words where it is to be read.
"""
import os
import sys

import h5py
import numpy as np

events, folder = sys.argv[1:3]
ROW = 250


def case(name, words=""):
    """The file of a new case, which is announced."""
    print(f"{name}.h5;{words}")
    return h5py.File(os.path.join(folder, name + ".h5"), "w")


PRIMARIES = ["lep_pt", "lep_eta", "lep_phi", "had_pt", "had_eta", "had_phi", "jet_leading_pt", "jet_leading_eta",
             "jet_leading_phi", "jet_subleading_pt", "jet_subleading_eta", "jet_subleading_phi", "n_jets", "jet_all_pt",
             "met", "met_phi"]
with h5py.File(events) as f:
    good = np.full((len(f["events/weights"]), 30), -25, np.float32)
    for k, name in enumerate(PRIMARIES):
        good[:, k] = f["events/PRI_" + name][:]
    good[:, 28] = f["events/weights"][:]
    good[:, 29] = f["events/detailed_labels"][:]

# As people store them.
with case("growing") as f:
    data = f.create_dataset("data", shape=(0, 30), maxshape=(None, 30), dtype="f4", chunks=(64, 30), compression="gzip",
                            compression_opts=4)
    for first in range(0, len(good), 100):
        data.resize(min(first + 100, len(good)), axis=0)
        data[first:first + 100] = good[first:first + 100]
    data.attrs["selection"] = "none"
with case("columns") as f:
    f.create_dataset("by columns", data=good, chunks=(len(good), 1), compression="gzip", shuffle=True)
with case("contiguous") as f:
    f["x"] = good
    f["x_names"] = [b"PRI_lep_pt"] * 30
    f.create_group("more")["y"] = good
with case("big_endian") as f:
    f["data"] = good.astype(">f4")
with case("double") as f:
    f["data"] = good.astype("f8")
with case("derived") as f:
    other = good.copy()
    other[:, 16:28] = np.nan
    f["data"] = other
with case("linked") as f:
    f.create_group("elsewhere")["data"] = good
    f["link"] = h5py.SoftLink("/elsewhere/data")
    f["dangling"] = h5py.SoftLink("/nowhere")

# Shapes and types.
with case("columns27", "dataset data has 27 columns;30 columns;class id 0 to 3") as f:
    f["data"] = good[:, :27]
with case("columns31", "dataset data has 31 columns;30 columns") as f:
    f["data"] = np.hstack([good, good[:, :1]])
with case("transposed", f"dataset data has {len(good)} columns;30 columns") as f:
    f["data"] = good.T
with case("integers", "dataset data holds integers of 8 bytes;float32 and float64") as f:
    f["data"] = good.astype("i8")
with case("half", "dataset data holds floating-point numbers of 2 bytes;float32") as f:
    f["data"] = np.ones((5, 30), "f2")
with case("words", "dataset data holds elements that are not numbers") as f:
    f["data"] = np.full((5, 30), b"1.0")
with case("two", "datasets data and test both are matrices of events;only one") as f:
    f["test"] = good
    f["data"] = good
with case("in_group", "dataset /more/data is a matrix of events, which belongs into the root") as f:
    f.create_group("more")["data"] = good
with case("empty", "no group /events;no dataset of 30 columns") as f:
    pass
with case("null", "no group /events;no dataset of 30 columns") as f:
    f["data"] = h5py.Empty("f4")


# Values.
def spoil(name, words, column, value, dtype="f4"):
    with case(name, words) as f:
        f.create_dataset("data", data=good.astype(dtype), chunks=(100, 30))
        f["data"][ROW, column] = value


spoil("nan", f"dataset data, row {ROW}, column 1 (PRI_lep_eta): nan;finite", 1, np.nan)
spoil("inf", f"row {ROW}, column 28 (weight): -inf", 28, -np.inf)
spoil("huge", f"row {ROW}, column 14 (PRI_met): inf", 14, 1e300, "f8")
spoil("class4", f"dataset data, row {ROW}, column 29 (class id): 4;0 (htautau), 1 (ztautau), 2 (ttbar) or 3", 29, 4)
spoil("half_class", f"row {ROW}, column 29 (class id): 1.5", 29, 1.5)
spoil("negative", f"row {ROW};weights;-0.5", 28, -0.5)
spoil("angle", f"row {ROW};PRI_lep_phi;8 is not", 2, 8)

# A compressed chunk with other bytes in its middle.
with case("damaged", "cannot read data") as f:
    chunk = f.create_dataset("data", data=good, compression="gzip", chunks=(100, 30)).id.get_chunk_info(1)
with open(os.path.join(folder, "damaged.h5"), "r+b") as f:
    f.seek(chunk.byte_offset + chunk.size // 2)
    f.write(bytes(64))
