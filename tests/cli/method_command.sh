#!/bin/sh
# Commands as methods: their names, what happens when they fail from the start, and the number of threads.
. "$(dirname "$0")/common.sh"
run 0 simulate -o events.h5 --events 20000 -q

# --- names -----------------------------------------------------------------------------------------------------------
cat >constant.sh <<'M'
while read -r path; do echo '{"mu_hat": 1, "delta_mu_hat": 1, "p16": 0.5, "p84": 1.5}'; done
M
few='--num-of-sets 1 --num-pseudo-experiments 1'
# shellcheck disable=SC2086 # words
run 0 leaderboard events.h5 -o board --methods '' --method my-constant='sh constant.sh' \
    --method 'env WIDE=1 sh constant.sh' $few
check 'as it was called' grep -q '^| my-constant ' "$out"
check 'by its place' grep -q '^| command-2 ' "$out"
check 'its folder' [ -f board/my-constant/result_0.json ]
check 'the same results' cmp board/my-constant/result_0.json board/command-2/result_0.json
# shellcheck disable=SC2086
run 0 evaluate --method my-constant='sh constant.sh' events.h5 -o alone --seed 31415 $few
check 'one alone' cmp alone/result_0.json board/my-constant/result_0.json
refuse 2 "--method ..=sh;'..' is no name of a method" leaderboard events.h5 -o bad --methods '' --method ..='sh constant.sh'
refuse 2 "'a/b' is no name of a method: 1 to 63 letters" evaluate --method a/b='sh constant.sh' events.h5 -o bad
refuse 2 "'' is no name of a method" evaluate --method ='sh constant.sh' events.h5 -o bad
refuse 2 'leaderboard.json' leaderboard events.h5 -o bad --methods '' --method leaderboard.json='sh constant.sh'
refuse 2 '--method: is empty' evaluate --method 'mine= ' events.h5 -o bad
check 'nothing is made' [ ! -e bad ]

# --- failures from the start -----------------------------------------------------------------------------------------
cat >fails.sh <<'M'
while read -r path; do
    echo x >>asked.txt
    if [ -e good.txt ]; then mu=1; else mu=null; fi
    echo "{\"mu_hat\": $mu, \"delta_mu_hat\": 1, \"p16\": 0.5, \"p84\": 1.5}"
done
M
six='--num-of-sets 1 --num-pseudo-experiments 6'
# shellcheck disable=SC2086
run 4 evaluate --method 'sh fails.sh' events.h5 -o failing $six
check 'the error says so' grep -q 'the first 5 experiments of method .* all failed.*--max-failed' "$err"
check 'five and no more' [ "$(wc -l <asked.txt)" -eq 5 ]
touch good.txt
# shellcheck disable=SC2086
run 0 evaluate --method 'sh fails.sh' events.h5 -o failing $six --resume --max-failed 5
check 'it went on from there' [ "$(wc -l <asked.txt)" -eq 6 ]
rm good.txt asked.txt
# shellcheck disable=SC2086
run 4 evaluate --method 'sh fails.sh' events.h5 -o allowed $six --max-failed 6
check 'all of them' [ "$(wc -l <asked.txt)" -eq 6 ]
# shellcheck disable=SC2086
run 4 leaderboard events.h5 -o failing2 --methods '' --method bad='sh fails.sh' $six
check 'which method' grep -q 'method bad all failed.*--keep-failing' "$err"
# shellcheck disable=SC2086
run 0 leaderboard events.h5 -o failing2 --methods '' --method bad='sh fails.sh' $six --keep-failing --resume
check 'failures are in the table' grep -q '^| bad .*6 of 6' "$out"
finish
