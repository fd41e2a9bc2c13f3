#!/bin/sh
# Small good files for the fuzzers to damage, made from the fixtures.
# Usage: seeds.sh PROGRAM DATA FOLDER MAKE_MODELS
set -eu
program=${1:?usage: seeds.sh PROGRAM DATA FOLDER MAKE_MODELS}
data=${2:?}
folder=${3:?}
make_models=${4:?}
rm -rf "$folder"
mkdir -p "$folder/csv" "$folder/hdf5" "$folder/model" "$folder/npy" "$folder/parquet"
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
# The mark, version 1.0 or 2.0, and the length of a header of 118 bytes, which is padded to it.
npy() {
    printf "\\223NUMPY$2%-117s\\n" "$3" >"$folder/npy/$1.npy"
}
npy matrix '\001\000v\000' "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 28), }"
npy columns '\001\000v\000' "{'descr': [('PRI_lep_pt', '<f4'), ('weights', '<f8')], 'fortran_order': False, 'shape': (3,), }"
npy newer '\002\000v\000\000\000' "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 17), }"
# Those that are refused at first sight would teach nothing about what comes after.
for file in "$data"/parquet/*.parquet; do
    case $file in
    */damaged_* | */refused_*) ;;
    *) cp "$file" "$folder/parquet" ;;
    esac
done
