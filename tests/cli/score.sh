#!/bin/sh
# The scores of folders of results: those of the official program, what is refused, and what is warned of.
. "$(dirname "$0")/common.sh"
need_python json html.parser statistics
data=$here/../data

# The committed reference numbers are those of the golden files.
if [ -n "${FB_GOLDEN_DIR:-}" ]; then
    check 'scoring.json is the golden one' cmp "$data/scoring.json" "$FB_GOLDEN_DIR/scoring.json"
    check 'end_to_end.json is the golden one' cmp "$data/official/end_to_end.json" "$FB_GOLDEN_DIR/end_to_end.json"
fi

# Every whole run of the official program as the folder that it left; and whether our scores of it are the official ones.
cat >official.py <<'END'
import json
import os
import statistics
import sys

task, data = sys.argv[1:]


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def runs():
    """name, settings, results, official scores, those of the sets, those of the bootstrap over as many sets"""
    for r in load(data + "/scoring.json")["compute_scores"]:
        n = len(r["ingestion_results"])
        replicas = next(v for k, v in r["bootstraped"].items() if k == f"n20_size{n}_seed42")
        yield (r["name"], {"ground_truth_mus": r["ground_truth_mus"]}, r["ingestion_results"], r["scores"],
               r["set_scores"], replicas)
    for k, r in enumerate(load(data + "/official/end_to_end.json")):
        yield (f"end_to_end_{k}", r["test_settings"], r["results"], r["scores"], r["set_scores"],
               r["bootstraped_scores_10x3_seed42"])


n_same = 0


def same(name, ours, official):
    global n_same
    n_same += 1
    assert abs(ours - official) <= 1e-12 * max(1, abs(official)), (name, ours, official)


def check_run(name, scores, sets, replicas):
    ours, details = load(f"{name}/scored/scores.json"), load(f"{name}/scored.json")
    assert list(ours) == list(scores) == ["rmse", "mae", "interval", "coverage", "quantiles_score", "ingestion_duration"]
    for key in ours:
        same((name, key), ours[key], scores[key])
    assert ours["ingestion_duration"] == 0 and isinstance(ours["ingestion_duration"], int)
    assert details["scores"] == {k: v for k, v in ours.items() if k != "ingestion_duration"}
    for k, one in enumerate(details["sets"]):
        for key in scores:
            if key != "ingestion_duration":
                same((name, k, key), one[key], sets[key][k])
        assert one["set"] == k and one["n"] == sets["set_size"][k] and one["failed"] == 0
    bootstrap = details["bootstrap"]
    assert bootstrap["replicas"] == len(replicas["coverage"]) and bootstrap["sets_of_a_replica"] == len(sets["mae"])
    for key, values in replicas.items():
        same((name, "mean", key), bootstrap["mean"][key], statistics.mean(values))
        same((name, "error", key), bootstrap["error"][key], statistics.pstdev(values))


for name, settings, results, scores, sets, replicas in runs():
    if task == "check":
        check_run(name, scores, sets, replicas)
        continue
    os.mkdir(name)
    files = {"test_settings": settings, "ingestion_duration": {"ingestion_duration": 0}}
    files.update((f"result_{k}", one) for k, one in enumerate(results))
    for file, content in files.items():
        with open(f"{name}/{file}.json", "w", encoding="utf-8") as f:
            json.dump(content, f)
print(n_same, "numbers agree")
END
check 'the folders are made' "$PYTHON" official.py make "$data" >/dev/null
for run in ten_sets_of_100 low_cov high_cov end_to_end_0 end_to_end_1; do
    replicas=20
    case $run in end_to_end_*) replicas=10 ;; esac
    run 0 score $run -o $run/scored --bootstrap $replicas --json --overwrite
    cp "$out" $run/scored.json
    [ ! -s "$err" ] || { fail "wrote to stderr: $run"; show; }
done
check 'the scores are the official ones' "$PYTHON" official.py check "$data" >"$out"
cat "$out"
check 'all of them' grep -q '^[12][0-9][0-9] numbers agree' "$out"

# The same bytes, in the folder of the results too, which are left alone.
run=end_to_end_0
cp -r $run again
run 0 score $run -o once
run 0 score again --threads 2
for file in scores.json detailed_results.html; do
    check "$file: the same again" cmp once/$file again/$file
done
check 'the results stay' cmp $run/result_1.json again/result_1.json
check 'the duration is not in the page' sh -c '! grep -i "duration\|minutes" once/detailed_results.html'
check 'nothing else is written' [ "$(find once -type f | wc -l)" -eq 2 ]
run 0 score $run -o once --overwrite
check 'the table' grep -q '^  all  *15  *0  *1.4299  *1.5896  *0.7904  *0.0000  *-4.9842$' "$out"
check 'the bootstrap' grep -q '^  bootstrap error  *' "$out"
run 0 score $run -o once --bootstrap 0 --overwrite
check 'no bootstrap' sh -c "! grep -q bootstrap '$out'"

