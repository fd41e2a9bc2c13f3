"""Makes damaged copies of an HDF5 file of events.

Usage: bad_hdf5.py GOOD FOLDER. Prints one line per file: its name, ';' and the words that its refusal must say.
"""
import os
import shutil
import sys

import h5py
import numpy as np

good, folder = sys.argv[1:3]
ROW = 250


def case(name, words):
    """The path of a new case, which is announced."""
    print(f"{name}.h5;{words}")
    return os.path.join(folder, name + ".h5")


def edited(name, words):
    path = case(name, words)
    shutil.copy(good, path)
    return h5py.File(path, "r+")


def replace(name, words, column, data, **options):
    with edited(name, words) as f:
        del f["events"][column]
        f["events"].create_dataset(column, data=data, **options)


def spoil(name, words, column, value):
    with edited(name, words) as f:
        f["events"][column][ROW] = value


def write(name, words, content):
    with open(case(name, words), "wb") as f:
        f.write(content)


content = open(good, "rb").read()
rows = len(h5py.File(good, "r")["events/PRI_met"])
met = h5py.File(good, "r")["events/PRI_met"][:]
process = np.array(h5py.File(good, "r")["events/detailed_labels"][:].tolist(), np.uint8)

# No HDF5 at all, or cut.
write("empty", "is not a whole HDF5 file;empty", b"")
write("random", "is not a whole HDF5 file", np.random.default_rng(1).bytes(100000))
write("text", "is not a whole HDF5 file", b"PRI_lep_pt,PRI_lep_eta\n1,2\n")
for k, size in enumerate([1, 8, 100, 2000, len(content) // 3, len(content) * 9 // 10, len(content) - 1]):
    write(f"cut{k}", "is not a whole HDF5 file", content[:size])

# Another structure.
with h5py.File(case("nothing", "has no group /events"), "w") as f:
    f["other"] = 1.0
with h5py.File(case("dataset", "/events"), "w") as f:
    f["events"] = np.ones(5)
with edited("missing", "column PRI_met is missing from the group /events") as f:
    del f["events/PRI_met"]
with edited("dangling", "cannot open dataset /events/PRI_met;component not found") as f:
    del f["events/PRI_met"]
    f["events/PRI_met"] = h5py.SoftLink("/nowhere")
with edited("group", "cannot open dataset /events/PRI_met;not a dataset") as f:
    del f["events/PRI_met"]
    f.create_group("events/PRI_met")
with edited("version", "schema_version is 2") as f:
    f["events"].attrs["schema_version"] = 2
with edited("stage", "'stage'") as f:
    f["events"].attrs["stage"] = 3
with edited("origin", "'origin'") as f:
    f["events"].attrs["origin"] = np.bytes_("x" * 5000)
replace("short", f"/events/PRI_met has {rows - 1} rows", "PRI_met", met[:-1])
replace("long", f"/events/weights has {rows + 1} rows", "weights", np.ones(rows + 1, np.float32))
replace("matrix", "/events/PRI_met has 2 dimensions", "PRI_met", met.reshape(-1, 1))
replace("scalar", "/events/PRI_met has 0 dimensions", "PRI_met", 3.0)
replace("words", "/events/PRI_met holds texts, where numbers are expected", "PRI_met", [b"1.0"] * rows)
replace("compound", "/events/PRI_met holds structures, where numbers are expected", "PRI_met",
        np.zeros(rows, dtype=[("a", "f4"), ("b", "f4")]))
replace("numbers", "/events/detailed_labels holds numbers;texts, or an enumeration", "detailed_labels", process)
names = {"htautau": 0, "ztautau": 1, "ttbar": 2, "diboson": 3}
replace("wjets", "/events/detailed_labels;'wjets'", "detailed_labels", process,
        dtype=h5py.enum_dtype({**names, "wjets": 4}, basetype="u1"))
process[ROW] = 9
replace("nine", f"row {ROW};detailed_labels", "detailed_labels", process, dtype=h5py.enum_dtype(names, basetype="u1"))

# Stored where it cannot be.
with edited("external", "/events/PRI_met;other files") as f:
    del f["events/PRI_met"]
    f["events"].create_dataset("PRI_met", shape=(rows,), dtype="f4", external=[("elsewhere.bin", 0, 4 * rows)])
with edited("virtual", "/events/PRI_met;other files") as f:
    del f["events/PRI_met"]
    layout = h5py.VirtualLayout(shape=(rows,), dtype="f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", shape=(rows,))
    f["events"].create_virtual_dataset("PRI_met", layout)
with edited("gigantic", "/events/PRI_met;chunks;1 GB") as f:
    del f["events/PRI_met"]
    f["events"].create_dataset("PRI_met", shape=(rows,), maxshape=(None,), dtype="f4", chunks=(2 ** 28 + 1,))

# A filter that the program does not have, and rows that were never written.
with edited("lzf", "/events/PRI_met;'lzf';32000") as f:
    del f["events/PRI_met"]
    f["events"].create_dataset("PRI_met", data=met, compression="lzf")
with edited("unwritten", "/events/PRI_met;of its 3 chunks of 100 rows 1 were never written;row 100") as f:
    del f["events/PRI_met"]
    f["events"].create_dataset("PRI_met", shape=(rows,), dtype="f4", chunks=(100,))
    f["events/PRI_met"][:100] = met[:100]
    f["events/PRI_met"][200:] = met[200:]
with edited("unwritten2", "/events/weights;never written") as f:
    del f["events/weights"]
    f["events"].create_dataset("weights", shape=(rows,), dtype="f4")

# Values.
spoil("nan", f"row {ROW};column PRI_lep_eta;nan", "PRI_lep_eta", np.nan)
spoil("inf", f"row {ROW};column PRI_had_pt;inf", "PRI_had_pt", -np.inf)
spoil("jets", f"row {ROW};column PRI_n_jets;-25", "PRI_n_jets", -25)
spoil("negative", f"row {ROW};column weights;-0.5", "weights", -0.5)
spoil("nanweight", f"row {ROW};column weights;nan", "weights", np.nan)
huge = met.astype(np.float64)
huge[ROW] = 1e300
replace("huge", f"row {ROW};column PRI_met;inf", "PRI_met", huge)

# A compressed column with other bytes in its middle.
with edited("damaged", "cannot read /events/PRI_met;inflate() failed") as f:
    del f["events/PRI_met"]
    chunk = f["events"].create_dataset("PRI_met", data=met, compression="gzip", chunks=(rows,)).id.get_chunk_info(0)
with open(os.path.join(folder, "damaged.h5"), "r+b") as f:
    f.seek(chunk.byte_offset + chunk.size // 2)
    f.write(bytes(64))
