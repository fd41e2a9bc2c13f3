#!/bin/sh
# What would lose or spoil data is refused: output on top of input, a pool without rows.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

"$FB" simulate -o events.h5 --events 3000 -q >/dev/null || exit 1
cp events.h5 before.h5
refuse 2 'events.h5;is the input' convert events.h5 ./events.h5
refuse 2 'events.h5;is the input' systematics events.h5 events.h5
refuse 2 'events.h5;is the input' train events.h5 -o events.h5
refuse 2 'events.h5;is the input' pseudo events.h5 -o events.h5
check 'the events are as they were' cmp events.h5 before.h5
refuse 3 'events.h5;pool' pseudo events.h5 -o pseudo.h5 --split 1,1,1,0
mkfifo pipe.h5
refuse 3 'pipe.h5;not an ordinary file' simulate -o pipe.h5 --events 10
head -n 1 >header.csv <<END
PRI_lep_pt,PRI_lep_eta,PRI_lep_phi,PRI_had_pt,PRI_had_eta,PRI_had_phi,PRI_jet_leading_pt,PRI_jet_leading_eta,PRI_jet_leading_phi,PRI_jet_subleading_pt,PRI_jet_subleading_eta,PRI_jet_subleading_phi,PRI_n_jets,PRI_jet_all_pt,PRI_met,PRI_met_phi,weights,detailed_labels
END
refuse 3 'header.csv;no events' train header.csv -o analysis.h5

# Results that another program left are not touched.
split='--split 1,2,3,1 --split-seed 1700000000123456789'
# shellcheck disable=SC2086 # several options
"$FB" train events.h5 -o analysis.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 $split -q >/dev/null || exit 1
mkdir others
echo '{}' >others/result_0.json
refuse 3 'others;earlier run' evaluate analysis.h5 -o others
refuse 2 'mu' evaluate analysis.h5 -o new --fix mu=1
refuse 2 'degree' train events.h5 -o new.h5 --degree 2junk

# Rows of the analysis' own pool are never taken for others, however long the text of the split is.
# shellcheck disable=SC2086
"$FB" pseudo events.h5 -o pseudo.h5 $split -q >/dev/null || exit 1
"$FB" fit analysis.h5 pseudo.h5 >/dev/null 2>fit.err
run 0 pseudo events.h5 -o again.h5 --split 1,2,3,1
check 'shares of another sum are warned of once' [ "$(grep -c -e '--split 1,2,3,1: adds up to 7' "$err")" -eq 1 ]
check 'the pool is recognised' [ "$(grep -c 'trained on' fit.err)" -eq 0 ]
"$FB" pseudo events.h5 -o other.h5 --split 1,2,3,1 -q >/dev/null || exit 1
refuse 3 'other.h5;trained on' fit analysis.h5 other.h5
finish
