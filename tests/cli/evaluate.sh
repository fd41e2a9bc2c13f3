#!/bin/sh
# Many pseudo-experiments: stopped and resumed, in shards, in batches; always the same files.
# shellcheck disable=SC2086 # lists of options everywhere
. "$(dirname "$0")/common.sh"
need_python numpy

run 0 simulate -o events.h5 --events 40000 --seed 5
run 0 train events.h5 -o analysis.h5 --set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2
few='--num-of-sets 2 --num-pseudo-experiments 5 --random-seed 3 --max-failed 10'

run 0 evaluate analysis.h5 events.h5 -o whole $few
grep -q 'effective background events in the templates' "$out" || fail 'the simulation behind the table is missing'

# same FOLDER WHAT: the results are those of the whole run, but for the durations.
same() {
    for file in experiments.jsonl result_0.json result_1.json test_settings.json scores.json detailed_results.html \
        summary.json; do
        check "$2: $file" cmp "whole/$file" "$1/$file"
    done
}

run 0 evaluate analysis.h5 events.h5 -o batches $few --batch 3 --threads 1
same batches 'batches'
for set in plain avx2; do
    FB_INSTRUCTION_SET=$set run 0 evaluate analysis.h5 events.h5 -o $set $few
    same $set "elementary functions: $set"
done

# Where the time went: laps of the threads, which together cannot be longer than the run.
run 0 evaluate analysis.h5 events.h5 -o laps $few --threads 2 --verbose
check 'the shares are logged' grep -q 'time: read .* %, draw .* %, .* fit .* %' "$err"
"$PYTHON" - <<'END' || fail 'ingestion_duration.json: the stages'
import json
d = json.load(open("laps/ingestion_duration.json"))
stages = d["stage_seconds"]
assert list(stages) == ["read", "draw", "distort", "select", "derive", "score", "fill", "fit"], stages
assert min(stages.values()) > 0 and sum(stages.values()) <= 2 * d["seconds"], d
END

# Shards, in any order.
for k in 3 1 2; do
    run 0 evaluate analysis.h5 events.h5 -o shard$k $few --shard $k/3
done
check 'a shard has no results' test ! -e shard1/summary.json
run 0 merge shard2 shard3 shard1 -o merged
same merged 'shards'
refuse 3 'missing;number 1 of set 0' merge shard1 shard3 -o x
refuse 3 'shard1;earlier run' merge shard1 shard2 shard3 -o shard1
run 0 evaluate analysis.h5 events.h5 -o other --num-of-sets 2 --num-pseudo-experiments 5 --random-seed 4 --shard 1/3
refuse 3 'other;"seed" is 4 and not 3' merge shard1 other shard2 shard3 -o x
for shard in 4/3 0/3 1/-1 ' 1/3' '1/ 3' +1/3 1/3/ 1/ /3 3 1/99999999999999999999; do
    refuse 2 "--shard;$shard" evaluate analysis.h5 events.h5 -o x $few --shard "$shard"
done
refuse 3 'nowhere' merge nowhere -o x

# Stopped in the middle of a line, as a full disk or a lost machine leaves it.
mkdir stopped
head -c 3000 whole/experiments.jsonl >stopped/experiments.part.jsonl
refuse 3 'stopped;--resume' evaluate analysis.h5 events.h5 -o stopped $few
run 0 evaluate analysis.h5 events.h5 -o stopped $few --resume --batch 2
same stopped 'resumed'
cp stopped/ingestion_duration.json before.json
run 0 evaluate analysis.h5 events.h5 -o stopped $few --resume
same stopped 'nothing left to do'
"$PYTHON" - <<'END' || fail 'the time of all runs, and of all shards, is added up'
import json
def seconds(path):
    d = json.load(open(path))
    return [d["seconds"], *d["stage_seconds"].values()]
before, after = seconds("before.json"), seconds("stopped/ingestion_duration.json")
assert all(a >= b > 0 for a, b in zip(after, before)), (before, after)
shards = [seconds("shard%d/ingestion_duration.json" % k) for k in (1, 2, 3)]
for whole, *parts in zip(seconds("merged/ingestion_duration.json"), *shards):
    assert min(parts) > 0 and abs(whole - sum(parts)) <= 1e-9 * whole, (whole, parts)
END

# Killed without warning.
"$FB" evaluate analysis.h5 events.h5 -o killed $few --batch 1 >/dev/null 2>&1 &
victim=$!
n=0
while [ "$(grep -c events killed/experiments.part.jsonl 2>/dev/null || echo 0)" -lt 4 ] && [ $n -lt 600 ]; do
    n=$((n + 1))
    sleep 0.05
done
kill -9 $victim 2>/dev/null
wait $victim 2>/dev/null
check 'something was recorded' grep -q '"mu_hat"' killed/experiments.part.jsonl
run 0 evaluate analysis.h5 events.h5 -o killed $few --resume
same killed 'killed'

check 'no half journal is left' test ! -e killed/experiments.part.jsonl
refuse 3 'nowhere' evaluate analysis.h5 nowhere.h5 -o x $few

