#!/bin/sh
# Every header that is installed compiles alone, in plain C11, and twice.
# Usage: check_headers.sh COMPILER ROOT GENERATED
set -u
compiler=${1:?usage: check_headers.sh COMPILER ROOT GENERATED}
root=${2:?}
generated=${3:?}
flags=$(pkg-config --cflags jansson hdf5 2>/dev/null)
n=0
bad=0
for header in $(cd "$root" && find models holdout nll baseline notebooks_export -name '*.h' ! -name '*_internal.h' 2>/dev/null | sort); do
    n=$((n + 1))
    # shellcheck disable=SC2086
    if ! printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$header" "$header" |
        "$compiler" -std=c11 -Wall -Wextra -Wstrict-prototypes -Werror -fsyntax-only $flags -I "$root" \
            -I "$generated" -x c -; then
        echo "$header does not compile alone"
        bad=$((bad + 1))
    fi
done
echo "$n headers, $bad bad"
[ "$n" -ge 30 ] && [ "$bad" -eq 0 ]
