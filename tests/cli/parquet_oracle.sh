#!/bin/sh
# Two other programs, hyparquet and DuckDB, read the Parquet files that are written: the numbers of the CSV file of the
# same events. They come from npm; FB_NODE_MODULES names the folder node_modules that has them (.ci/run installs them).
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
command -v node >/dev/null || missing 'no program node (Debian: nodejs)'
[ -n "${FB_NODE_MODULES:-}" ] || missing 'FB_NODE_MODULES does not name a folder with hyparquet and @duckdb/node-api'
for package in hyparquet @duckdb/node-api; do
    [ -d "$FB_NODE_MODULES/$package" ] || missing "$FB_NODE_MODULES has no $package"
done

# 150 000 rows are two row groups. PRI_* alone are data without weights and labels.
run 0 simulate -o raw.csv --events 150000 --seed 5
run 0 simulate -o raw.parquet --events 150000 --seed 5
head -n 3001 raw.csv >few.csv
run 0 systematics few.csv observed.csv --tes 1.02
run 0 systematics few.csv observed.parquet --tes 1.02
cut -d, -f1-16 few.csv >data.csv
run 0 convert data.csv data.parquet
head -n 1 raw.csv >empty.csv
run 0 convert empty.csv empty.parquet
for program in hyparquet duckdb; do
    for file in raw observed data empty; do
        check "$program reads $file.parquet" node "$here/../oracles/oracle_parquet.mjs" "$FB_NODE_MODULES" $program \
            $file.parquet $file.csv
    done
    # The comparison itself.
    sed '3s/^[^,]*/77/' few.csv >wrong.csv
    run 0 convert few.csv few.parquet
    check "$program notices another number" sh -c \
        "! node '$here/../oracles/oracle_parquet.mjs' '$FB_NODE_MODULES' $program few.parquet wrong.csv 2>/dev/null"
done
finish