# Killed while its results were on their way, and started again under the same number, as in a container.
sh -c 'mkdir -p left/results.tmp$$; echo old >left/results.tmp$$/result_0.json; exec "$0" "$@"' \
    "$FB" evaluate analysis.h5 events.h5 -o left $few >"$out" 2>"$err"
same left 'what was left'
check 'nothing is left' test -z "$(find left -name '*.tmp*')"

# More experiments of what was finished, or stopped, are added; fewer are another evaluation.
run 0 evaluate analysis.h5 events.h5 -o grown --num-of-sets 2 --num-pseudo-experiments 3 --random-seed 3
cp -r grown cut
head -c 900 grown/experiments.jsonl >cut/experiments.part.jsonl
rm cut/experiments.jsonl
for folder in grown cut; do
    run 0 evaluate analysis.h5 events.h5 -o $folder $few --resume --verbose
    check "$folder: it says so" grep -q '2 sets of 3 experiments, goes on as one of 2 sets of 5' "$err"
    same $folder "extended: $folder"
    check "$folder: one journal" test ! -e $folder/experiments.part.jsonl
done
refuse 3 'grown;"experiments" is 5 and not 3' evaluate analysis.h5 events.h5 -o grown --num-of-sets 2 \
    --num-pseudo-experiments 3 --random-seed 3 --resume

# A journal is about one thing.
cp -r whole another
refuse 3 'another;"seed" is 3 and not 4' evaluate analysis.h5 events.h5 -o another --num-of-sets 2 \
    --num-pseudo-experiments 5 --random-seed 4 --resume
refuse 3 'another;"fit" is' evaluate analysis.h5 events.h5 -o another $few --resume --systematics tes
sed '3s/events/evints/' whole/experiments.jsonl >another/experiments.jsonl
refuse 3 'another;line 3' evaluate analysis.h5 events.h5 -o another $few --resume
refuse 2 '--resume;--overwrite' evaluate analysis.h5 events.h5 -o whole $few --resume --overwrite
run 0 evaluate analysis.h5 events.h5 -o whole2 $few
run 0 evaluate analysis.h5 events.h5 -o whole2 $few --overwrite
same whole2 'overwritten'
# Sets of a longer run before are not left among those of a shorter one.
run 0 evaluate analysis.h5 events.h5 -o whole2 --num-of-sets 1 --num-pseudo-experiments 1 --overwrite
check 'the second set is gone' test ! -e whole2/result_1.json

# The official switches choose what is drawn.
run 0 evaluate analysis.h5 events.h5 -o tes --num-of-sets 1 --num-pseudo-experiments 2 --systematics-tes \
    --systematics-soft-met --max-failed 2
check 'tes is drawn' grep -q '"tes": true' tes/test_settings.json
check 'jes is not' grep -q '"jes": false' tes/test_settings.json
check 'jes stays nominal' grep -q '"jes": 1.0' tes/summary.json

# `score` finds what was written with the results.
run 0 score whole -o scored
behind='[1-9][0-9]* effective background events in the templates, [1-9][0-9]* in the pool; shared template error [0-9.]* sigma'
check 'score says what simulation is behind the coverage' grep -q "simulation: $behind" "$out"
check 'its page, too' grep -q "Behind them: $behind" scored/detailed_results.html
for file in scores.json detailed_results.html; do
    check "score: $file" cmp "whole/$file" "scored/$file"
done

# The official generator needs the official pool.
run 0 train events.h5 -o official.h5 --set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2 --split-rule official
for threads in 1 2; do
    run 0 evaluate official.h5 events.h5 -o official$threads $few --generator official --threads $threads
done
check 'official draws: the same with two threads' cmp official1/summary.json official2/summary.json
check 'they start from the official mus' grep -q '"ground_truth_mus": \[' official1/test_settings.json
"$PYTHON" - <<'END' || fail 'the true mus are not those of the official program'
import json, numpy
mus = json.load(open("official1/test_settings.json"))["ground_truth_mus"]
assert mus == list(numpy.random.RandomState(3).uniform(0.1, 3, 2)), mus
END
refuse 2 'official1;depend on how many' evaluate official.h5 events.h5 -o official1 --num-of-sets 2 \
    --num-pseudo-experiments 6 --random-seed 3 --generator official --resume
refuse 2 'official;30 %' evaluate analysis.h5 events.h5 -o x $few --generator official
refuse 2 'official;POOL' evaluate official.h5 -o x $few --generator official
refuse 2 '2^32' evaluate official.h5 events.h5 -o x --generator official --random-seed 4294967296
refuse 2 '--generator;numpy' evaluate analysis.h5 events.h5 -o x $few --generator numpy

# Fits that fail are results; too many of them are reported at the end.
cp -r whole failed
run 4 evaluate analysis.h5 events.h5 -o failed --overwrite --num-of-sets 1 --num-pseudo-experiments 3 --max-failed 0 \
    --fix tes=0.9 --fix jes=1.1 --fix soft_met=5 --interval profile --fix bkg_scale=0.99
check 'all failed: the record is there' test -e failed/experiments.jsonl
check 'results of before are not' test ! -e failed/summary.json -a ! -e failed/result_0.json -a ! -e failed/scores.json
finish
