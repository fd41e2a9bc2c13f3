#!/bin/sh
# The files are as baseline/FILES.md says.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need_python h5py numpy
page=$here/../../baseline/FILES.md

run 0 simulate -o raw.h5 --events 20000 --seed 5
run 0 systematics raw.h5 distorted.h5 --tes 1.01 --row-numbers
run 0 train raw.h5 -o trees.h5 --set trees=5 --set depth=3 --augment 1 --condition-on tes --bins 6
run 0 train raw.h5 -o net.h5 --model dense --set epochs=2 --set hidden=8 --bins 4
check 'events' "$PYTHON" "$here/files.py" "$page" 'Events' raw.h5 distorted.h5
check 'analyses' "$PYTHON" "$here/files.py" "$page" 'An analysis' trees.h5 net.h5

# The check itself: a page without a row, and one with a row too many.
# shellcheck disable=SC2016 # backticks of Markdown
grep -v '/templates/yield' "$page" >without.md
# shellcheck disable=SC2016
sed 's#^| `/templates/yield` .*#&\n| `/templates/nothing` | B | float64 | | |#' "$page" >with.md
# shellcheck disable=SC2016
sed 's#^| `/split/n_rows` | 4, P | int64#| `/split/n_rows` | 4, P | float64#' "$page" >other.md
for spoilt in without with other; do
    check "$spoilt.md differs" sh -c "! $PYTHON '$here/files.py' $spoilt.md 'An analysis' trees.h5 net.h5 >/dev/null"
done

run 0 evaluate trees.h5 raw.h5 -o results --num-of-sets 1 --num-pseudo-experiments 2
for file in results/*; do
    name=$(basename "$file" | sed 's/result_0/result_<set>/')
    check "$name is described" grep -qF "\`$name\`" "$page"
done
finish
