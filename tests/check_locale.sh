#!/bin/sh
# Numbers as text do not depend on the locale of the program that uses the library: nothing but models/common/c_locale.c
# asks for a locale or reads numbers with the C library's functions, and every public function that may fail, and so
# may write a message, is in the locale C while it runs.
# Usage: check_locale.sh ROOT PUBLIC_HEADER...
set -u
root=${1:?usage: check_locale.sh ROOT PUBLIC_HEADER...}
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-locale.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

# Prints FILE:LINE:TEXT of every call that depends on the locale, in the tree $1.
calls() {
    (cd "$1" && find models holdout nll baseline notebooks_export \( -name '*.[ch]' -o -name '*.inc' \) 2>/dev/null |
        grep -v '^models/common/c_locale[.][ch]$' | sort |
        xargs grep -nE -e '(^|[^a-z0-9_])(strto(d|f|ld)|atof|wcsto(d|f|ld)|setlocale|newlocale|uselocale|localeconv) *\(' \
            -e 'scanf *\(.*%\*?[0-9]*[lL]?[aefgAEFG]' /dev/null)
}

# Prints the names of the functions of a header, $1, that return a status, and do not begin with FB_C_LOCALE in its source.
unprotected() {
    tr '\n' ' ' <"$1" | grep -oE 'FB_API fb_status fb_[a-z0-9_]+\(' | grep -oE 'fb_[a-z0-9_]+\(' | tr -d '(' |
        grep -v '^fb_status$' >"$work/names"
    awk 'FILENAME == ARGV[1] {wanted[$1] = 1; next}
         /^[a-z]/ {name = ""}
         match($0, /^fb_status fb_[a-z0-9_]+\(/) {name = substr($0, 11, RLENGTH - 11)}
         before == "{" && $0 ~ /^ *FB_C_LOCALE;/ {delete wanted[name]}
         {before = $0}
         END {for (name in wanted) print name}' "$work/names" "${1%.h}.c" | sort
}

# First the judges themselves.
mkdir -p "$work/tree/models" || exit 1
plant() {
    printf '%s\n' "$1" >"$work/tree/models/x.c"
    [ "$(calls "$work/tree" | wc -l)" -eq "$2" ] || { echo "the check itself is broken: '$1'"; exit 1; }
}
plant '    x = strtod(text, &end);' 1
plant '    x = strtof(text, NULL);' 1
plant '    setlocale(LC_ALL, "");' 1
plant '    n = sscanf(text, "%lf", &x);' 1
plant '    n = sscanf(text, "%d", &k);' 0
plant '    x = fb_c_locale_strtod(text, &end);' 0
printf 'FB_API fb_status fb_x_a(int x) FB_MUST_USE;\nFB_API fb_status\nfb_x_b(int x);\nFB_API int fb_x_c(int x);\n' >"$work/x.h"
printf 'fb_status fb_x_a(int x)\n{\n    return x;\n}\nfb_status fb_x_b(int x)\n{\n    FB_C_LOCALE;\n}\n' >"$work/x.c"
[ "$(unprotected "$work/x.h")" = fb_x_a ] || { echo 'the check itself is broken: FB_C_LOCALE'; exit 1; }

bad=0
if calls "$root"; then
    echo 'depend on the locale: models/common/text.h and c_locale.h have functions that do not'
    bad=1
fi
n=0
for header in "$@"; do
    [ -e "$root/${header%.h}.c" ] || continue
    unprotected "$root/$header" >"$work/found"
    n=$((n + $(wc -l <"$work/names")))
    while read -r name; do
        echo "${header%.h}.c: $name does not begin with FB_C_LOCALE"
        bad=1
    done <"$work/found"
done
echo "$n functions"
[ "$n" -ge 25 ] || { echo 'too few functions were seen'; bad=1; }
exit $bad
