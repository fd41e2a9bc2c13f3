#!/usr/bin/python3
"""How fast h5py reads what the program reads of an HDF5 file of events: whole columns, and rows in blocks as the
program does. Usage: read_h5py.py FILE"""
import sys
import time

import h5py

BLOCK = 65536


def columns_of(file):
    return [file["events"][name] for name in file["events"] if not name.startswith("DER_")]


def whole(columns):
    return sum(column[...].nbytes for column in columns)


def blocks(columns):
    return sum(c[k:k + BLOCK].nbytes for k in range(0, len(columns[0]), BLOCK) for c in columns)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for read in (whole, blocks):
        for _ in range(5):
            begin = time.perf_counter()
            with h5py.File(sys.argv[1], "r") as file:
                columns = columns_of(file)
                rows, n = len(columns[0]), read(columns)
            seconds = time.perf_counter() - begin
            print(f"{read.__name__:7s} {rows} rows, {n / 1e6:.1f} MB: {seconds:.3f} s, {rows / seconds / 1e6:.1f} "
                  f"million rows/s, {n / seconds / 1e6:.0f} MB/s")


if __name__ == "__main__":
    main()
