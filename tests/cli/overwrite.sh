#!/bin/sh
# The one rule for results that are there already: refused before any work, replaced with --overwrite, whole until then.
# shellcheck disable=SC2086 # lists of words everywhere
. "$(dirname "$0")/common.sh"

small='--set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 -q'
few='--num-of-sets 1 --num-pseudo-experiments 1 -q'
run 0 simulate -o events.h5 --events 20000 -q
run 0 train events.h5 -o analysis.h5 $small
run 0 pseudo events.h5 -o pseudo.h5 -q
cat >"$work/method.sh" <<'END_OF_METHOD'
while read -r file; do echo '{"mu_hat": 1, "delta_mu_hat": 1, "p16": 0, "p84": 3}'; done
END_OF_METHOD
method="sh $work/method.sh"
run 0 evaluate --method "$method" events.h5 -o results $few

# replaces FILE ARGUMENT...: FILE, which is there, is refused at once, with its name; with --overwrite it is replaced.
replaces() {
    path=$1
    shift
    printf 'precious\n' >"$path"
    refuse 3 "$path: is there already;--overwrite" "$@"
    run 0 "$@" --overwrite
    check "$path: is replaced: $*" [ "$(head -c 8 "$path" | tr -d '\0')" != precious ]
    rm "$path"
}

for extension in h5 csv parquet; do
    replaces old.$extension simulate -o old.$extension --events 100
    replaces old.$extension convert pseudo.h5 old.$extension
    rm -f old.$extension
    replaces old.$extension systematics events.h5 old.$extension
    replaces old.$extension pseudo events.h5 -o old.$extension
done
replaces old.json simulate -o new.csv --events 100 --write-metadata old.json
rm new.csv
replaces old.json convert events.h5 new.csv --write-metadata old.json
rm new.csv
replaces old.h5 train events.h5 -o old.h5 $small
replaces old.h5 measure analysis.h5 events.h5 -o old.h5 --bins 3 --degree 1 -q
replaces old.h5 scan events.h5 -o old.h5 --try eta=0.1 $small
replaces old.svg plot templates analysis.h5 -o old.svg
rm old.json
replaces old.svg plot scores analysis.h5 pseudo.h5 -o old.svg
rm old.json
replaces old.svg plot nll analysis.h5 pseudo.h5 -o old.svg --points 3
rm old.json
replaces old.svg plot coverage results -o old.svg
refuse 3 'old.json: is there already;--overwrite' plot templates analysis.h5 -o old.svg
run 0 plot templates analysis.h5 -o old.svg --overwrite
rm old.svg old.json
for name in scores.json detailed_results.html; do
    mkdir scored
    replaces scored/$name score results -o scored
    rm -r scored
done

# Folders.
refuse 3 'results/scores.json: is there already;--overwrite' score results
run 0 score results --overwrite
for command in evaluate merge leaderboard; do
    mkdir old
    printf 'precious\n' >old/summary.json
    case $command in
    evaluate) set -- evaluate --method "$method" events.h5 -o old $few ;;
    merge) set -- merge results -o old ;;
    *)
        rm old/summary.json
        run 0 leaderboard events.h5 --methods '' --method "M=$method" -o old $few
        set -- leaderboard events.h5 --methods '' --method "M=$method" -o old $few
        ;;
    esac
    refuse 3 'old;--overwrite' "$@"
    run 0 "$@" --overwrite
    rm -r old
done

# An input is never the output; what is no ordinary file is no earlier result.
refuse 2 'events.h5: is the input' convert events.h5 ./events.h5 --overwrite
refuse 2 'events.h5: is the input' train events.h5 -o events.h5 --overwrite
refuse 2 'pseudo.h5: is the input' convert pseudo.h5 new.csv --write-metadata pseudo.h5 --overwrite
ln -s events.h5 link.h5
refuse 3 'link.h5: cannot be written: it is not an ordinary file' simulate -o link.h5 --events 10 --overwrite
refuse 3 'link.h5: cannot be written: it is not an ordinary file' simulate -o link.h5 --events 10

printf '{"total_rows": 1}\n' >facts.json
refuse 2 'facts.json: is the input' train events.h5 -o facts.json --metadata facts.json --overwrite
refuse 2 'facts.json: is the input' convert events.h5 facts.csv --write-metadata facts.json --metadata facts.json --overwrite
check 'the input is as it was' grep -q total_rows facts.json

# Nor are the results of other methods replaced, or the one by the other of an evaluation and a leaderboard.
run 0 leaderboard events.h5 --methods '' --method "M=$method" -o board $few
refuse 3 'board: holds the results of an earlier run' leaderboard events.h5 --methods '' --method "N=$method" -o board $few
refuse 3 'board: holds the results of an earlier run' evaluate --method "$method" events.h5 -o board $few
refuse 3 'results: holds the results of an earlier run' leaderboard events.h5 --methods '' --method "N=$method" -o results $few
check 'no folder is left' [ ! -e board/N ]

# A configuration may say it; where nothing is written there is no such option.
printf 'simulate: {overwrite: true}\n' >always.yaml
run 0 simulate -o again.csv --events 10 --config always.yaml
run 0 simulate -o again.csv --events 20 --config always.yaml
check 'replaced as the configuration says' [ "$(wc -l <again.csv)" -eq 21 ]
refuse 2 '--overwrite: unknown option' info events.h5 --overwrite
refuse 2 '--overwrite: unknown option' fit analysis.h5 pseudo.h5 --overwrite

# Killed half-way, the old one is still there.
for extension in h5 csv parquet; do
    printf 'precious\n' >old.$extension
    "$FB" simulate -o old.$extension --events 1000000000 --overwrite -q >/dev/null 2>&1 &
    pid=$!
    tidy="kill -s KILL $pid"
    until_there "old.$extension.tmp$pid"
    kill -s KILL "$pid"
    wait "$pid" 2>/dev/null
    tidy=:
    check "old.$extension: stays when the run is killed" [ "$(cat old.$extension)" = precious ]
done
finish
