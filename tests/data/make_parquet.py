#!/usr/bin/env python3
"""Writes the Parquet files in tests/data/parquet/ from the first rows of synthetic_events.csv.

Encodes by hand, from the Apache Parquet and Thrift specifications and sharing nothing with the reader in
holdout/formats/, so that files can be right in every way that is read and wrong in every way that is refused.
Usage: make_parquet.py [FOLDER]   or   make_parquet.py --big FILE ROWS   (for measurements)
"""
import csv
import ctypes
import os
import random
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES = range(7)
PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED, DELTA, RLE_DICTIONARY, SPLIT = 0, 2, 3, 4, 5, 8, 9
NONE, SNAPPY, GZIP, BROTLI, LZ4, ZSTD = 0, 1, 2, 4, 5, 6


# --- Thrift, compact protocol: a structure is a list of (field number, kind, value) ----------------------------------
def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def zigzag(n):
    return varint(2 * n if n >= 0 else -2 * n - 1)


CODES = {"bool": 1, "i32": 5, "i64": 6, "bin": 8, "list": 9, "struct": 12}


def value(kind, what):
    if kind in ("i32", "i64"):
        return zigzag(what)
    if kind == "bin":
        what = what.encode() if isinstance(what, str) else what
        return varint(len(what)) + what
    if kind == "struct":
        return struct_of(what)
    of, items = what  # a list
    head = bytes([len(items) << 4 | CODES[of]]) if len(items) < 15 else bytes([0xf0 | CODES[of]]) + varint(len(items))
    return head + b"".join(value(of, item) for item in items)


def struct_of(fields):
    out, last = b"", 0
    for number, kind, what in fields:
        if what is None:
            continue
        code = CODES[kind] if kind != "bool" else 1 if what else 2
        step = number - last
        out += bytes([step << 4 | code]) if 0 < step < 16 else bytes([code]) + zigzag(number)
        out += b"" if kind == "bool" else value(kind, what)
        last = number
    return out + b"\0"


# --- compression -----------------------------------------------------------------------------------------------------
def snappy(data):
    library = ctypes.CDLL("libsnappy.so.1")
    library.snappy_max_compressed_length.restype = ctypes.c_size_t
    size = ctypes.c_size_t(library.snappy_max_compressed_length(ctypes.c_size_t(len(data))))
    out = ctypes.create_string_buffer(size.value)
    assert library.snappy_compress(data, ctypes.c_size_t(len(data)), out, ctypes.byref(size)) == 0
    return out.raw[:size.value]


def zstd(data):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    bound = library.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    out = ctypes.create_string_buffer(bound)
    n = library.ZSTD_compress(out, ctypes.c_size_t(bound), data, ctypes.c_size_t(len(data)), 3)
    return out.raw[:n]


def gzip_two(data):
    """Two members, which is one stream to those who read gzip."""
    half = len(data) // 2
    out = b""
    for part in (data[:half], data[half:]):
        maker = zlib.compressobj(6, zlib.DEFLATED, 31)
        out += maker.compress(part) + maker.flush()
    return out


COMPRESS = {NONE: lambda data: data, SNAPPY: snappy, GZIP: gzip_two, ZSTD: zstd, BROTLI: lambda data: data, LZ4: lambda data: data}


