#!/bin/sh
# man_pages.sh PROGRAM DIR: writes a page of the manual for the program and for each of its commands to DIR.
set -eu
program=$1 folder=$2
mkdir -p "$folder"
"$program" --help=man >"$folder/fair-baseline.1"
commands=$("$program" --help=words | cut -f1 | grep -v -e '^-' -e '^help$')
for command in $commands; do
    "$program" "$command" --help=man >"$folder/fair-baseline-$command.1"
done
for picture in templates scores nll coverage; do
    "$program" plot "$picture" --help=man >"$folder/fair-baseline-plot-$picture.1"
done
