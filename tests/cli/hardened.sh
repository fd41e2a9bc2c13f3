#!/bin/sh
# A hardened score through the whole chain on a small scale, and the same bytes with one thread and two.
. "$(dirname "$0")/common.sh"

run 0 simulate -o events.h5 --events 60000 --seed 5
settings='--model hardened --set hidden=12x8 --set epochs=3 --set batch=300'
for threads in 1 2; do
    # shellcheck disable=SC2086 # several words
    run 0 train events.h5 -o analysis_$threads.h5 $settings --bins 10 --quantile-signal 0.5 --degree 2 \
        --threads $threads --json
    cp "$out" train_$threads.json
done
check 'two threads train the same' cmp analysis_1.h5 analysis_2.h5
check 'and say the same' cmp train_1.json train_2.json
run 0 info analysis_1.h5
check 'info tells the model' grep -q 'model hardened: hidden=12x8 epochs=3' "$out"
run 0 pseudo events.h5 -o pseudo.h5 --mu 1.5 --seed 7
run 0 fit analysis_1.h5 pseudo.h5 --json
check 'the fit converges' grep -q '"valid": true' "$out"
run 0 measure analysis_1.h5 events.h5 -o more.h5 --bins 12 -q
run 0 fit more.h5 pseudo.h5
run 0 evaluate analysis_1.h5 events.h5 -o results --num-of-sets 1 --num-pseudo-experiments 2 -q

# What was recorded makes it again.
run 0 info analysis_1.h5 --json
"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["configuration"], end="")' <"$out" >config.yaml
run 0 train events.h5 -o again.h5 --config config.yaml -q
check 'the configuration makes the same analysis' cmp again.h5 analysis_1.h5

refuse 2 '--model hardened;--condition-on' train events.h5 -o x.h5 --model hardened --augment 1 --condition-on tes
refuse 2 '--model hardened;--calibrate' train events.h5 -o x.h5 --model hardened --calibrate isotonic
refuse 2 "model dense has no setting 'trees'" train events.h5 -o x.h5 --model hardened --set trees=3
finish
