#!/bin/sh
# --config: what it sets, what it refuses and in which line, and that the effective configuration gives the same result.
# shellcheck disable=SC2086 # lists of options
. "$(dirname "$0")/common.sh"
need_python numpy
methods=$here/../../baseline/methods

# file TEXT: the configuration to use next.
file() {
    printf '%b' "$1" >config.yaml
}

small='--set trees=12 --set depth=3 --bins 8 --share 0.3 --degree 2'
run 0 simulate -o events.h5 --events 25000 --seed 5
run 0 train events.h5 -o plain.h5 $small

# The same settings from a file, from two files, with the command line on top.
file 'train:\n  set: [trees=12, depth=3]\n  bins: 8\n  share: 0.3\n  degree: 2\nfit: {systematics: tes}\n'
run 0 train events.h5 -o from_file.h5 --config config.yaml
check 'a file says what the command line says' cmp plain.h5 from_file.h5
sed 's/bins: 8/bins: 5/' config.yaml >first.yaml
printf 'train:\n  bins: 8\n' >second.yaml
run 0 train events.h5 -o from_two.h5 --config first.yaml --config second.yaml
check 'a later file overrides' cmp plain.h5 from_two.h5
run 0 train --bins 8 events.h5 --config first.yaml -o overridden.h5
check 'the command line overrides, wherever it stands' cmp plain.h5 overridden.h5
file 'train:\n  set:\n    - trees=12\n  bins: 8\n  share: 0.3\n  degree: "2"\n'
run 0 train events.h5 -o appended.h5 --config config.yaml --set depth=3
check 'lists are appended to' cmp plain.h5 appended.h5
file 'train: {output: named.h5, bins: 8, share: 3.0e-1, degree: 2, set: [trees=12, depth=3], threads: 1, quiet: true}\n'
run 0 train events.h5 --config config.yaml
check 'common options and outputs, too' cmp plain.h5 named.h5
for empty in '' '# nothing\n' 'measure: {bins: 3}\n' 'train: {}\n'; do
    file "$empty"
    run 0 train events.h5 -o same.h5 --config config.yaml $small --overwrite
    check 'what has no section for the command changes nothing' cmp plain.h5 same.h5
done

# The analysis knows its configuration: train, measure and scan read and write it alike.
run 0 info plain.h5 --json
"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["configuration"], end="")' <"$out" >recorded.yaml
check 'what was given is recorded' grep -q 'set: \[trees=12, depth=3\]' recorded.yaml
check 'and what was not' grep -q '^  split-seed: 1$' recorded.yaml
check 'but not how it was done' sh -c '! grep -q -e threads -e output -e quiet recorded.yaml'
run 0 train events.h5 -o again.h5 --config recorded.yaml
check 'the record makes the analysis again' cmp plain.h5 again.h5
run 0 measure plain.h5 events.h5 -o ten.h5 --bins 10 --share 0.3 --degree 2
run 0 info ten.h5 --json
"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["configuration"], end="")' <"$out" >ten.yaml
check 'measuring again is recorded' grep -q '^  bins: 10$' ten.yaml
run 0 train events.h5 -o ten_again.h5 --config ten.yaml
check 'as a training' cmp ten.h5 ten_again.h5

# Evaluations leave theirs beside the results.
few='--num-of-sets 2 --num-pseudo-experiments 3 --max-failed 10'
run 0 evaluate plain.h5 events.h5 -o whole $few --random-seed 3 --fix jes=1.001 --interval profile
run 0 evaluate plain.h5 events.h5 -o again --config whole/config.yaml --threads 1 --batch 2
for name in config.yaml experiments.jsonl result_0.json result_1.json test_settings.json scores.json summary.json; do
    check "evaluated again: $name" cmp "whole/$name" "again/$name"
done
check 'the seed is there once' test "$(grep -c '^  \(random-\)*seed: ' whole/config.yaml)" -eq 1
for k in 1 2; do
    run 0 evaluate plain.h5 events.h5 -o shard$k --config whole/config.yaml --shard $k/2
