#!/bin/sh
# Files of events are easy to read without this program: a pandas table in a line, names, units, attributes.
. "$(dirname "$0")/common.sh"
need_python numpy h5py pandas

run 0 simulate -o events.h5 --events 2000 --seed 3 -q
run 0 systematics events.h5 observed.h5 --tes 1.02
run 0 convert events.h5 events.csv
cat >read.py <<'END'
import h5py
import numpy as np
import pandas as pd

def text(attribute):
    """Texts of fixed length come as bytes."""
    return attribute.decode() if isinstance(attribute, bytes) else attribute


with h5py.File("events.h5") as f:
    events = pd.DataFrame({k: d[:] for k, d in f["events"].items()})
    assert events.shape == (2000, 18), events.shape
    assert all(events[k].dtype == np.float32 for k in events if k != "detailed_labels")
    names = h5py.check_enum_dtype(f["events/detailed_labels"].dtype)
    assert names == {"htautau": 0, "ztautau": 1, "ttbar": 2, "diboson": 3}, names
    assert text(f["events"].attrs["stage"]) == "raw"
    assert f["events"].attrs["schema_version"] == 1
    assert text(f["events"].attrs["origin"]) == text(f["events"].attrs["provenance"]) != ""
    assert text(f["events/PRI_lep_pt"].attrs["units"]) == "GeV"
    assert text(f["events/PRI_lep_phi"].attrs["units"]) == "rad"
    assert f["events/PRI_met"].attrs["missing_value"] == -25.0
    assert "transverse momentum" in text(f["events/PRI_had_pt"].attrs["description"])
    assert text(f["events/detailed_labels"].attrs["description"]).startswith("process")
signal = events.weights[events.detailed_labels == names["htautau"]]
assert abs(signal.sum() - 1015) < 0.1, signal.sum()
csv = pd.read_csv("events.csv")
number_of = csv.detailed_labels.map(names)
assert (number_of == events.detailed_labels).all()
assert (csv.labels == (number_of == 0)).all()
for k in csv.columns.drop(["labels", "detailed_labels"]):
    assert (csv[k].astype(np.float32) == events[k]).all(), k
with h5py.File("observed.h5") as f:
    assert text(f["events"].attrs["stage"]) == "observed"
    assert sum(k.startswith("DER_") for k in f["events"]) == 12
    assert "tes=1.02" in text(f["events"].attrs["provenance"])
print("read")
END
check 'python reads what was written' sh -c "\"$PYTHON\" read.py >\"$out\" 2>\"$err\"" || show
check 'to its end' grep -qx read "$out"
[ ! -s "$err" ] || show

# And the other way round: what h5py writes is read.
cat >write.py <<'END'
import h5py
import numpy as np

with h5py.File("events.h5") as f, h5py.File("again.h5", "w") as g:
    for k, d in f["events"].items():
        data = d[:] if k == "detailed_labels" else d[:].astype(np.float64)
        g.create_dataset("events/" + k, data=data, dtype=d.dtype if k == "detailed_labels" else None,
                         compression="gzip", shuffle=True, chunks=(300,))
    g["events"].attrs["stage"] = "raw"
    g["events"].attrs["origin"] = np.bytes_("by hand")
END
check 'python writes a file' "$PYTHON" write.py
run 0 info events.h5
checksum=$(grep checksum "$out")
run 0 info again.h5
check 'with the same rows' [ "$(grep checksum "$out")" = "$checksum" ]
check 'which are raw' grep -q 'stage  *raw' "$out"

# Processes as texts of fixed and of variable length, labels as truth values.
cat >texts.py <<'END'
import h5py
import numpy as np

with h5py.File("events.h5") as f:
    number = f["events/detailed_labels"][:]
    text = np.array(["htautau", "ztautau", "ttbar", "diboson"])[number]
    for name, values, dtype in [("fixed", text.astype("S"), None), ("padded", text.astype("S20"), None),
                                ("variable", text.astype(object), h5py.string_dtype()),
                                ("wrong", np.where(np.arange(len(text)) == 1500, "wjets", text).astype("S"), None),
                                ("contrary", text.astype("S"), None)]:
        with h5py.File(name + ".h5", "w") as g:
            for k, d in f["events"].items():
                if k != "detailed_labels":
                    g["events/" + k] = d[:]
            g.create_dataset("events/detailed_labels", data=values, dtype=dtype)
            labels = number == 0
            labels[1700] ^= name == "contrary"
            g["events/labels"] = labels
END
check 'python writes texts' "$PYTHON" texts.py
for kind in fixed padded variable; do
    run 0 info $kind.h5
    check "the same rows with texts of $kind length" [ "$(grep checksum "$out")" = "$checksum" ]
    [ ! -s "$err" ] || show
done
refuse 3 "wrong.h5;row 1500;detailed_labels;'wjets' is not htautau" convert wrong.h5 new.h5
refuse 3 'contrary.h5;row 1700, column labels;contradicts detailed_labels' convert contrary.h5 new.h5
finish