# --- values ----------------------------------------------------------------------------------------------------------
def plain(kind, items):
    if kind == BYTES:
        return b"".join(struct.pack("<I", len(x)) + x for x in (str(i).encode() for i in items))
    if kind == BOOLEAN:
        bits = sum(int(bool(x)) << k for k, x in enumerate(items))
        return bits.to_bytes((len(items) + 7) // 8, "little")
    if kind == INT96:
        return b"".join(struct.pack("<qI", int(x), 0) for x in items)
    code = {INT32: "i", INT64: "q", FLOAT: "f", DOUBLE: "d"}[kind]
    return struct.pack("<%d%s" % (len(items), code), *(int(x) if code in "iq" else x for x in items))


def hybrid(items, width):
    """Repeats of eight and more as runs, the rest as groups of eight."""
    out, i = b"", 0
    while i < len(items):
        run = 1
        while i + run < len(items) and items[i + run] == items[i]:
            run += 1
        if run >= 8:
            out += varint(run << 1) + items[i].to_bytes((width + 7) // 8, "little")
            i += run
            continue
        end = i
        while end < len(items) and len(set(items[end:end + 8])) > 1:
            end += 8
        end = max(end, i + 8)
        group = (items[i:end] + [0] * 8)[:end - i]
        bits = sum(x << (width * k) for k, x in enumerate(group))
        out += varint((end - i) // 8 << 1 | 1) + bits.to_bytes((end - i) * width // 8, "little")
        i = end
    return out


class Column:
    """How a column is written; `lies` replaces facts in headers and footer."""

    def __init__(self, name, kind, items, **how):
        self.name, self.kind, self.items = name, kind, items
        self.optional = how.get("optional", False)
        self.codec = how.get("codec", NONE)
        self.version = how.get("version", 1)
        self.dictionary = how.get("dictionary", False)
        self.fallback = how.get("fallback", False)  # from the second page on plain, as when a dictionary is full
        self.converted = how.get("converted", 0 if kind == BYTES else None)
        self.crc = how.get("crc", False)
        self.stored = how.get("stored", False)  # version 2: not compressed, whatever the codec
        self.encoding = how.get("encoding")
        self.repetition = how.get("repetition", 1 if self.optional else 0)
        self.lies = how.get("lies", {})
        self.statistics = how.get("statistics", b"")

    def page(self, kind, head, levels, body, compress=True):
        lies = self.lies
        stored = (levels if kind == 3 else b"") + (COMPRESS[self.codec](body) if compress else body)
        size = (len(levels) if kind == 3 else 0) + len(body)
        if lies.get("cut_page"):
            stored = stored[:-lies["cut_page"]]
        number = {0: 5, 2: 7, 3: 8}[kind]
        crc = zlib.crc32(stored) ^ lies.get("crc", 0) if self.crc else None
        crc = crc - (1 << 32) if crc is not None and crc >= 1 << 31 else crc
        return struct_of([(1, "i32", kind), (2, "i32", lies.get("expanded", size)),
                          (3, "i32", lies.get("stored", len(stored))), (4, "i32", crc),
                          (number, "struct", head)]) + stored

    def data_page(self, items, coded, entries):
        lies = self.lies
        present = [x for x in items if x is not None]
        encoding = self.encoding if self.encoding is not None else RLE_DICTIONARY if coded else PLAIN
        if coded:
            width = max(1, (len(entries) - 1).bit_length())
            width = lies.get("width", width)
            codes = [entries[x] + lies.get("index", 0) for x in present]
            body = bytes([width]) + hybrid(codes, width)
        else:
            body = plain(self.kind, present)
            if self.kind == BOOLEAN and encoding == RLE:
                body = hybrid([int(x) for x in present], 1)
                body = struct.pack("<I", len(body)) + body
        levels = hybrid([int(x is not None) for x in items], 1) if self.optional else b""
        n = lies.get("n_values", len(items))
        statistics = [(5, "bin", self.statistics)] if self.statistics else None
        if self.version == 2:
            head = [(1, "i32", n), (2, "i32", len(items) - len(present)), (3, "i32", n), (4, "i32", encoding),
                    (5, "i32", lies.get("definition", len(levels))), (6, "i32", lies.get("repetition", 0)),
                    (7, "bool", False if self.stored else None)]
            return self.page(3, head, levels, body, not self.stored)
        head = [(1, "i32", n), (2, "i32", encoding), (3, "i32", lies.get("level_encoding", RLE)), (4, "i32", RLE),
                (5, "struct", statistics)]
        length = struct.pack("<I", lies.get("level_size", len(levels))) if self.optional else b""
        return self.page(0, head, b"", length + levels + body)

    def chunk(self, begin, end, rows_per_page):
        """(bytes, offset of the first data page in them)"""
        items, out = self.items[begin:end], b""
        entries = {}
        if self.dictionary:
            for x in items:
                if x is not None:
                    entries.setdefault(x, len(entries))
            head = [(1, "i32", self.lies.get("n_entries", len(entries))), (2, "i32", PLAIN)]
            out = self.page(2, head, b"", plain(self.kind, list(entries)))
            out *= self.lies.get("dictionaries", 1)
        first = len(out)
        for k in range(0, len(items), rows_per_page):
            coded = self.dictionary and not (self.fallback and k > 0)
            out += self.data_page(items[k:k + rows_per_page], coded, entries)
        return out, first


def write(path, columns, groups=1, rows_per_page=10 ** 9, gap=0, **lies):
    n = len(columns[0].items)
    out, footers = b"PAR1", []
    edges = [n * g // groups for g in range(groups + 1)]
    for begin, end in zip(edges, edges[1:]):
        chunks = []
        for column in columns:
            data, first = column.chunk(begin, end, rows_per_page)
            at = len(out) + gap
            facts = column.lies
            encodings = [RLE, column.encoding if column.encoding is not None else PLAIN]
            encodings += [RLE_DICTIONARY] if column.dictionary else []
            meta = [(1, "i32", facts.get("type", column.kind)), (2, "list", ("i32", facts.get("encodings", encodings))),
                    (3, "list", ("bin", [column.name])), (4, "i32", facts.get("codec", column.codec)),
                    (5, "i64", facts.get("chunk_values", end - begin)), (6, "i64", len(data)),
                    (7, "i64", facts.get("chunk_size", len(data))), (9, "i64", facts.get("offset", at + first)),
                    (11, "i64", at if first else None)]
            chunks.append([(1, "bin", facts.get("path")), (2, "i64", at), (3, "struct", meta)])
            out += data
        footers.append([(1, "list", ("struct", chunks)), (2, "i64", 0),
                        (3, "i64", lies.get("group_rows", end - begin))])
    schema = [[(4, "bin", "schema"), (5, "i32", len(columns))]]
    for column in columns:
        nested = column.lies.get("children")
        schema.append([(1, "i32", None if nested else column.kind), (3, "i32", column.repetition),
                       (4, "bin", column.name), (5, "i32", nested), (6, "i32", column.converted)])
        if nested:
            schema.append([(1, "i32", column.kind), (3, "i32", 0), (4, "bin", "inner")])
    footer = struct_of([(1, "i32", 1), (2, "list", ("struct", schema)), (3, "i64", lies.get("rows", n)),
                        (4, "list", ("struct", footers)), (6, "bin", "make_parquet.py")])
    out += footer + struct.pack("<I", lies.get("footer_size", len(footer))) + lies.get("magic", b"PAR1")
    with open(path, "wb") as stream:
        stream.write(out)


# --- the files -------------------------------------------------------------------------------------------------------
def read_events(n):
    with open(os.path.join(HERE, "synthetic_events.csv")) as stream:
        rows = list(csv.DictReader(stream))[:n]
    table = {}
    for name in rows[0]:
        if name == "detailed_labels":
            table[name] = [row[name] for row in rows]
        else:
            table[name] = [struct.unpack("<f", struct.pack("<f", float(row[name])))[0] for row in rows]
    del table["id"]
    return table


def columns_of(table, change=None, **how):
    """Every column; `change` maps a name to what is different about it."""
    out = []
    for name, items in table.items():
        kind = BYTES if name == "detailed_labels" else FLOAT
        special = dict(how, **(change or {}).get(name, {}))
        out.append(Column(special.pop("name", name), special.pop("kind", kind), special.pop("items", items), **special))
    return out


def good_files(put):
    table = read_events(120)
    put("plain", columns_of(table))
    put("optional_snappy", columns_of(table, optional=True, dictionary=True, codec=SNAPPY, statistics=b"x" * 600))
    put("fallback_gzip", columns_of(table, dictionary=True, fallback=True, codec=GZIP, crc=True), rows_per_page=50)
    put("v2_zstd", columns_of(table, version=2, optional=True, dictionary=True, codec=ZSTD, crc=True), rows_per_page=33)
    put("v2_snappy_stored", columns_of(table, version=2, codec=SNAPPY, stored=True), rows_per_page=7)
    put("v2_gzip", columns_of(table, version=2, optional=True, codec=GZIP))
    put("v1_zstd", columns_of(table, codec=ZSTD))
    wide = {name: {"kind": DOUBLE} for name in table}
    wide.update(PRI_n_jets={"kind": INT64}, labels={"kind": INT32, "converted": 11}, detailed_labels={},
                PRI_met={"kind": DOUBLE, "dictionary": True}, PRI_jet_leading_pt={})
    put("wide", columns_of(table, wide, codec=SNAPPY))
    whole = {"PRI_n_jets": {"kind": INT32, "dictionary": True}, "labels": {"kind": INT64, "converted": 14}}
    columns = columns_of(table, whole, optional=True)
    columns += [Column("id", INT64, list(range(120))), Column("DER_sum_pt", BOOLEAN, [True] * 120),
                Column("DER_mass_vis", FLOAT, [None, 1.0] * 60, optional=True),
                Column("__index_level_0__", INT96, [0] * 120)]
    random.Random(3).shuffle(columns)
    put("groups", columns, groups=3, rows_per_page=16)
    put("boolean", columns_of(table, {"labels": {"kind": BOOLEAN}}, codec=SNAPPY, optional=True), rows_per_page=50)
    put("boolean_runs", columns_of(table, {"labels": {"kind": BOOLEAN, "encoding": RLE, "version": 2}}))
    few = {name: items for name, items in table.items() if name.startswith("PRI_")}
    put("primaries", columns_of(few, codec=SNAPPY, dictionary=True))
    put("far", columns_of(table, codec=SNAPPY), gap=5 << 30)
    put("empty", columns_of({name: [] for name in table}))


def bad_files(put):
    table = read_events(12)

    def lie(name, change, **how):
        put(name, columns_of(table, change), **how)

    met = list(table["PRI_met"])
    lie("bad_null", {"PRI_met": {"items": met[:7] + [None] + met[8:], "optional": True}}, rows_per_page=5)
    lie("bad_null_v2", {"PRI_met": {"items": met[:9] + [None] * 3, "optional": True, "version": 2}})
    lie("bad_missing", {"PRI_met": {"name": "DER_met"}})
    lie("bad_unknown", {"PRI_met": {"name": "PRI_mett"}})
    lie("bad_twice", {"PRI_met": {"name": "PRI_had_pt"}})
    lie("bad_text", {"detailed_labels": {"items": ["htautau"] * 11 + ["wjets"]}})
    lie("bad_text_coded", {"detailed_labels": {"items": ["htautau", "wj\nts"] * 6, "dictionary": True}})
    lie("bad_label", {"labels": {"items": [2.0] * 12}})
    lie("bad_contradiction", {"labels": {"items": [1.0 - x for x in table["labels"]]}})
    lie("bad_labels_alone", {"detailed_labels": {"name": "DER_names"}})
    lie("bad_number_for_text", {"detailed_labels": {"kind": INT32, "items": [0] * 12, "converted": None}})
    lie("bad_text_for_number", {"PRI_met": {"kind": BYTES}})
    lie("bad_weight", {"weights": {"items": [1.0] * 11 + [-1.0]}})
    lie("bad_nan", {"PRI_met": {"items": met[:11] + [float("nan")]}})
    lie("damaged_boolean", {"labels": {"kind": BOOLEAN, "dictionary": True}})
    lie("damaged_boolean_short", {"labels": {"kind": BOOLEAN, "items": table["labels"][:8], "lies": {"n_values": 12}}})
    lie("refused_int96", {"PRI_met": {"kind": INT96}})
    lie("refused_decimal", {"PRI_met": {"kind": INT32, "converted": 5}})
    lie("refused_delta", {"PRI_n_jets": {"kind": INT32, "encoding": DELTA}})
    lie("refused_split", {"PRI_met": {"encoding": SPLIT}})
    lie("refused_split_late", {"PRI_met": {"encoding": SPLIT, "lies": {"encodings": [PLAIN]}}})
    lie("refused_bit_packed", {"PRI_met": {"optional": True, "lies": {"level_encoding": BIT_PACKED}}})
    lie("refused_brotli", {"PRI_met": {"codec": BROTLI}})
    lie("refused_lz4", {"PRI_met": {"codec": LZ4}})
    lie("refused_nested", {"PRI_met": {"lies": {"children": 1}}})
    lie("refused_repeated", {"PRI_met": {"repetition": 2}})
    lie("refused_encrypted", {}, magic=b"PARE")
    lie("refused_elsewhere", {"PRI_met": {"lies": {"path": "other.parquet"}}})
    lie("damaged_magic", {}, magic=b"PAR2")
    lie("damaged_footer_size", {}, footer_size=1 << 20)
    lie("damaged_rows", {}, rows=13)
    lie("damaged_group_rows", {}, rows=11, group_rows=11)
    lie("damaged_claim", {n: {"lies": {"chunk_values": 1 << 40}} for n in table}, rows=1 << 40, group_rows=1 << 40)
    lie("damaged_few_values", {n: {"lies": {"chunk_values": 13}} for n in table}, rows=13, group_rows=13)
    lie("damaged_chunk_values", {"PRI_met": {"lies": {"chunk_values": 11}}})
    lie("damaged_chunk_size", {"PRI_met": {"lies": {"chunk_size": 1 << 30}}})
    lie("damaged_chunk_offset", {"PRI_met": {"lies": {"offset": 1 << 50}}})
    lie("damaged_chunk_type", {"PRI_met": {"lies": {"type": INT32}}})
    lie("damaged_page_values", {"PRI_met": {"lies": {"n_values": 13}}})
    lie("damaged_page_short", {"PRI_met": {"lies": {"n_values": 12, "expanded": 40, "stored": 40}}})
    lie("damaged_page_stored", {"PRI_met": {"lies": {"expanded": 1 << 20, "stored": 1 << 20}}})
    lie("damaged_page_two_sizes", {"PRI_met": {"lies": {"expanded": 49}}})
    lie("damaged_snappy", {"PRI_met": {"codec": SNAPPY, "lies": {"cut_page": 1}}})
    lie("damaged_gzip", {"PRI_met": {"codec": GZIP, "lies": {"cut_page": 1}}})
    lie("damaged_zstd", {"PRI_met": {"codec": ZSTD, "lies": {"expanded": 52}}})
    lie("damaged_bomb", {"PRI_met": {"codec": ZSTD, "lies": {"expanded": 1 << 30}}})
    lie("damaged_bomb_text", {"detailed_labels": {"codec": SNAPPY, "lies": {"expanded": 200 << 20}}})
    lie("damaged_larger", {"PRI_met": {"codec": ZSTD, "lies": {"expanded": 100000}}})
    lie("damaged_crc", {"PRI_met": {"crc": True, "lies": {"crc": 1}}})
    lie("damaged_index", {"PRI_met": {"dictionary": True, "lies": {"index": 5}}})
    lie("damaged_width", {"PRI_met": {"dictionary": True, "lies": {"width": 33}}})
    lie("damaged_entries", {"PRI_met": {"dictionary": True, "lies": {"n_entries": 100}}})
    lie("damaged_dictionaries", {"PRI_met": {"dictionary": True, "lies": {"dictionaries": 2}}})
    lie("damaged_no_dictionary", {"PRI_met": {"encoding": RLE_DICTIONARY}})
    lie("damaged_levels", {"PRI_met": {"optional": True, "lies": {"level_size": 1000}}})
    lie("damaged_levels_v2", {"PRI_met": {"optional": True, "version": 2, "lies": {"definition": 1000}}})
    lie("damaged_repetition", {"PRI_met": {"version": 2, "lies": {"repetition": 1}}})


def big_file(path, n):
    """Like the published file: optional, snappy, dictionary where few values occur; groups of a million rows."""
    table, rng = read_events(2001), random.Random(1)
    pick = [rng.randrange(2001) for _ in range(n)]

    def items(name):
        if name == "detailed_labels" or name in ("labels", "PRI_n_jets"):
            return [table[name][k] for k in pick]
        return [table[name][k] if table[name][k] == -25 else round(table[name][k] * rng.uniform(0.8, 1.2), 3) for k in
                pick]

    columns = columns_of({name: [] for name in table}, {"detailed_labels": {"fallback": False}}, optional=True,
                         dictionary=True, fallback=True, codec=SNAPPY)
    for column in columns:
        column.items = items(column.name)
    write(path, columns, groups=max(1, n >> 20), rows_per_page=131072)


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--big":
        return big_file(sys.argv[2], int(sys.argv[3]))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "parquet")
    os.makedirs(folder, exist_ok=True)

    def put(name, columns, **how):
        write(os.path.join(folder, name + ".parquet"), columns, **how)

    good_files(put)
    bad_files(put)
    return None


if __name__ == "__main__":
    main()