# Other constants are a choice, and named.
run 0 score low_cov -o paper --formula white-paper
check 'the formula is named' grep -q '"name": "white-paper"' paper/scores.json
check 'and in the page' grep -qF "(w + 0.01) f(c)" paper/detailed_results.html
run 0 score low_cov -o paper --formula white-paper --json --overwrite
"$PYTHON" - "$out" <<'END' || fail 'the formula in JSON'
import json
import math
import sys

ours = json.load(open(sys.argv[1]))
file = json.load(open("paper/scores.json"))
assert ours["formula"] == file["formula"] == {"name": "white-paper", "level": 0.68, "epsilon": 0.01}
w, c, n = ours["scores"]["interval"], ours["scores"]["coverage"], ours["experiments"]
sigma = math.sqrt(0.68 * 0.32 / n)
score = -math.log((w + 0.01) * (1 + abs((c - 0.68) / sigma + 2) ** 4))
assert abs(ours["scores"]["quantiles_score"] - score) < 1e-12 * abs(score)
assert ours["scores"]["quantiles_score"] == file["quantiles_score"]
END
check 'the score is another' sh -c '! cmp -s paper/scores.json low_cov/scored/scores.json'
refuse 2 "unknown formula 'slides';official and white-paper" score low_cov -o x --formula slides
refuse 2 "--bootstrap;'-1'" score low_cov -o x --bootstrap -1
refuse 2 'expected DIR, got 0' score

# The page is HTML, stands alone, and shows whatever a file says as text.
cp -r end_to_end_1 strange
sed -i 's/"tes": true/"<script>\&\\"": true/' strange/test_settings.json
run 0 score strange
cat >page.py <<'END'
import sys
from html.parser import HTMLParser

