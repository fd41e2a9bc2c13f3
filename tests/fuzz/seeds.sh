#!/bin/sh
# Small good files for the fuzzers to damage, made from the fixtures.
# Usage: seeds.sh PROGRAM DATA FOLDER MAKE_MODELS
set -eu
program=${1:?usage: seeds.sh PROGRAM DATA FOLDER MAKE_MODELS}
data=${2:?}
folder=${3:?}
make_models=${4:?}
rm -rf "$folder"
mkdir -p "$folder/csv" "$folder/hdf5" "$folder/model" "$folder/parquet"
"$make_models" "$folder/model"
head -n 20 "$data/synthetic_events.csv" >"$folder/csv/events.csv"
cut -d, -f2-17 "$folder/csv/events.csv" >"$folder/csv/primaries.csv"
sed 's/[^,]*/"&"/g; 1s/"/"two\
lines, and ""quotes""","/; 2,$s/"/"a","/' "$folder/csv/events.csv" >"$folder/csv/quoted.csv"
cp "$data/other_tables/matrix.h5" "$folder/hdf5"
# Not compressed, they would have megabytes of nothing.
"$program" convert "$folder/csv/events.csv" "$folder/hdf5/events.h5" --gzip 1 --quiet >/dev/null
"$program" convert "$folder/csv/primaries.csv" "$folder/hdf5/primaries.h5" --gzip 9 --quiet >/dev/null
"$program" convert "$folder/csv/events.csv" "$folder/parquet/written.parquet" --quiet >/dev/null
"$program" systematics "$folder/csv/events.csv" "$folder/parquet/derived.parquet" --quiet >/dev/null
"$program" convert "$folder/csv/primaries.csv" "$folder/parquet/written_primaries.parquet" --quiet >/dev/null
# Those that are refused at first sight would teach nothing about what comes after.
for file in "$data"/parquet/*.parquet; do
    case $file in
    */damaged_* | */refused_*) ;;
    *) cp "$file" "$folder/parquet" ;;
    esac
done
