#!/bin/sh
# Every header compiles alone, in plain C11, and twice; and no header holds the body of a function:
# what is to be inlined is in a file *.inc.
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

# Prints the headers among the arguments that hold the body of a function: a brace behind a parenthesis, outside of
# comments and macros.
with_bodies() {
    for header in "$@"; do
        awk '
        is_macro || /^[ \t]*#/ { is_macro = /\\$/; next }
        { gsub("//.*", ""); text = text $0 " " }
        END { gsub("/[*]([^*]|[*]+[^*/])*[*]+/", "", text); exit text ~ /[)][ \t]*[{]/ }' "$header" || echo "$header"
    done
}

# First the judge itself: plant TEXT N: N headers with bodies.
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-headers.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
plant() {
    printf '%s\n' "$1" >"$work/x.h"
    if [ "$(with_bodies "$work/x.h" | wc -l)" -ne "$2" ]; then
        echo "the check itself is broken: '$1'"
        exit 1
    fi
}
plant 'static inline int f(int a) { return a; }' 1
plant 'int f(int a); int g(void)
{
    return 1;
}' 1
plant 'int f(int a); // f() { }' 0
plant '/* f() {
 */ struct a { int b; }; enum { A = (1) };' 0
plant '#define F(a) \
    do {     \
        if (a) { } \
    } while (0)' 0

for header in $(cd "$root" && find models holdout nll baseline notebooks_export -name '*.h' | sort); do
    with_bodies "$root/$header"
done >"$work/found"
if [ -s "$work/found" ]; then
    cat "$work/found"
    echo 'hold the body of a function; move it to a source, or to a file *.inc if it is to be inlined'
    bad=$((bad + 1))
fi
echo "$n headers, $bad bad"
[ "$n" -ge 30 ] && [ "$bad" -eq 0 ]
