#!/bin/sh
# A full disk: one line of error, nothing left behind, an existing result as it was.
. "$(dirname "$0")/common.sh"

mkdir "$work/here/small"
if ! mount -t tmpfs -o size=1m tmpfs "$work/here/small" 2>"$err"; then
    skip "a small file system cannot be mounted here ($(head -n 1 "$err"))"
fi
tidy="umount $work/here/small"

# The inputs live outside what is compared.
in=$work/log
run 0 simulate -o "$in/events.h5" --events 30000 -q
run 0 train "$in/events.h5" -o "$in/analysis.h5" --set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 -q

# full WORDS ARGUMENT...: refused with 3 while `old` stays.
full() {
    words=$1
    shift
    refuse 3 "$words" "$@"
}

for extension in h5 csv parquet; do
    printf 'precious\n' >small/old.$extension
    for name in new old; do
        path=small/$name.$extension
        full "$path" simulate -o $path --events 30000 --overwrite
        full "$path" convert "$in/events.h5" $path --overwrite
        full "$path" systematics "$in/events.h5" $path --overwrite
        full "$path" pseudo "$in/events.h5" -o $path --overwrite
    done
done
# Small outputs need a fuller disk.
mkdir small/results
run 0 evaluate "$in/analysis.h5" "$in/events.h5" -o small/results --num-of-sets 1 --num-pseudo-experiments 1 -q
dd if=/dev/zero of=small/filling bs=4096 count=1000 2>/dev/null
check 'the disk is full' [ "$(df -k small | awk 'NR == 2 {print $4}')" -lt 8 ]
for path in small/new.h5 small/old.h5; do
    full "$path" train "$in/events.h5" -o $path --set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 --overwrite
done
full small/new.svg plot templates "$in/analysis.h5" -o small/new.svg
full small/results evaluate "$in/analysis.h5" "$in/events.h5" -o small/results --overwrite --num-of-sets 2 --num-pseudo-experiments 1
full small/other evaluate "$in/analysis.h5" "$in/events.h5" -o small/other --num-of-sets 2 --num-pseudo-experiments 1
full small/results score small/results --overwrite
full small/scored score small/results -o small/scored
# Room for some of the files.
rm small/filling
dd if=/dev/zero of=small/filling bs=4096 count=1000 2>/dev/null
dd if=/dev/null of=small/filling bs=4096 seek=$(($(wc -c <small/filling) / 4096 - 3)) 2>/dev/null
run 3 evaluate "$in/analysis.h5" "$in/events.h5" -o small/other --num-of-sets 3 --num-pseudo-experiments 1
check 'what was finished is said to be there' grep -q 'small/other: 3 experiments are recorded' "$err"
rm small/filling
run 0 evaluate "$in/analysis.h5" "$in/events.h5" -o small/other --num-of-sets 3 --num-pseudo-experiments 1 --resume -q
check 'and it goes on' test -s small/other/summary.json
rm -r small/other

# With room again all is well.
run 0 train "$in/events.h5" -o small/old.h5 --set trees=3 --set depth=2 --bins 3 --degree 1 --share 0.2 -q --overwrite
check 'the analysis is the same' cmp "$in/analysis.h5" small/old.h5
finish
