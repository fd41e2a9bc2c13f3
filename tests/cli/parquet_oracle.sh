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
    run 0 convert few.csv few.parquet --overwrite
    check "$program notices another number" sh -c \
        "! node '$here/../oracles/oracle_parquet.mjs' '$FB_NODE_MODULES' $program few.parquet wrong.csv 2>/dev/null"
done

# The command that an error has for Parquet of other kinds works: DuckDB makes a file of it that is read.
cat >sql.sh <<'END'
modules=$1
shift
eval "set -- $(sed -n 's/.*convert the file: duckdb -c \(.*\)/\1/p' "$1") \"$2\""
exec node "$2" "$modules" "$1"
END
works() {
    rm -f converted.parquet
    run 3 info "$1"
    check "$1: the command works" sh sql.sh "$FB_NODE_MODULES" "$err" "$here/../oracles/run_duckdb.mjs" >"$out"
    run 0 info converted.parquet
}
# shellcheck disable=SC2317 # called by check
duckdb() {
    node "$here/../oracles/run_duckdb.mjs" "$FB_NODE_MODULES" "$1" >"$out"
}
check 'decimal numbers' duckdb "COPY (SELECT * REPLACE (PRI_lep_pt::DECIMAL(18, 3) AS PRI_lep_pt,
    PRI_met::DECIMAL(9, 3) AS PRI_met, weights::DECIMAL(30, 9) AS weights) FROM 'few.parquet') TO 'decimal.parquet'"
works decimal.parquet
check 'decimal numbers of data' duckdb "COPY (SELECT * REPLACE (PRI_lep_pt::DECIMAL(18, 3) AS PRI_lep_pt)
    FROM 'data.parquet') TO 'decimal_data.parquet'"
works decimal_data.parquet
run 0 validate converted.parquet
check 'a list' duckdb "COPY (SELECT *, [1, 2] AS \"a list\" FROM 'few.parquet') TO 'list.parquet'"
works list.parquet
check 'the columns within one' duckdb "COPY (SELECT struct_pack(PRI_lep_pt := PRI_lep_pt, PRI_met := PRI_met) AS \"all \"\"of\"\" it\",
    * EXCLUDE (PRI_lep_pt, PRI_met) FROM 'few.parquet') TO 'within.parquet'"
works within.parquet
check 'other encodings' duckdb "COPY (SELECT * FROM 'few.parquet') TO 'v2.parquet' (PARQUET_VERSION v2)"
works v2.parquet
for codec in lz4_raw brotli; do
    check "$codec" duckdb "COPY (SELECT * FROM 'few.parquet') TO '$codec.parquet' (COMPRESSION $codec)"
    works $codec.parquet
done
# shellcheck disable=SC2016 # no variable
cp brotli.parquet 'a "$name" of `somebody'"'"'s\.parquet'
# shellcheck disable=SC2016
works 'a "$name" of `somebody'"'"'s\.parquet'
# Truth values are read.
check 'labels of truth values' duckdb "COPY (SELECT * REPLACE (labels = 1 AS labels) FROM 'few.parquet') TO 'truth.parquet'"
run 0 info truth.parquet
checksum=$(grep checksum "$out")
run 0 info few.parquet
check 'the same rows' [ "$(grep checksum "$out")" = "$checksum" ]

# Derived columns of data in which values are missing: the others keep their rows. Every third pt_h and the middle of
# mass_vis, of 3000 rows in groups of 2048.
cut -d, -f1-28 observed.csv >derived.csv
run 0 convert derived.csv derived.parquet
check 'missing values' duckdb "COPY (SELECT * EXCLUDE n REPLACE (CASE WHEN n % 3 = 0 THEN NULL ELSE DER_pt_h END AS DER_pt_h,
    CASE WHEN n > 100 AND n <= 2500 THEN NULL ELSE DER_mass_vis END AS DER_mass_vis)
    FROM (SELECT *, row_number() OVER () AS n FROM 'derived.parquet')) TO 'nulls.parquet' (ROW_GROUP_SIZE 2048)"
run 0 convert nulls.parquet nulls.csv
awk -F, -v OFS=, 'NR == 1 {for (k = 1; k <= NF; k++) column[$k] = k} NR > 1 {
    if ((NR - 1) % 3 == 0) $column["DER_pt_h"] = "nan"
    if (NR > 101 && NR <= 2501) $column["DER_mass_vis"] = "nan"} {print}' derived.csv >wanted.csv
check 'the values that are there' cmp wanted.csv nulls.csv
finish
