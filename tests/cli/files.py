"""Compares the tables of baseline/FILES.md with HDF5 files: nothing missing on either side, shapes and types as stated.

Usage: files.py FILES.md HEADING FILE...      the table under HEADING against all FILEs together
"""
import re
import sys

import h5py
import numpy as np

KINDS = {"text": "S", "int64": "i", "float64": "f"}
SIZES = {"P": 4, "4": 4, "3": 3, "9": 9, "20": 20, "201": 201}


def rows_of(path, heading):
    """(name, shape, type) of each row of the table below a heading."""
    with open(path) as f:
        text = f.read()
    part = text.split("## " + heading, 1)[1].split("\n## ", 1)[0]
    rows = []
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 5 and cells[0].startswith("`/"):
            rows.append((cells[0].strip("`"), cells[1], cells[2]))
    return rows


def pattern_of(name):
    return re.compile(re.escape(name).replace(re.escape("<shape>"), "(tes|jes|soft_met)").replace(r"\*", r"\w+"))


def contents(path):
    """Name -> value (of attributes) or dataset; the attributes of columns are described in words."""
    found = {}
    file = h5py.File(path, "r")

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found["/" + name] = item
            return
        for key, value in item.attrs.items():
            found["/" + name + "@" + key] = value

    file.visititems(visit)
    for key, value in file.attrs.items():
        found["/@" + key] = value
    return found


def check(row, name, value, problems, sizes):
    _, shape, kind = row
    if isinstance(value, h5py.Dataset):
        if value.dtype.name != kind.split()[0]:
            problems.append(f"{name} is {value.dtype.name}, documented as {kind}")
        dims = [d.strip() for d in shape.split(",")]
        if len(dims) != value.ndim:
            problems.append(f"{name} has shape {value.shape}, documented as {shape}")
            return
        for dim, n in zip(dims, value.shape):
            wanted = SIZES.get(dim)
            if wanted is None:  # a letter must mean the same number everywhere; D and A are those of one shape
                scope = name.rsplit("/", 1)[0] if dim[0] in "DA" else ""
                wanted = sizes.setdefault((scope, dim), n)
            if n != wanted:
                problems.append(f"{name} has {n} for '{dim}', elsewhere {wanted}")
        return
    actual = "S" if isinstance(value, (bytes, str)) else np.asarray(value).dtype.kind
    if KINDS[kind] != actual:
        problems.append(f"attribute {name} is of kind {actual}, documented as {kind}")


rows = [(row, pattern_of(row[0])) for row in rows_of(*sys.argv[1:3])]
problems, seen = [], set()
assert len(rows) >= 8, "the table was not found"
for path in sys.argv[3:]:
    sizes = {}
    for name, value in contents(path).items():
        matching = [row for row, pattern in rows if pattern.fullmatch(name)]
        if not matching:
            problems.append(f"{path}: {name} is not documented")
            continue
        seen.add(matching[0][0])
        check(matching[0], f"{path}: {name}", value, problems, sizes)
for row, _ in rows:
    if row[0] not in seen:
        problems.append(f"{row[0]} is documented, but in none of the files")
for problem in problems:
    print(problem)
sys.exit(bool(problems))
