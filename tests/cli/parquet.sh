#!/bin/sh
# Parquet files are written by every command that writes events, and hold what the other formats hold.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# --- the same events in any format, also where a file has two row groups
run 0 simulate -o raw.h5 --events 150000 --seed 5
run 0 simulate -o raw.parquet --events 150000 --seed 5 --threads 1
run 0 simulate -o again.parquet --events 150000 --seed 5 --threads 3
check 'the same bytes for any number of threads' cmp raw.parquet again.parquet
run 0 convert raw.parquet back.h5
check 'nothing is lost: the same file' cmp raw.h5 back.h5
run 0 convert raw.h5 back.parquet
check 'whatever it was made from' cmp raw.parquet back.parquet
check 'and smaller than HDF5' [ "$(wc -c <raw.parquet)" -lt "$(wc -c <raw.h5)" ]
run 0 info raw.parquet
check 'they are raw' grep -q 'stage  *raw' "$out"
run 0 validate raw.parquet

# Few events with small weights are enough for the rest.
run 0 simulate -o all.csv --events 20000 --seed 6 -q
awk -F, -v OFS=, 'NR > 1 {$17 /= 50} {print}' all.csv >light.csv
run 0 convert light.csv light.h5
run 0 convert light.csv light.parquet
run 0 systematics light.h5 observed.h5 --tes 1.02 --soft-met 1
run 0 systematics light.parquet observed.parquet --tes 1.02 --soft-met 1
run 0 convert observed.h5 a.csv
run 0 convert observed.parquet b.csv
check 'the same distortions' cmp a.csv b.csv
refuse 3 'observed.parquet;distorted and selected already' systematics observed.parquet twice.parquet

run 0 train light.parquet -o analysis.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 -q
run 0 pseudo light.parquet -o pseudo.parquet
run 0 pseudo light.h5 -o pseudo.h5
run 0 fit analysis.h5 pseudo.parquet --json
sed '/"files"/,/]/d' "$out" >parquet.fit
run 0 fit analysis.h5 pseudo.h5 --json
sed '/"files"/,/]/d' "$out" >h5.fit
check 'the same fit' cmp h5.fit parquet.fit
run 0 pseudo light.parquet -o other.parquet --split 1,2,3,1
refuse 3 'other.parquet;trained on' fit analysis.h5 other.parquet

# Each program gets files of that kind, if it wants.
# shellcheck disable=SC2016 # for the shell that evaluate starts
method='while read -r f; do s=$(head -c 4 "$f"; tail -c 4 "$f"); [ "$s" = PAR1PAR1 ] && n=1 || n=2
    echo "{\"mu_hat\": $n, \"delta_mu_hat\": 1, \"p16\": 0, \"p84\": 1}"; done'
run 0 evaluate --method "$method" --method-format parquet light.parquet -o method \
    --num-of-sets 1 --num-pseudo-experiments 2
check 'Parquet' [ "$(grep -c '"mu_hat":1[.]0' method/experiments.jsonl)" -eq 2 ]

# --- what cannot be
mkdir folder.parquet
refuse 3 folder.parquet convert raw.h5 folder.parquet
refuse 3 nowhere/new.parquet simulate -o nowhere/new.parquet --events 100
refuse 2 'raw.parquet;is the input' convert raw.parquet ./raw.parquet
printf 'PRI_lep_pt,PRI_met\n1,2\n' >bad.csv
refuse 3 'bad.csv;missing' convert bad.csv new.parquet
sed 's/^[^,]*,/nan,/' a.csv | sed '1s/^nan/PRI_lep_pt/' >nan.csv
refuse 3 'nan.csv;row 0;PRI_lep_pt' convert nan.csv raw.parquet --overwrite
finish
