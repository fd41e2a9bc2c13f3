#!/bin/sh
# `fit` on data with the derived columns of whoever made them: they are used, in every format, and it says so.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

run 0 simulate -o events.h5 --events 120000 --seed 5 -q
run 0 train events.h5 -o analysis.h5 --set trees=20 --bins 10 -q
for format in h5 csv parquet; do
    run 0 pseudo events.h5 --soft-met 3 --seed 3 -o "data.$format" -q
    run 0 fit analysis.h5 "data.$format" --json
    check "$format: the columns of the file" grep -q '"from": "file"' "$out"
    grep -E '^  "(mu_hat|p16|p84|events)"' "$out" >"fit.$format"
    check "$format: no warning" test ! -s "$err"
    check "$format: the same fit" cmp -s fit.h5 "fit.$format"
done
run 0 fit analysis.h5 data.h5
check 'the text names them' grep -q '^  derived columns those of the file, at most .* (DER_.*) from computed ones' "$out"

# Copied, with row numbers or without, they stay.
run 0 convert data.h5 copy.csv -q
check 'a copy has the same bytes' cmp -s data.csv copy.csv
run 0 convert data.csv copy.parquet --row-numbers -q
run 0 fit analysis.h5 copy.parquet --json
grep -E '^  "(mu_hat|p16|p84|events)"' "$out" >fit.copy
check 'a copy gives the same fit' cmp -s fit.h5 fit.copy

# Without one of them all are computed, from a MET that is rounded: a little different.
first=$(head -n 1 data.csv | tr , '\n' | grep -n '^DER_' | head -n 1 | cut -d: -f1)
cut -d, -f"$first" --complement data.csv >eleven.csv
run 0 fit analysis.h5 eleven.csv --json
check 'eleven columns: computed' grep -q '"from": "computed"' "$out"
grep -E '^  "(mu_hat|p16|p84|events)"' "$out" >fit.eleven
check 'the same events' test "$(grep events fit.h5)" = "$(grep events fit.eleven)"
check 'another fit' test "$(grep mu_hat fit.h5)" != "$(grep mu_hat fit.eleven)"

# Columns of other events are noticed.
mass=$(head -n 1 data.csv | tr , '\n' | grep -n '^DER_mass_vis$' | cut -d: -f1)
awk -F, -v OFS=, -v c="$mass" 'NR > 1 {own = $c; $c = NR > 2 ? last : own; last = own} {print}' data.csv >shifted.csv
run 0 fit analysis.h5 shifted.csv
check 'columns of other rows are warned of' grep -q 'a derived column is more than 1 % from .*DER_mass_vis' "$err"

# The mass of a collinear pair can be NaN in official data: what is no number is computed.
awk -F, -v OFS=, -v c="$mass" 'NR == 8 {$c = "nan"} NR == 9 {$c = ""} {print}' data.csv >nan.csv
run 0 fit analysis.h5 nan.csv
check 'what is no number is computed' grep -q '; computed for 2 values that are no numbers$' "$out"
awk -F, -v OFS=, -v c="$mass" 'NR == 8 {$c = "12x"} {print}' data.csv >bad.csv
refuse 3 "bad.csv: row 6, column DER_mass_vis: '12x' is not a number" fit analysis.h5 bad.csv
finish
