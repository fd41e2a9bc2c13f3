#!/bin/sh
# validate: good files pass, and each kind of bad or odd one is distinguished; the warnings of train and pseudo about the
# same files.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python json

# says WORDS: $out has each of WORDS (separated by ';').
says() {
    old_ifs=$IFS
    IFS=';'
    for word in $1; do
        checks=$((checks + 1))
        grep -qF -e "$word" "$out" || { fail "stdout does not say '$word'"; show; }
    done
    IFS=$old_ifs
}

# found LINE: the table has this line, blanks apart.
found() {
    checks=$((checks + 1))
    sed 's/  */ /g' "$out" | grep -qF -e "$1" || { fail "no line '$1'"; sed 's/^/    out: /' "$out"; }
}

run 0 simulate -o good.h5 --events 6000 -q
run 0 convert good.h5 good.csv -q

# --- good files ----------------------------------------------------------------------------------------------------------
for file in good.h5 good.csv; do
    run 0 validate $file
    says "$file: 6000 events;usable: 0 errors, 0 warnings"
    checksum=$(sed -n 's/ *checksum *//p' "$out")
    check 'nothing on stderr' [ ! -s "$err" ]
    run 0 info $file
    check 'the checksum is that of info' [ "$(sed -n 's/ *checksum *//p' "$out")" = "$checksum" ]
done
run 0 validate good.csv
says 'raw, to judge by the values'
run 0 systematics good.h5 observed.csv --tes 1.02 --jes 0.95 --soft-met 2
run 0 validate observed.csv
says 'observed, to judge by the values;usable: 0 errors, 0 warnings'
run 0 pseudo good.h5 -o pseudo.h5 -q
run 0 validate pseudo.h5
says 'observed;not for training;usable: 0 errors, 0 warnings'
found ' duplicates note '
if [ -r "${FB_REAL_SAMPLE:-}" ]; then
    run 0 validate "$FB_REAL_SAMPLE"
    says 'usable: 0 errors, 0 warnings'
    run 0 convert "$FB_REAL_SAMPLE" sample.h5
    run 0 train sample.h5 -o sample_analysis.h5 --split 1,1,1,1 --set trees=3 --set depth=2 --bins 2 --degree 1
    check 'its weights are fine' [ "$(grep -c 'unequal' "$err")" -eq 0 ]
fi

# --- JSON ----------------------------------------------------------------------------------------------------------------
cat >report.py <<'END'
import json
import sys

report = json.load(open(sys.argv[1]))
assert report["rows"] == 6000 and report["usable"] is True and report["stage"] == "raw", report
assert report["errors"] == report["warnings"] == 0 and report["checksum"].startswith("xxh128:")
assert report["reading_stopped"] is None
families = {c["family"] for c in report["checks"]}
assert families == {"ranges", "undefined", "jets", "duplicates", "yields", "weights", "order"}, families
assert {c["severity"] for c in report["checks"]} == {"ok"}
assert len(report["checks"]) > 60
signal = report["processes"]["htautau"]
n = signal["rows"]
assert 1700 < n < 1900 and abs(signal["sum_of_weights"] - 1015) < 0.1 and signal["distinct_weights"] == 1
assert abs(signal["effective"] - n) < 1e-3 and abs(signal["share_of_rows_with_half_of_the_weight"] - 0.5) < 1e-9
assert abs(signal["first_30_percent"]["rows"] + signal["rest"]["rows"] - n) < 1e-6
assert 0 < report["runs"]["shuffled"] < 6000
END
run 0 validate good.h5 --json
check 'the JSON is as described' "$PYTHON" report.py "$out"

# --- bad values ----------------------------------------------------------------------------------------------------------
header=$(head -n 1 good.csv)
# spoil COLUMN VALUE: bad.csv is good.csv with VALUE in row 250 (line 252) of that column.
spoil() {
    awk -F, -v OFS=, -v k="$(echo "$header" | tr ',' '\n' | grep -nx "$1" | cut -d: -f1)" -v v="$2" \
        'NR == 252 {$k = v} {print}' good.csv >bad.csv
}
spoil PRI_lep_eta -9
run 0 validate bad.csv
found ' ranges warning 1 250 -9 PRI_lep_eta: '
says 'usable: 0 errors, 1 warning'
spoil PRI_met -3
run 3 validate bad.csv
found ' ranges error 1 250 -3 PRI_met: '
says 'not usable: 1 error, 0 warnings'
check 'the error is on stderr, too' grep -q 'error: bad.csv: not usable: PRI_met' "$err"
check 'in one line' [ "$(wc -l <"$err")" -eq 1 ]
spoil PRI_met -25
run 3 validate bad.csv
found ' undefined error 1 250 -25 PRI_met: '
# What the reader refuses is the reason, with what was read before: blocks of 65536 rows.
for value in nan -999; do
    spoil PRI_met_phi $value
    run 3 validate bad.csv
    found ' reading error - - - bad.csv: row 250, column PRI_met_phi: '
    says 'not usable: 1 error, 0 warnings'
    check 'the reason is on stderr, too' grep -q 'row 250, column PRI_met_phi' "$err"
    run 3 validate bad.csv --json
    check 'and in the JSON' grep -q '"reading_stopped": "bad.csv: row 250' "$out"