done
run 0 merge shard1 shard2 -o merged
check 'shards leave the same' cmp whole/config.yaml merged/config.yaml
run 0 evaluate plain.h5 events.h5 -o cut $few --random-seed 3 --config "$methods/tes-only.yaml"
check "'evaluate' fits as the section 'fit' says" grep -q '^  systematics: tes$' cut/config.yaml
file 'fit: {systematics: tes, fix: [mu=1], threads: 1}\nevaluate: {systematics: none, num_of_sets: 1, max-failed: 9}\n'
run 2 evaluate plain.h5 events.h5 -o x --config config.yaml
check 'with all that it says' grep -q 'fix mu' "$err"
file 'fit: &chosen {systematics: tes, fix: [jes=1.01]}\nevaluate: *chosen\n'
run 0 evaluate plain.h5 events.h5 -o anchored --config config.yaml $few
check 'anchors are understood' grep -q '^  systematics: tes$' anchored/config.yaml

# Whatever is printed or written as JSON says how it was made, so that --config makes it again.
# recorded FILE.json: its configuration, which becomes recorded.yaml.
recorded() {
    "$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[1]))["configuration"], end="")' "$1" >recorded.yaml ||
        fail "$1 holds no configuration"
}
# twice NAME COMMAND [ARGUMENT...] -- [OPTION...]: what the command prints with the options and --json, it prints again with the
# configuration in it instead of the options.
twice() {
    name=$1
    shift
    given=
    while [ "$1" != -- ]; do
        given="$given $1"
        shift
    done
    shift
    run 0 $given --json "$@"
    cp "$out" "$name.json"
    recorded "$name.json"
    case $given in *' -o '* | *systematics*) given="$given --overwrite" ;; esac
    run 0 $given --json --config recorded.yaml
    check "$name again" cmp "$out" "$name.json"
}
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.3 --seed 4 --split 0.3,0.1,0.2,0.4 -q
run 0 train events.h5 -o other.h5 $small --split 0.3,0.1,0.2,0.4
twice fit fit other.h5 pseudo.h5 -- --systematics tes,jes --fix jes=1.001 --interval profile
check 'what was given is recorded' grep -q '^  fix: \[jes=1.001\]$' recorded.yaml
check 'and what was not' grep -q '^  priors: official$' recorded.yaml
check 'as a fit' grep -qx 'fit:' recorded.yaml
twice usual fit other.h5 pseudo.h5 --
check 'another fit' sh -c '! cmp -s usual.json fit.json'
twice templates plot templates other.h5 -o templates.svg -- --parameter jes --bins 0,2 --title 'a: "b"'
check 'in a section of its own' grep -qx 'plot-templates:' recorded.yaml
twice scores plot scores other.h5 pseudo.h5 -o scores.svg -- --fit --density --systematics none
twice nll plot nll other.h5 pseudo.h5 -o nll.svg -- --points 5 --mu-high 3.25 --interval hessian
check 'what has no value is not' sh -c '! grep -q mu-low recorded.yaml'
check 'beside the picture, too' cmp nll.json "$out"
twice coverage plot coverage whole -o coverage.svg --
twice score score whole -o scored -- --formula white-paper --bootstrap 7
twice pseudo pseudo events.h5 -o pseudo2.h5 -- --mu 1.3 --seed 4 --split 0.3,0.1,0.2,0.4
check 'the same experiment' cmp pseudo.h5 pseudo2.h5
run 0 info pseudo2.h5
check 'which keeps the truth to itself' grep -qx '  made by  pseudo seed=4' "$out"
twice systematics systematics events.h5 biased.h5 -- --tes 1.0123456789012 --generator streams --no-selection
run 0 info biased.h5
check 'all digits are in the file' grep -q 'tes=1.0123456789012 .* noise=streams/.* no-selection$' "$out"
run 0 scan events.h5 --try trees=3,4 --set depth=2 --bins 3 --degree 1 -o best.h5 --json
"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[0]["configuration"], end="")' <"$out" >trial.yaml
run 0 train events.h5 -o single.h5 --config trial.yaml
check 'a trial is a training' cmp best.h5 single.h5

