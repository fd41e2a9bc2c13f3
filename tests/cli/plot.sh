#!/bin/sh
# Pictures: well-formed SVG whose numbers are those of the other commands, the same bytes every time, and what is refused.
. "$(dirname "$0")/common.sh"
need_python json xml.dom.minidom

run 0 simulate -o events.h5 --events 60000 --seed 5
run 0 train events.h5 -o analysis.h5 --set trees=20 --set depth=4 --share 0.5 -q
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --tes 1.01 --soft-met 1 --seed 7 -q
run 0 evaluate analysis.h5 events.h5 -o results --num-of-sets 2 --num-pseudo-experiments 3 --seed 3 -q
run 0 fit analysis.h5 pseudo.h5 --json
cp "$out" fit.json
run 0 fit analysis.h5 pseudo.h5 --interval profile --systematics tes,jes --json
cp "$out" fit_profile.json
run 0 info analysis.h5 --json
cp "$out" info.json

# draw FOLDER THREADS
draw() {
    mkdir "$1"
    run 0 plot templates analysis.h5 -o "$1/tes.svg" --threads "$2"
    run 0 plot templates analysis.h5 -o "$1/soft_met.svg" --parameter soft_met --bins 0,2 --threads "$2"
    run 0 plot scores analysis.h5 pseudo.h5 -o "$1/scores.svg" --threads "$2"
    run 0 plot scores analysis.h5 pseudo.h5 -o "$1/fitted.svg" --fit --density --threads "$2"
    run 0 plot nll analysis.h5 pseudo.h5 -o "$1/nll.svg" --threads "$2"
    run 0 plot nll analysis.h5 pseudo.h5 -o "$1/some.svg" --interval profile --systematics tes,jes --points 5 \
        --mu-low 0 --mu-high 3 --threads "$2"
    run 0 plot coverage results -o "$1/coverage.svg" --threads "$2" --title 'A <b> & "c" μ_{i}'
    check 'the command says what it wrote' grep -q "$1/coverage.svg, .* $1/coverage.json" "$out"
    [ ! -s "$err" ] || { fail "wrote to stderr"; show; }
}
draw one 1
draw two 2
draw again 2
for file in one/*; do
    name=${file#one/}
    check "$name is the same with two threads" cmp "$file" "two/$name"
    check "$name is the same again" cmp "$file" "again/$name"
done
check 'nothing else was written' [ "$(find one -type f | wc -l)" -eq 14 ]

cat >look.py <<'END'
import glob
import json
import math
import re
from xml.dom import minidom


def load(name):
    with open(name, encoding="utf-8") as f:
        return json.load(f)


def words(document):
    return ["".join(t.data for t in walk(e)) for e in document.getElementsByTagName("text")]


def walk(element):
    for child in element.childNodes:
        if child.nodeType == child.TEXT_NODE:
            yield child
        else:
            yield from walk(child)


documents = {}
for name in sorted(glob.glob("one/*.svg")):
    document = documents[name[4:-4]] = minidom.parse(name)
    root = document.documentElement
    assert root.tagName == "svg" and root.namespaceURI == "http://www.w3.org/2000/svg"
    width, height = float(root.getAttribute("width")), float(root.getAttribute("height"))
    used = set()
    for element in document.getElementsByTagName("*"):
        used.add(element.tagName)
        for key, value in element.attributes.items():
            assert "nan" not in value and "inf" not in value, (name, key, value)
        for key, limit in ("x", width), ("y", height), ("cx", width), ("cy", height):
            if element.hasAttribute(key):
                assert 0 <= float(element.getAttribute(key)) <= limit, (name, key, element.getAttribute(key))
        x = y = 0.0
        for letter, numbers in re.findall("([MLHVZ])([-0-9. ]*)", element.getAttribute("d")):
            values = [float(v) for v in numbers.split()]
            x, y = {"H": lambda: (values[0], y), "V": lambda: (x, values[0]), "Z": lambda: (x, y)}.get(
                letter, lambda: tuple(values))()
            assert 0 <= x <= width and 0 <= y <= height, (name, letter, numbers)
    assert {"text", "path", "circle", "rect"} <= used or name == "one/nll.svg" or name == "one/some.svg", used
assert "A <b> & \"c\" \u03bci" in words(documents["coverage"])
assert documents["coverage"].getElementsByTagName("title")[0].firstChild.data == "A <b> & \"c\" \u03bc_{i}"

fit, info = load("fit.json"), load("info.json")
scores, fitted = load("one/scores.json"), load("one/fitted.json")
assert scores["observed"] == fitted["observed"] == fit["observed"]
assert fitted["expected"] == fit["expected"] and fitted["expected_variance"] == fit["expected_variance"]
assert fitted["at"]["mu"] == fit["mu_hat"]
assert all(fitted["at"][k] == v["value"] for k, v in fit["nuisances"].items())
assert fitted["fitted"] and fitted["density"] and not scores["fitted"] and not scores["density"]
for k, b in enumerate(info["bins"]):
    sums = [sum(s["processes"][p][k] for p in s["processes"]) for s in (scores, fitted)]
    assert math.isclose(sums[0], scores["expected"][k], rel_tol=1e-12)
    assert math.isclose(sums[1], fitted["expected"][k], rel_tol=1e-12)
    assert math.isclose(scores["processes"]["htautau"][k], b["signal"], rel_tol=1e-12)
    assert math.isclose(sums[0] - scores["processes"]["htautau"][k], b["background"], rel_tol=1e-12)
    assert scores["edges"][k:k + 2] == [b["low"], b["high"]]
    assert scores["observed_low"][k] < scores["observed"][k] < scores["observed_high"][k] or not scores["observed"][k]

tes, soft = load("one/tes.json"), load("one/soft_met.json")
assert [b["bin"] for b in soft["bins"]] == [0, 2] and soft["parameter"] == "soft_met"
assert len(tes["bins"]) == min(6, len(info["bins"])) and tes["bins"][-1]["bin"] == len(info["bins"]) - 1
for b in tes["bins"] + soft["bins"]:
    own = info["bins"][b["bin"]]
    assert [b["low"], b["high"]] == [own["low"], own["high"]]
    assert math.isclose(b["signal"]["nominal"], own["signal"], rel_tol=1e-12)
    assert math.isclose(b["background"]["nominal"], own["background"], rel_tol=1e-12)
    assert math.isclose(b["background"]["error"] ** 2, own["background_variance"], rel_tol=1e-12)
for picture in tes, soft:
    # Where the curve has the nominal value it is the nominal yield.
    at = [k for k, alpha in enumerate(picture["curve_alpha"]) if abs(alpha - picture["nominal"]) < 1e-12]
    assert len(at) == 1, picture["curve_alpha"]
    for b in picture["bins"]:
        for kind in b["signal"], b["background"]:
            assert math.isclose(kind["curve"][at[0]], kind["nominal"], rel_tol=1e-9)
            assert len(kind["measured"]) == len(picture["alpha"])

nll, some, profile = load("one/nll.json"), load("one/some.json"), load("fit_profile.json")
for picture, other in (nll, fit), (some, profile):
    assert [picture[k] for k in ("mu_hat", "delta_mu_hat", "p16", "p84")] == [
        other[k] for k in ("mu_hat", "delta_mu_hat", "p16", "p84")]
    assert picture["t_min"] == other["fit"]["t"]
assert some["mu"] == [0, 0.75, 1.5, 2.25, 3] and len(nll["mu"]) == 61
best = min(range(61), key=lambda k: abs(nll["mu"][k] - nll["mu_hat"]))
assert abs(nll["profiled"][best]) < 1e-9 and abs(nll["fixed"][best]) < 1e-9
assert all(f >= p - 1e-6 for f, p in zip(nll["fixed"], nll["profiled"]))
assert nll["fit_fixed"]["sigma"] < nll["delta_mu_hat"] and math.isclose(nll["fit_fixed"]["mu_hat"], nll["mu_hat"], abs_tol=1e-5)

coverage, summary = load("one/coverage.json"), load("results/summary.json")
assert coverage["experiments"] == len(summary["experiments"]) == 6
assert coverage["failed"] == summary["failed"]
assert math.isclose(coverage["coverage"], summary["scores"]["coverage"], rel_tol=1e-12)
flat = [(s["mu"], m, a, b) for s in coverage["sets"] for m, a, b in zip(s["mu_hat"], s["p16"], s["p84"])]
assert flat == [(e["mu"], e["mu_hat"], e["p16"], e["p84"]) for e in summary["experiments"]]
print("seen")
END
check 'the pictures hold what they should' sh -c "\"$PYTHON\" look.py >\"$out\" 2>\"$err\"" || show
check 'to the end' grep -qx seen "$out"

# The numbers on standard output, and nothing with --quiet.
run 0 plot coverage results -o one/coverage.svg --json --overwrite
check 'JSON is printed' grep -q '"picture": "coverage"' "$out"
check 'as it is in the file' cmp "$out" one/coverage.json
run 0 plot coverage results -o one/coverage.svg -q --overwrite
check 'nothing is printed' [ ! -s "$out" ]
run 0 plot nll --help
check 'each picture has its help' grep -q 'usage: fair-baseline plot nll ANALYSIS EVENTS' "$out"
check 'with its defaults' grep -q 'points N .*\[61\]' "$out"

refuse 2 "unknown picture 'pie';templates, scores, nll or coverage" plot pie
refuse 2 "unknown picture 'pie';templates, scores, nll or coverage" plot pie results -o x.svg
refuse 2 "--threads;'two'" plot coverage results -o x.svg --threads two
refuse 2 '--threads;needs a value' plot coverage results -o x.svg --threads
refuse 2 'plot templates: -o FILE.svg is missing' plot templates analysis.h5
refuse 2 "expected ANALYSIS EVENTS, got 1;fair-baseline plot scores --help" plot scores analysis.h5
refuse 2 "--wide;fair-baseline plot nll --help" plot nll analysis.h5 pseudo.h5 --wide
refuse 2 "'x.png';.svg" plot nll analysis.h5 pseudo.h5 -o x.png
refuse 2 "--parameter: 'mass';soft_met" plot templates analysis.h5 -o x.svg --parameter mass
refuse 2 "--parameter: 'ttbar_scale'" plot templates analysis.h5 -o x.svg --parameter ttbar_scale
refuse 2 "--bins: '99';bins 0 to" plot templates analysis.h5 -o x.svg --bins 1,99
refuse 2 "--bins: '' in '1,'" plot templates analysis.h5 -o x.svg --bins 1,
refuse 2 "--bins: '-1'" plot templates analysis.h5 -o x.svg --bins=-1
refuse 2 "--points;'1';from 2" plot nll analysis.h5 pseudo.h5 -o x.svg --points 1
refuse 2 'nll: mu from 3 to 1' plot nll analysis.h5 pseudo.h5 -o x.svg --mu-low 3 --mu-high 1
refuse 2 'nll: mu is fixed' plot nll analysis.h5 pseudo.h5 -o x.svg --fix mu=1
refuse 2 'energy' plot scores analysis.h5 pseudo.h5 -o x.svg --systematics energy
refuse 3 'events.h5;is simulation' plot scores analysis.h5 events.h5 -o x.svg
refuse 3 'pseudo.h5' plot templates pseudo.h5 -o x.svg
refuse 3 'nowhere' plot templates nowhere.h5 -o x.svg
refuse 3 'nowhere/x.svg' plot coverage results -o nowhere/x.svg
refuse 3 'one/test_settings.json' plot coverage one -o x.svg
refuse 2 'results/summary.json;another name' plot coverage results -o results/summary.svg
cp analysis.h5 analysis.svg
refuse 2 'analysis.svg;is the input' plot templates analysis.svg -o analysis.svg
sed 's/"p16"/"p17"/' results/result_1.json >result_1.json && mv result_1.json results/result_1.json
refuse 3 "results/result_1.json: 'p16' is missing" plot coverage results -o x.svg

# A fit without result gives no picture: all events in one place.
run 0 pseudo events.h5 -o strange.h5 --mu 99 -q
refuse 4 'mu' plot nll analysis.h5 strange.h5 -o x.svg
refuse 4 'mu' plot scores analysis.h5 strange.h5 -o x.svg --fit
run 0 plot scores analysis.h5 strange.h5 -o x.svg
finish