done
refuse 3 'none.h5' validate none.h5
printf '%s\n' "$header" >empty.csv
run 3 validate empty.csv
says 'no events'
awk 'NR > 1 && NR < 12 {print} {print}' good.csv >twice.csv
run 0 validate twice.csv
found ' duplicates warning 10 '

# --- a file like the public one: a part in blocks with heavy weights, then a shuffled one -----------------------------------
head -n 1 good.csv >public.csv
process=$(echo "$header" | tr ',' '\n' | grep -nx detailed_labels | cut -d: -f1)
weights=$(echo "$header" | tr ',' '\n' | grep -nx weights | cut -d: -f1)
for name in ztautau diboson ttbar htautau; do
    awk -F, -v OFS=, -v p="$process" -v w="$weights" -v name=$name '
        NR > 1 && NR < 1702 && $p == name {
            n++
            if (name != "htautau") {
                print
            } else if (n % 25 == 0) {
                $w = 25.37
                print
            }
        }' good.csv
done >>public.csv
awk -F, -v OFS=, -v p="$process" -v w="$weights" 'NR > 1701 {if ($p == "htautau") $w = 0.393; print}' good.csv >>public.csv
run 0 validate public.csv
found ' order note '
says 'blocks by process;--split-rule official keeps them in the pool'
check 'one warning' grep -q 'usable: 0 errors, 1 warning$' "$out"
options='--set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2'
# shellcheck disable=SC2086 # several options
run 0 train public.csv -o new.h5 $options --overwrite
check 'the weights get their warning' [ "$(grep -c 'weights of htautau.*--split-rule official' "$err")" -eq 1 ]
# shellcheck disable=SC2086
run 0 train public.csv -o new.h5 $options --split-rule official --overwrite
check 'the advice helps' [ "$(grep -c 'unequal' "$err")" -eq 0 ]
# shellcheck disable=SC2086
run 0 train good.h5 -o new.h5 $options --overwrite
check 'good files get none' [ "$(grep -c -e unequal -e 'warning: no ' "$err")" -eq 0 ]

# --- all of a process at the end ---------------------------------------------------------------------------------------------
head -n 1 good.csv >sorted.csv
for name in ztautau diboson ttbar htautau; do
    awk -F, -v p="$process" -v name=$name 'NR > 1 && $p == name' good.csv
done >>sorted.csv
run 0 validate sorted.csv
says 'htautau: no such events in the first 30 % of the rows: --split-rule official would leave the pool without'
# shellcheck disable=SC2086
run 0 train sorted.csv -o new.h5 $options --split-rule official --overwrite
check 'train warns of the pool' [ "$(grep -c 'no htautau in the pool.*first 30 %.*use hash' "$err")" -eq 1 ]
run 0 pseudo sorted.csv -o new.h5 --split-rule official --overwrite
check 'pseudo warns of the pool' [ "$(grep -c 'no htautau in the pool.*first 30 %.*use hash' "$err")" -eq 1 ]
run 0 pseudo sorted.csv -o new.h5 --overwrite
check 'the hash needs no warning' [ "$(grep -c 'no htautau' "$err")" -eq 0 ]
(head -n 1 sorted.csv; sed 1d sorted.csv | tac) >reversed.csv
awk -F, -v p="$process" 'NR == 1 || $p == "htautau"' reversed.csv | head -n 1500 >first.csv
awk -F, -v p="$process" 'NR > 1 && $p != "htautau"' reversed.csv >>first.csv
run 3 train first.csv -o new.h5 --split-rule official --overwrite
check 'train warns of the rest' [ "$(grep -c 'no htautau among the train and holdout.*first 30 %' "$err")" -eq 1 ]
# --- metadata ----------------------------------------------------------------------------------------------------------
rows=$(($(wc -l <good.csv) - 1))
echo "{\"total_rows\": $rows}" >agrees.json
echo "{\"total_rows\": $((rows + 1))}" >disagrees.json
run 0 validate good.csv --metadata agrees.json
says 'rows and sums of weights agree'
run 3 validate good.csv --metadata disagrees.json
says 'not usable: 1 error'
check 'both numbers are named' [ "$(grep -c "$rows rows.*says $((rows + 1))" "$err")" -eq 1 ]
run 3 validate good.csv --metadata disagrees.json --json
check 'and in JSON' [ "$(grep -c '"metadata_disagrees": "good.csv' "$out")" -eq 1 ]
finish