# wrong STATUS WORDS TEXT
wrong() {
    file "$3"
    refuse "$1" "config.yaml;$2" train events.h5 -o x.h5 --config config.yaml
}
wrong 2 "line 3, column 3;'bin' is no key of train;train-rows" 'train:\n  model: bdt\n  bin: 3\n'
wrong 2 "line 2, column 1;'trein' is no section;train, measure" 'fit: {}\ntrein: {bins: 3}\n'
wrong 2 "line 1, column 1;'plot';plot-nll" 'plot: {title: x}\n'
wrong 2 "line 2, column 9;--bins;'many';from 1 to 1024" 'train:\n  bins: many\n'
wrong 2 "line 3, column 9;--bins;'1025';from 1 to 1024" 'train:\n  model: bdt\n  bins: 1025\n'
wrong 2 "line 2, column 14;--drop-bins;'-1'" 'train:\n  drop_bins: -1\n'
wrong 2 "line 2, column 9;--bins;'1.5'" 'train:\n  bins: 1.5\n'
wrong 2 "line 2, column 9;--bins;'0x8'" 'train:\n  bins: 0x8\n'
wrong 2 "line 2, column 10;--share;'.nan'" 'train:\n  share: .nan\n'
wrong 2 "line 2, column 10;--share;'0.5 of it'" 'train:\n  share: 0.5 of it\n'
wrong 2 "line 2, column 9;--json;'maybe';true or false" 'train:\n  json: maybe\n'
wrong 2 "line 2, column 8;'set' is a list" 'train:\n  set: trees=3\n'
wrong 2 "line 2, column 9;'bins' takes single values" 'train:\n  bins: [3]\n'
wrong 2 "line 2, column 10;'model' takes single values" 'train:\n  model: {bdt: 3}\n'
wrong 2 "line 1, column 8;'train' is a section" 'train: bdt\n'
wrong 2 "line 1, column 8;'train' is a section" 'train: [bdt]\n'
wrong 2 "line 2, column 3;'config' is no key" 'train:\n  config: [other.yaml]\n'
wrong 2 "line 1, column 9;'help' is no key" 'train: {help: true}\n'
wrong 3 'line 3;without a value' 'train:\n  bins: 3\n  model:\n'
wrong 3 'line 1;without a value' 'train:\n'
wrong 3 "line 4;'drop_bins' is given twice;line 2" 'train:\n  drop-bins: 3\n  bins: 9\n  drop_bins: 4\n'
wrong 3 "line 3;'train' is given twice;line 1" 'train: {bins: 3}\nfit: {}\ntrain: {bins: 3}\n'
wrong 3 'line 3;a second document' 'train: {bins: 3}\n---\nfit: {}\n'
wrong 3 'line 1;expected sections' '- train\n'
wrong 3 'line 3;not YAML' 'train:\n  model: bdt\n\tbins: 3\n'
wrong 3 'line 3;not YAML' 'train:\n  model: "bdt\n'
wrong 3 'line 2, column 9;undefined alias' 'train:\n  bins: *bins\n'
wrong 3 'line 2, column 3;a key must be a word' 'train: {}\n? [a]\n: b\n'
wrong 3 'line 2, column 10;zero byte' 'train:\n  model: "a\\0b"\n'
wrong 3 'line 2;too deep' 'train:\n  set: [trees=3, [depth=2]]\n'
wrong 3 'too deep' 'fit: &a [*a]\n'
wrong 3 'not YAML' 'train: \0377\n'
refuse 3 'nowhere.yaml;No such file' train events.h5 -o x.h5 --config nowhere.yaml
refuse 3 "cannot be read" train events.h5 -o x.h5 --config .
refuse 3 'events.h5;not a configuration' train events.h5 -o x.h5 --config events.h5
{ printf 'train: {set: ['; seq -f 'x%.0f=1,' 65; printf ']}\n'; } >config.yaml
refuse 2 'config.yaml: line 65, column 1: --set: more than 64 values' train events.h5 -o x.h5 --config config.yaml
# Aliases of aliases: few bytes, very many values.
awk 'BEGIN { printf "fit: &a ["; for (i = 0; i < 9000; i++) printf "1,"; print "1]";
             printf "measure: {a: *a, b: *a, c: *a}\n" }' >config.yaml
refuse 3 'more than 4096 values' train events.h5 -o x.h5 --config config.yaml
# Lists in lists, 64 KiB of them: libyaml alone takes seconds to see that they do not end.
awk 'BEGIN { for (i = 0; i < 65536; i++) printf "[" }' >config.yaml
# shellcheck disable=SC2016 # for the inner shell
check 'and ends at once' timeout 60 sh -c '! "$1" fit a b --config config.yaml 2>/dev/null' sh "$FB"
refuse 3 'config.yaml: line 1, column 5: too deep' train events.h5 -o x.h5 --config config.yaml
# What a text must be to be recorded.
refuse 2 '--method: its text is not UTF-8' evaluate --method "$(printf 'cat \377')" events.h5 -o x

