#!/bin/sh
# The classifier in models/README.md compiles as it stands there, learns, and comes back from its bytes.
# Usage: readme_example.sh COMPILER ROOT INSTALLED [FLAG...]
set -u
compiler=${1:?usage: readme_example.sh COMPILER ROOT INSTALLED [FLAG...]}
root=${2:?}
installed=${3:?}
shift 3
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-example.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

[ "$(grep -c '^```c$' "$root/models/README.md")" -eq 1 ] || { echo 'models/README.md has not one block of C'; exit 1; }
# shellcheck disable=SC2016 # the quotes are those of the README
sed -n '/^```c$/,/^```$/p' "$root/models/README.md" | grep -v '^```' >"$work/mine.c"
PKG_CONFIG_PATH=$(dirname "$(find "$installed" -name fair-baseline.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH LD_LIBRARY_PATH
# Our warnings; and nothing but what is installed: no definition, no header of the build.
# shellcheck disable=SC2046 # several flags
"$compiler" -std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror -O1 "$@" "$work/mine.c" \
    $(pkg-config --cflags --libs fair-baseline) -lm -o "$work/mine" || exit 1
"$work/mine" >"$work/out" || exit 1
cat "$work/out"
# The best possible AUC is 0.841; 8000 rows know it to 0.005. The log-loss of the best score is 0.492, to 0.006.
awk '{ loss = $2 + 0; auc = $4 + 0; again = $7 + 0; good = loss > 0.474 && loss < 0.51 && auc > 0.825 && auc < 0.857 &&
       auc == again } END { exit NR == 1 && good ? 0 : 1 }' "$work/out"
