#!/bin/sh
# Analyses, journals and results that are whole but make no sense are refused, each with the place, the value and what is
# allowed.
# shellcheck disable=SC2016,SC2086 # programs of awk in quotes; a list of options
. "$(dirname "$0")/common.sh"
need_python h5py numpy

run 0 simulate -o events.csv --events 20000
run 0 train events.csv -o good.h5 --set trees=3 --set depth=2 --bins 3 --degree 2 -q
awk -F, -v OFS=, 'NR == 1 { for (k = 1; k <= NF; k++) if ($k == "weights") w = k } NR > 1 { $w *= 0.1 } 1' events.csv \
    >light.csv
run 0 train light.csv -o light.h5 --set trees=3 --set depth=2 --bins 3 --degree 2 -q
run 0 info good.h5

# --- analyses --------------------------------------------------------------------------------------------------------------

# spoilt WORDS PYTHON: the analysis after a statement on the open file f.
spoilt() {
    cp good.h5 bad.h5
    "$PYTHON" -c "
import h5py, numpy as np
f = h5py.File('bad.h5', 'r+')
$2
f.close()" || fail "cannot spoil: $2"
    refuse 3 "bad.h5: $1" fit bad.h5 events.csv
    refuse 3 "bad.h5: $1" info bad.h5
}
spoilt '/templates/tes/coefficient of htautau in bin 1: the polynomial is -1e+28 at 0.9, where' \
    "f['templates/tes/coefficient'][0, 1, 2] = -1e26"
for value in 'np.nan' 'np.inf'; do
    spoilt 'templates: coefficient 1 of jes of ztautau in bin 0 is not finite' \
        "f['templates/jes/coefficient'][1, 0, 1] = $value"
done
spoilt '/templates/soft_met/coefficient of ttbar in bin 2: the polynomial is' \
    "f['templates/soft_met/coefficient'][2, 2, 1] = 1e4"
spoilt '/templates/tes/coefficient 0 of htautau in bin 0 is 0; 1 is needed' \
    "f['templates/tes/coefficient'][0, 0, 0] = 0"
spoilt '/templates/tes/ratio of diboson in bin 2 is -1; >= 0' "f['templates/tes/ratio'][4, 3, 2] = -1"
spoilt '/templates/jes/alpha[1] is 0.5; values that rise from 0.9 to 1.1' "f['templates/jes/alpha'][1] = 0.5"
spoilt '/templates/jes/closure[1] is -1;' "f['templates/jes/closure'][1] = -1"
spoilt '/templates/edge[2] is 1; the edges rise' "f['templates/edge'][2] = 1"
spoilt '/templates/edge[0] is -5;' "f['templates/edge'][0] = -5"
spoilt '/templates/edge[3], the last one, is 65000; 65536' "f['templates/edge'][3] = 65000"
spoilt '/templates@score_cells is 100; 65536' "f['templates'].attrs['score_cells'] = np.int64(100)"
spoilt '/templates@share is 0;' "f['templates'].attrs['share'] = 0.0"
spoilt 'templates: yield of ttbar in bin 1 is -3; a finite number >= 0' "f['templates/yield'][2, 1] = -3"
spoilt '/templates/yield of htautau has the sum' "f['templates/yield'][0, 1] = 1e7"
spoilt 'templates: variance of htautau in bin 0 is nan' "f['templates/variance'][0, 0] = np.nan"
spoilt '/split@rule is 7; a whole number from 0 to 1' "f['split'].attrs['rule'] = np.int64(7)"
spoilt '/split@n_pool_rows is -1; a whole number from 0' "f['split'].attrs['n_pool_rows'] = np.int64(-1)"
spoilt '/split/fraction[2] is -0.3; a number from 0 to 1' "f['split/fraction'][2] = -0.3"
spoilt '/split/fraction has the sum 1.2; 1' "f['split/fraction'][0] = 0.5"
spoilt '/split/yield[1, 2] is -10; a number that is finite and >= 0' "f['split/yield'][1, 2] = -10"
spoilt '/split/square[0, 0] is nan;' "f['split/square'][0, 0] = np.nan"
spoilt '/split/n_rows[3, 1] is -4; a number >= 0' "f['split/n_rows'][3, 1] = -4"
spoilt '/split/factor[0, 1] is 0;' "f['split/factor'][0, 1] = 0"
spoilt '/classifier@train_rows is -2;' "f['classifier'].attrs['train_rows'] = np.int64(-2)"
spoilt '/classifier@best_round is 99; a whole number from 0 to 3' "f['classifier'].attrs['best_round'] = np.int64(99)"
spoilt '/classifier/auc[0] is 1.5; a number from 0 to 1' "f['classifier/auc'][0] = 1.5"
spoilt '/diagnostics/calibration[3, 2] is -0.1;' "f['diagnostics/calibration'][3, 2] = -0.1"
spoilt '/@expected_sigma_mu is -1;' "f.attrs['expected_sigma_mu'] = -1.0"

# --- events: what validate calls usable, train takes, and what it does not, train refuses ----------------------------------

