#!/bin/sh
# --write-metadata: rows and sums of weights beside events, as --metadata and the official kit read them.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

run 0 simulate -o few.csv --events 1000 --seed 2 -q
head -n 1 few.csv >empty.csv
printf 'PRI_lep_pt,PRI_met\n1,2\n' >bad.csv
run 0 convert few.csv few.parquet --write-metadata few.json
check 'rows' grep -q '^  "total_rows": 1000,$' few.json
check 'weights' grep -Eq '^  "sum_weights": 105138[45][.][0-9]*,$' few.json
check 'processes' grep -q '^  "htautau": {$' few.json
run 0 convert few.parquet copy.h5 --metadata few.json
run 0 simulate -o few2.parquet --events 1000 --seed 2 --write-metadata few2.json
check 'by simulate, too' cmp few.json few2.json
run 0 simulate -o more.h5 --events 1001 --seed 2 -q
refuse 3 'more.h5;has 1001 rows;few.json says 1000' convert more.h5 copy2.h5 --metadata few.json
run 0 convert few.csv few.csv.h5 --metadata few.json --write-metadata few3.json
check 'both at once' cmp few.json few3.json
cut -d, -f1-17 few.csv >weighted.csv # without the process
run 0 convert weighted.csv weighted.parquet --write-metadata weighted.json
check 'no process is invented' [ "$(grep -c tautau weighted.json)" -eq 0 ]
run 0 convert weighted.parquet copy3.h5 --metadata weighted.json
run 0 convert empty.csv empty.parquet --write-metadata empty.json
check 'no rows' grep -q '"total_rows": 0,' empty.json
cut -d, -f1-16 few.csv >bare.csv
refuse 3 'bare.csv;no column weights;--write-metadata' convert bare.csv new.parquet --write-metadata new.json
refuse 2 'new.parquet;is the file of the events' convert few.csv ./new.parquet --write-metadata new.parquet
refuse 2 'few.csv;is the input' convert few.csv new.parquet --write-metadata ./few.csv
refuse 2 'few.json;is the input' convert few.csv new.parquet --metadata few.json --write-metadata few.json --overwrite
refuse 3 nowhere/new.json convert few.csv new.parquet --write-metadata nowhere/new.json
refuse 3 bad.csv convert bad.csv new.parquet --write-metadata new.json
sed '5s/,/x,/' few.csv >late.csv
refuse 3 'late.csv;row 3' convert late.csv few.parquet --write-metadata few.json --overwrite
finish