# The named methods.
for method in bdt net one-bin histogram-10 tes-only stat-only systematics-aware kit hardened; do
    case $method in net | hardened) quick='--set epochs=1' ;; *) quick='--set trees=12 --set depth=3' ;; esac
    run 0 train events.h5 -o $method.h5 --config "$methods/$method.yaml" $quick --share 0.3 -q
    check "$method says what it is" grep -q '^# [A-Z]' "$methods/$method.yaml"
done
check 'no method is forgotten' test "$(find "$methods" -name '*.yaml' | wc -l)" -eq 9
run 0 info net.h5 --json
check 'net is a net' grep -q '"model": "dense"' "$out"
run 0 info hardened.h5 --json
check 'hardened has 50 bins' test "$(grep -c '"low"' "$out")" -eq 50
run 0 info one-bin.h5 --json
check 'one-bin has one bin' test "$(grep -c '"low"' "$out")" -eq 1
run 0 info histogram-10.h5 --json
check 'histogram-10 has ten' test "$(grep -c '"low"' "$out")" -eq 10
run 0 info systematics-aware.h5 --json
check 'systematics-aware is conditioned' grep -q '"soft_met": 0.0' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7 -q --overwrite
run 0 fit plain.h5 pseudo.h5 --config "$methods/stat-only.yaml"
check 'stat-only holds all' test "$(grep -c held "$out")" -eq 6
run 0 fit plain.h5 pseudo.h5 --config "$methods/tes-only.yaml"
check 'tes-only holds five' test "$(grep -c held "$out")" -eq 5
"$FB" fit kit.h5 pseudo.h5 --config "$methods/kit.yaml" --json >"$out" 2>"$err"
check 'kit has one start' grep -q '"starts": 1' "$out"
"$PYTHON" - "$out" <<'END' || fail 'the kit reports two sigma'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["mu_hat"] is None or abs(r["delta_mu_hat"] / (r["p84"] - r["mu_hat"]) - 2) < 1e-9, r
END

# Damaged files end with an error or are understood; nothing crashes or hangs.
"$PYTHON" - recorded.yaml whole/config.yaml "$methods/kit.yaml" "$methods/systematics-aware.yaml" <<'END'
import os, random, sys
random.seed(1)
os.mkdir("damaged")
pieces = [b"*a", b"&a ", b"{", b"}", b"[", b"]", b": ", b"- ", b"\t", b"\"", b"'", b"\n", b"\0", b"\xff", b"|", b">", b"? ",
          b"!!int ", b"---\n", b"%YAML 9.9\n", b"<<: ", b"#", b"~", b"\xef\xbb\xbf", b"train:\n", b"fit: "]
texts = [open(path, "rb").read() for path in sys.argv[1:]]
for n in range(300):
    text = bytearray(random.choice(texts))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(text) + 1)
        what = random.randrange(4)
        if what == 0:
            text[at:at] = random.choice(pieces)
        elif what == 1:
            del text[at:at + random.randint(1, 12)]
        elif what == 2 and at < len(text):
            text[at] = random.randrange(256)
        else:
            text[at:at] = text[random.randrange(len(text)):][:random.randint(1, 40)]
    open("damaged/%d.yaml" % n, "wb").write(text)
END
accepted=0
for k in $(seq 0 299); do
    command=train
    [ $((k % 2)) -eq 0 ] || command=fit
    "$FB" $command nowhere.h5 nowhere.h5 --config "damaged/$k.yaml" >/dev/null 2>"$err"
    status=$?
    checks=$((checks + 1))
    case $status in 2 | 3) ;; *) fail "damaged/$k.yaml: exit code $status"; show; od -c "damaged/$k.yaml" ;; esac
    [ "$(wc -l <"$err")" -eq 1 ] || fail "damaged/$k.yaml: not one line of error"
    grep -q "damaged/$k.yaml" "$err" || accepted=$((accepted + 1))
done
check 'some damage is harmless, most is not' test $accepted -gt 10 -a $accepted -lt 270
finish