EMPTY = {"meta"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        assert not {"src", "href"} & {key for key, value in attributes}, attributes
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert "svg" in self.open
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        self.text.append(data)


with open(sys.argv[1], encoding="utf-8") as f:
    content = f.read()
page = Page()
page.feed(content)
page.close()
text = "".join(page.text)
assert content.startswith("<!DOCTYPE html>\n<html lang=\"en\">") and not page.open
assert page.seen.count("svg") == page.seen.count("table") == page.seen.count("h1") == 1
assert "script" not in page.seen and 'they draw: <script>&", jes' in text, text[:300]
assert page.seen.count("tr") == 1 + 3 + 3 and page.seen.count("td") == 6 * 9 and page.seen.count("th") == 9
assert content.count("http") == content.count("http://www.w3.org/2000/svg") == 1
assert "set 2: \u03bc = 2.223" in text and "coverage" in text
END
check 'the page is as it should be' "$PYTHON" page.py strange/detailed_results.html

# damage FILE SED: a fresh copy of a run with one file changed.
damage() {
    rm -rf bad
    cp -r end_to_end_0 bad
    rm -rf bad/scored bad/scored.json
    sed -i "$2" "bad/$1"
    cmp -s "bad/$1" "end_to_end_0/$1" && fail "nothing was damaged: $*"
}
p16='"p16": \[[^,]*, [^,]*, '
damage result_1.json "s/\($p16\)[^,]*/\1null/"
refuse 3 "bad/result_1.json: set 1, experiment 2: 'p16' is null or NaN;1 among 15;--allow-failed" score bad
refuse 3 'bad/result_1.json' score bad -o x
damage result_1.json "s/\($p16\)[^,]*/\1NaN/"
refuse 3 "bad/result_1.json: set 1, experiment 2: 'p16' is null or NaN" score bad
damage result_1.json "s/\($p16\)[^,]*/\1-Infinity/"
refuse 3 "bad/result_1.json: set 1, experiment 2: 'p16' is no finite number: -Infinity" score bad
refuse 3 'Infinity' score bad --allow-failed
damage result_1.json "s/\($p16\)[^,]*/\1\"0.9\"/"
refuse 3 "set 1, experiment 2: 'p16' is no finite number: \"0.9\"" score bad
damage result_1.json "s/\($p16\)[^,]*, /\1/"
refuse 3 "bad/result_1.json: set 1: 'p16' has 4 entries, 'mu_hats' has 5;experiment 4" score bad
damage result_2.json 's/\[[^,]*, /[/g'
run 0 score bad -o short
check 'sets of unequal size are scored, and told' grep -q 'set 2 has 4 experiments; the settings say 5' "$err"
rm -rf platform
mkdir -p platform/ref/settings
cp -r end_to_end_0 platform/res
mv platform/res/test_settings.json platform/ref/settings/data.json
run 0 score platform/res -o platform/scored
run 0 score end_to_end_0 -o beside
check 'the truth is found where the platform has it' cmp platform/scored/scores.json beside/scores.json
rm -rf platform/ref
refuse 3 'platform/res/test_settings.json' score platform/res -o none
damage result_0.json 's/"mu_hats": \[[^]]*\]/"mu_hats": []/'
refuse 3 "bad/result_0.json: 'mu_hats' is empty" score bad
damage result_0.json 's/"p84"/"p85"/'
refuse 3 "bad/result_0.json: 'p84' is missing" score bad
damage result_0.json 's/}//'
refuse 3 'bad/result_0.json: line 1' score bad
damage test_settings.json 's/"num_of_sets": 3/"num_of_sets": 4/'
refuse 3 "bad/test_settings.json: 'num_of_sets' is 4;has 3 entries" score bad
damage test_settings.json 's/"ground_truth_mus": \[[^,]*/"ground_truth_mus": [NaN/'
refuse 3 "bad/test_settings.json: entry 0 of 'ground_truth_mus' is no number" score bad
damage ingestion_duration.json 's/0/"a while"/'
refuse 3 "bad/ingestion_duration.json: 'ingestion_duration' is no number" score bad
for file in result_1.json test_settings.json ingestion_duration.json; do
    damage result_0.json 's/$/ /'
    rm bad/$file
    refuse 3 "bad/$file: cannot be read" score bad
done
damage result_0.json 's/$/ /'
cp bad/result_0.json bad/result_3.json
refuse 3 'bad/result_3.json: the settings have the true mu of sets 0 to 2 only' score bad
rm bad/result_3.json
run 0 score bad
refuse 3 nowhere score nowhere
refuse 3 'nowhere/x: cannot be made' score bad -o nowhere/x
refuse 3 'bad/result_0.json;a file of this name' score bad -o bad/result_0.json

# Failed fits are left out where that is allowed, and named.
damage result_1.json "s/\($p16\)[^,]*/\1null/;s/\"mu_hats\": \[[^,]*/\"mu_hats\": [NaN/"
run 0 score bad -o left --allow-failed
check 'they are named' grep -q 'warning: 2 failed fits are left out: set 1 experiment 0, set 1 experiment 2$' "$err"
check 'and counted' grep -q '^  all  *13  *2 ' "$out"
check 'and in the page' grep -q '2 failed fits are left out' left/detailed_results.html
run 0 score bad -o left --allow-failed --json -q --overwrite
check 'and in JSON' [ "$(tr -d ' \n' <"$out" | grep -c '"failed":\[{"set":1,"experiment":0},{"set":1,"experiment":2}\]')" -eq 1 ]
check 'quiet is quiet' [ ! -s "$err" ]
# What is left is scored as if the others had never been.
"$PYTHON" - <<'END'
import json

result = json.load(open("bad/result_1.json"))
settings = json.load(open("bad/test_settings.json"))
del settings["num_pseudo_experiments"]
json.dump({k: [v[1], v[3], v[4]] for k, v in result.items()}, open("bad/result_1.json", "w"))
json.dump(settings, open("bad/test_settings.json", "w"))
END
run 0 score bad -o never
check 'the others were never there' cmp left/scores.json never/scores.json

# Negative and empty intervals are scored, with a warning. Here p16 and p84 change places in one set and become equal in
# another; mu lies in none of either kind.
damage result_0.json 's/"p16"/"p"/;s/"p84"/"p16"/;s/"p"/"p84"/'
"$PYTHON" - <<'END'
import json

result = json.load(open("bad/result_2.json"))
result["p84"][3:] = result["p16"][3:]
json.dump(result, open("bad/result_2.json", "w"))
END
run 0 score bad
check 'negative intervals' grep -q 'warning: 5 of 15 intervals have p84 < p16, the first is set 0 experiment 0 with p16 = 1.6' "$err"
check 'empty intervals' grep -q 'warning: 2 of 15 intervals have zero width, the first is set 2 experiment 3 with' "$err"
check 'their width counts' sh -c "grep '^  0 ' '$out' | grep -q ' 0.8062 '"

# A count that is none, and folders of ours that are not finished.
bad_count() { # KEY VALUE
    damage test_settings.json "s/\"$1\": [0-9]*/\"$1\": $2/"
    refuse 3 "bad/test_settings.json: '$1' is no whole number above 0: $2" score bad
}
bad_count num_of_sets '"three"'
bad_count num_pseudo_experiments 0
mkdir half
echo '{}' >half/experiments.part.jsonl
refuse 3 "half: its run was stopped;--resume" score half
refuse 3 "half: its run was stopped;--resume" merge half -o whole
mv half/experiments.part.jsonl half/experiments.jsonl
refuse 3 "half: has a record of experiments but no results;merge" score half
finish
