#!/bin/sh
# The shared library shows what the public headers declare with FB_API, and nothing else; other headers declare nothing so.
# It prints nothing and never exits.
# Usage: check_exports.sh LIBRARY ROOT PROGRAM PUBLIC_HEADER...
set -u
library=${1:?usage: check_exports.sh LIBRARY ROOT PROGRAM PUBLIC_HEADER...}
root=${2:?}
program=${3:?}
shift 3
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-exports.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
LC_ALL=C
export LC_ALL
bad=0

# The sanitizers add names of their own, and the names of OpenMP's critical sections are global by its standard.
nm -D --defined-only "$library" | awk '{print $NF}' |
    grep -v -e '^__odr_asan' -e '^__asan' -e '^[.]gomp_critical_user_fb_' | sort -u >"$work/exported"
# A declaration begins with FB_API and may go on over lines.
(cd "$root" && cat "$@") | tr '\n' ' ' |
    grep -oE 'FB_API [^;]*;' | sed -e 's/(.*//' -e 's/\[.*//' -e 's/;$//' |
    grep -oE 'fb_[a-z0-9_]+ *$' | tr -d ' ' | sort -u >"$work/declared"

# status.h defines FB_API.
(cd "$root" && find models holdout nll baseline notebooks_export -name '*.h' -exec grep -l '^ *FB_API' {} +) |
    sort >"$work/marked"
printf '%s\n' "$@" | sort >"$work/public"
if comm -23 "$work/marked" "$work/public" | grep .; then
    echo 'use FB_API, but are not public headers'
    bad=1
fi
if grep -v '^fb_' "$work/exported"; then
    echo 'are exported, but do not begin with fb_'
    bad=1
fi
if comm -23 "$work/declared" "$work/exported" | grep .; then
    echo 'are declared with FB_API, but not exported'
    bad=1
fi
if comm -13 "$work/declared" "$work/exported" | grep '^fb_'; then
    echo 'are exported, but no public header declares them'
    bad=1
fi
if nm -D --undefined-only "$library" |
    grep -E ' (stdout|stderr|_*v?printf(_chk)?|puts|putchar|perror|_?exit|abort)(@|$)'; then
    echo 'the library prints or ends the program'
    bad=1
fi
# OpenBLAS takes threads and address space where it is loaded, so it is opened when it is needed and not linked.
for file in "$library" "$program"; do
    if readelf -d "$file" | grep NEEDED | grep -i -e openblas -e 'libblas'; then
        echo "$file is linked with a BLAS"
        bad=1
    fi
done
echo "$(wc -l <"$work/exported") names"
[ "$(wc -l <"$work/exported")" -ge 40 ] || { echo 'too few names were seen'; bad=1; }
exit $bad