column() {
    head -n 1 events.csv | tr ',' '\n' | grep -nx "$1" | cut -d: -f1
}
# both VALIDATE TRAIN AWK: what the two say of the events after a change; '': they are usable.
both() {
    awk -F, -v OFS=, -v met="$(column PRI_met)" -v phi="$(column PRI_met_phi)" -v eta="$(column PRI_lep_eta)" \
        -v w="$(column weights)" -v p="$(column detailed_labels)" "$3" events.csv >changed.csv
    if [ -n "$1" ]; then
        run 3 validate changed.csv
        check "validate says '$1'" grep -qF -e "changed.csv: not usable: $1" "$err"
        refuse 3 "changed.csv: not usable: $2" train changed.csv -o new.h5 -q
    else
        run 0 validate changed.csv
        run 0 train changed.csv -o new.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 -q
        rm -f new.h5
    fi
}
both '' '' 1
both 'PRI_met: impossible: not from 0' 'row 250, column PRI_met: -3: impossible: not from 0' 'NR == 252 { $met = -3 } 1'
both 'PRI_met: -25 in a column' 'row 250, column PRI_met: -25: -25 in a column' 'NR == 252 { $met = -25 } 1'
both 'PRI_met_phi: impossible' 'row 9, column PRI_met_phi: 5: impossible' 'NR == 11 { $phi = 5 } 1'
both '' '' 'NR == 252 { $eta = 2.9 } 1' # unusual, not impossible
both 'classes: no weight of the signal' 'has no weight of the signal' '$p != "htautau"'
both 'classes: no weight of the signal' 'has no weight of the signal' '$p == "htautau" { $w = 0 } 1'
both 'classes: no weight of the background' 'has no weight of the background' 'NR == 1 || $p == "htautau"'
both '' '' '$p != "diboson"'

# --- journals --------------------------------------------------------------------------------------------------------------

few='--num-of-sets 1 --num-pseudo-experiments 3 --max-failed 3 -q'
run 0 evaluate light.h5 light.csv -o whole $few
run 0 evaluate light.h5 light.csv -o shard2 $few --shard 2/2
# wrong WORDS SED: the journal after a change, to be gone on with and to be merged.
wrong() {
    rm -rf bad
    cp -r whole bad
    sed "$2" whole/experiments.jsonl >bad/experiments.jsonl
    refuse 3 "bad/experiments.jsonl: line $1" evaluate light.h5 light.csv -o bad $few --resume
    refuse 3 "bad/experiments.jsonl: line $1" merge bad -o merged
}
wrong '3: experiment 1: "mu_hat" is null; a number from -1e12 to 1e12 is needed' '3s/"mu_hat":[^,]*/"mu_hat":null/'
wrong '2: experiment 0: "events" is -5; a number >= 0' '2s/"events":[0-9]*/"events":-5/'
wrong '2: experiment 0: "events" is 0; at least 1 where it is converged is needed' '2s/"events":[0-9]*/"events":0/'
wrong '4: experiment 2: "sigma" is -0.5; a number from 0 to 1e12' '4s/"sigma":[^,]*/"sigma":-0.5/'
wrong '4: experiment 2: "mu_hat" is;"p16" 900;p16 <= mu_hat <= p84 is needed' '4s/"p16":[^,]*/"p16":900/'
wrong '3: experiment 0 is there twice: its "events" is 1, before it was ' '2{p;s/"events":[0-9]*/"events":1/}'
wrong '3: is not an experiment of this evaluation: "experiment" is 3, those from 0 to 2 are' \
    '3s/"experiment":1/"experiment":3/'
cp -r whole bad2
sed '1s/"pool_events":[^,]*/"pool_events":-1.0/' whole/experiments.jsonl >bad2/experiments.jsonl
refuse 3 'bad2/experiments.jsonl: line 1: "pool_events" is -1.0; a number >= 0 or null' merge bad2 -o merged
sed '1s/"priors":"official"/"priors":"foo"/' whole/experiments.jsonl >bad2/experiments.jsonl
refuse 3 "bad2/experiments.jsonl: line 1: \"fit\": --priors: 'foo' is not official" merge bad2 -o merged
sed '1s/"method":"analysis"/"method":"..\/x"/' whole/experiments.jsonl >bad2/experiments.jsonl
refuse 3 'bad2/experiments.jsonl: line 1: "method": ../x: the name of a method' merge bad2 -o merged
# The same experiment in two folders: fine when it is the same result.
run 0 merge whole shard2 -o merged
refuse 3 'merged: holds the results of an earlier run; give another folder or --overwrite' merge whole shard2 -o merged
check 'the same as of one' cmp whole/summary.json merged/summary.json
sed -i 's/"at_limit":[0-9]*/"at_limit":64/' shard2/experiments.jsonl
refuse 3 'shard2/experiments.jsonl: line 2: experiment 1 is there twice: its "at_limit" is 64, before it was' \
    merge whole shard2 -o merged2

# --- results ---------------------------------------------------------------------------------------------------------------

# odd FILE WORDS SED COMMAND...: one file of results after a change.
odd() {
    rm -rf bad
    cp -r whole bad
    sed "$3" "whole/$1" >"bad/$1"
    file=$1
    words=$2
    shift 3
    refuse 3 "bad/$file: $words" "$@"
}
odd ingestion_duration.json '"seconds" is -3; seconds >= 0' 's/"seconds": [^,]*/"seconds": -3/' merge bad -o merged3
odd ingestion_duration.json '"fit" is "long"; seconds' 's/"fit": [^,]*/"fit": "long"/' merge bad -o merged3
odd ingestion_duration.json "'ingestion_duration' is negative" 's/"ingestion_duration": [^,]*/"ingestion_duration": -3/' \
    score bad --overwrite
odd summary.json "'pool_events' is -7; a number >= 0 or null" 's/"pool_events": [^,]*/"pool_events": -7/' score bad --overwrite
odd summary.json "'template_events' is \"many\"; a number >= 0 or null" \
    's/"template_events": [^,]*/"template_events": "many"/' score bad --overwrite
finish
