#!/bin/sh
# One run at a time writes into a folder of results: a second one is told so before it looks at or removes anything.
# shellcheck disable=SC2086 # a list of options everywhere
# shellcheck disable=SC2086 # a list of options everywhere
. "$(dirname "$0")/common.sh"

# Answers 1.125, 1.250, ... (or 2.125, ...) once the file $1 is there.
cat >"$work/method.sh" <<'END'
n=0
while read -r file; do
    while [ ! -e "$1" ]; do sleep 0.05; done
    n=$((n + 1))
    echo "{\"mu_hat\": $2.$((n * 125)), \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 3}"
done
END

few='--num-of-sets 1 --num-pseudo-experiments 4 --batch 1 --threads 1 -q'
slow="sh $work/method.sh $work/go"
quick="sh $work/method.sh $work"
# Light events, so that experiments have few of them and the test is quick.
run 0 simulate -o all.csv --events 2000
awk -F, -v OFS=, 'NR == 1 { for (k = 1; k <= NF; k++) if ($k == "weights") w = k } NR > 1 { $w *= 0.002 } 1' all.csv \
    >events.csv
run 0 evaluate --method "$quick 3" events.csv -o whole $few
run 0 evaluate --method "$quick 3" events.csv -o shard1 $few --shard 1/2
run 0 evaluate --method "$quick 3" events.csv -o shard2 $few --shard 2/2
check 'no lock is left' test -z "$(find . -name run.lock)"

# While one runs, in a new folder and in one with results.
cp -r whole old
for folder in new old; do
    rm -f "$work/go"
    "$FB" evaluate --method "$slow 1" events.csv -o $folder $few --overwrite >"$work/log/first" 2>&1 &
    first=$!
    until_there $folder/run.lock
    until_there $folder/experiments.part.jsonl
    who="$folder: another run;process $first on "
    for use in '' --overwrite --resume; do
        refuse 3 "$who" evaluate --method "$quick 2" events.csv -o $folder $few $use
    done
    refuse 3 "$who" merge shard1 shard2 -o $folder --overwrite
    refuse 3 "$who" score $folder
    refuse 3 "$who" score whole -o $folder
    refuse 3 "$who" leaderboard events.csv --methods '' --method "$quick 2" -o $folder $few --overwrite
    touch "$work/go"
    wait $first
    check "$folder: the first run ends well" test $? -eq 0
    check "$folder: with its own results" grep -q '^    1.125,' $folder/result_0.json
    check "$folder: all of them" grep -q '^    1.5$' $folder/result_0.json
    check "$folder: nothing more" test -z "$(find $folder -name '*.lock' -o -name '*.part.jsonl' -o -name '*.tmp*')"
    run 0 score $folder --overwrite
done

# A leaderboard has its folder and those of its methods.
rm -f "$work/go"
"$FB" leaderboard events.csv --methods '' --method "$slow 1" -o board $few >"$work/log/first" 2>&1 &
first=$!
until_there board/command-1/experiments.part.jsonl
for use in '' --overwrite --resume; do
    refuse 3 "board: another run;process $first on " \
        leaderboard events.csv --methods '' --method "$quick 2" -o board $few $use
    refuse 3 "board/command-1: another run;process $first on " \
        evaluate --method "$quick 2" events.csv -o board/command-1 $few $use
done
refuse 3 'board: another run' score whole -o board
touch "$work/go"
wait $first
check 'the leaderboard ends well' test $? -eq 0
check 'with its own results' grep -q '^    1.125,' board/command-1/result_0.json
check 'no lock is left in it' test -z "$(find board -name run.lock)"

# A run that was killed keeps nobody out.
rm -f "$work/go"
"$FB" evaluate --method "$slow 1" events.csv -o killed $few >"$work/log/first" 2>&1 &
first=$!
until_there killed/experiments.part.jsonl
kill -9 $first
wait $first 2>/dev/null
touch "$work/go"
check 'its lock file stays' test -e killed/run.lock
run 0 evaluate --method "$slow 1" events.csv -o killed $few --resume
check 'and goes with the next run' test ! -e killed/run.lock

# What fails at once leaves no folder.
refuse 3 'nowhere.h5' evaluate --method "$quick 2" nowhere.h5 -o x $few
refuse 3 'nowhere.h5' evaluate nowhere.h5 -o x $few
refuse 3 'nowhere' merge nowhere -o x
refuse 3 'nowhere' score nowhere -o x
refuse 3 'nowhere' score nowhere
finish
