#!/bin/sh
# The dense net through the whole chain on a small scale, and the same bytes with one thread and two.
. "$(dirname "$0")/common.sh"

run 0 simulate -o events.h5 --events 25000 --seed 5
for threads in 1 2; do
    run 0 train events.h5 -o analysis_$threads.h5 --model dense --set hidden=12x8 --set epochs=4 --set batch=300 \
        --bins 10 --share 0.3 --degree 2 --threads $threads --json
    cp "$out" train_$threads.json
done
check 'two threads train the same' cmp analysis_1.h5 analysis_2.h5
check 'and say the same' cmp train_1.json train_2.json
check 'the settings are recorded' grep -q 'hidden=12x8 epochs=4 .* kernels=' train_1.json
run 0 info analysis_1.h5
check 'info tells the model' grep -q 'dense' "$out"
check 'info tells how it was learned' grep -q '^  1  *0\.[0-9]* *0\.[0-9]*' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7
run 0 fit analysis_1.h5 pseudo.h5 --json
check 'the fit converges' grep -q '"valid": true' "$out"

run 0 train --help
check 'the help lists the settings' grep -q 'hidden=100x100x100 epochs=' "$out"
refuse 2 "model dense has no setting 'trees'" train events.h5 -o x.h5 --model dense --set trees=3
refuse 2 "hidden: '0x3';from 1 to 4096" train events.h5 -o x.h5 --model dense --set hidden=0x3
refuse 2 "features: 'raw';standard, auto" train events.h5 -o x.h5 --model dense --set features=raw
finish
