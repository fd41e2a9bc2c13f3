#!/bin/sh
# Other programs build against the installed library, with CMake and with pkg-config, from C and from C++, and measure what
# the program measures, also where numbers have decimal commas.
# Usage: consumer.sh INSTALLED COMPILER [FLAG...]
set -u
installed=${1:?usage: consumer.sh INSTALLED COMPILER [FLAG...]}
compiler=${2:?}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-consumer.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
fail() {
    echo "FAIL: $*"
    exit 1
}
PATH=$installed/bin:$PATH
PKG_CONFIG_PATH=$(dirname "$(find "$installed" -name fair-baseline.pc)")
library=$(dirname "$PKG_CONFIG_PATH")
LD_LIBRARY_PATH=$library
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH

# Every installed header compiles alone and as C++, without a header that is not installed.
headers=$installed/include/fair-baseline
(cd "$headers" && find . -name '*.h' | sed 's|^\./||' | sort) >"$work/list"
[ "$(wc -l <"$work/list")" -ge 10 ] || fail 'too few headers are installed'
while read -r header; do
    printf '#include "%s"\n' "$header" >"$work/one.c"
    "$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$headers" "$work/one.c" || fail "$header"
done <"$work/list"
{
    sed 's|.*|#include "&"|' "$work/list"
    # Linked by their names in C, not by those of C++.
    printf 'int main() { fb_measurement_analysis_free(nullptr); fb_source_free(nullptr); return fb_status_exit_code(FB_OK); }\n'
} >"$work/headers.cpp"

# With CMake.
if ! { cmake -S "$here" -B "$work/build" -DCMAKE_PREFIX_PATH="$installed" -DCMAKE_C_COMPILER="$compiler" \
    -DCMAKE_C_FLAGS="$*" -DCMAKE_CXX_FLAGS="$*" -DHEADERS_CPP="$work/headers.cpp" >"$work/log" 2>&1 &&
    cmake --build "$work/build" >>"$work/log" 2>&1; }; then
    cat "$work/log"
    fail 'the project does not build with CMake'
fi
"$work/build/headers" || fail 'a C++ program does not run'

# With pkg-config.
# shellcheck disable=SC2046 # several flags
"$compiler" -std=c11 -Wall -Wextra -Werror "$@" "$here/measure.c" $(pkg-config --cflags --libs fair-baseline) \
    -o "$work/measure" || fail 'the program does not build with pkg-config'

# shellcheck disable=SC2046 # several flags
"$compiler" -std=c11 -Wall -Wextra -Werror "$@" "$here/locale.c" $(pkg-config --cflags --libs fair-baseline) -pthread \
    -o "$work/locale" || fail 'the program with a locale does not build'

# A locale whose decimal point is a comma, made of what the C library has itself: none has to be installed. localedef warns
# of the parts that are not defined, and makes them those of the locale C.
make_comma_locale() {
    cat >"$1/ascii" <<'TEXT'
<code_set_name> COMMA
<comment_char> %
<escape_char> /
<mb_cur_min> 1
<mb_cur_max> 1
CHARMAP
<U0000>..<U007F>     /x00         ASCII
END CHARMAP
TEXT
    cat >"$1/comma.def" <<'TEXT'
comment_char %
escape_char /
LC_NUMERIC
decimal_point "<U002C>"
thousands_sep "<U002E>"
grouping 3;3
END LC_NUMERIC
TEXT
    localedef -c -i "$1/comma.def" -f "$1/ascii" "$1/comma" >/dev/null 2>&1
    [ -f "$1/comma/LC_NUMERIC" ]
}
make_comma_locale "$work" || fail 'no locale can be made with localedef'
# Libraries that are loaded with ours (p11-kit, for one) leak the path of locales: the sanitizers need whole stacks to know it.
in_locale() {
    locale_name=$1
    shift
    LOCPATH=$work LC_ALL=$locale_name ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}fast_unwind_on_malloc=0 "$@"
}

fair-baseline simulate --events 60000 --seed 5 --output "$work/events.h5" -q >"$work/log" || fail 'no events'
fair-baseline pseudo "$work/events.h5" --mu 1.4 --seed 7 --output "$work/data.h5" -q >"$work/log" || fail 'no data'
fair-baseline simulate --events 300 --seed 5 --output "$work/few.csv" -q >"$work/log" || fail 'no events as text'
for locale in C comma; do
    in_locale $locale "$work/locale" "$work/few.csv" "$work/few_$locale.csv" >"$work/text_$locale" || fail "locale $locale"
    cmp "$work/few.csv" "$work/few_$locale.csv" || fail "locale $locale: $(sed -n 2p "$work/few_$locale.csv")"
done
grep -q 'program 0,5' "$work/text_comma" || fail "the locale is not in force: $(cat "$work/text_comma")"
sed 's/^program 0,5$/program 0.5/' "$work/text_comma" | cmp - "$work/text_C" || fail "$(cat "$work/text_comma")"

set -- set=trees=20 set=eta=0.125 bins=10
fair-baseline train "$work/events.h5" --set trees=20 --set eta=0.125 --bins 10 --output "$work/analysis.h5" -q \
    >"$work/log" || fail 'no analysis'
fair-baseline fit "$work/analysis.h5" "$work/data.h5" --json >"$work/fit.json" || fail 'the program does not measure'
for program in "$work/measure" "$work/build/measure"; do
    case $program in */build/*) locale=comma ;; *) locale=C ;; esac
    in_locale $locale "$program" "$work/events.h5" "$work/data.h5" "$work/mine.h5" "$@" | tr , . >"$work/out"
    cmp "$work/mine.h5" "$work/analysis.h5" || fail "$program writes another analysis than 'fair-baseline train'"
    awk 'FNR == NR {split($0, mine); next}
         match($0, /"(mu_hat|p16|p84)": */) {key = $0; gsub(/[ ",]/, "", key); split(key, part, ":"); value[part[1]] = part[2]}
         END {exit !(value["mu_hat"] != "" && mine[1] == value["mu_hat"] + 0 && mine[2] == value["p16"] + 0 &&
                     mine[3] == value["p84"] + 0)}' "$work/out" "$work/fit.json" || {
        cat "$work/out" "$work/fit.json"
        fail "$program measures something else than 'fair-baseline fit'"
    }
    # What is wrong is said by name.
    in_locale $locale "$program" "$work/events.h5" "$work/data.h5" "$work/none.h5" bins=0 2>"$work/error" && fail 'bins=0 was taken'
    grep -q bins "$work/error" || fail "$(cat "$work/error")"
    "$program" "$work/events.h5" "$work/data.h5" "$work/none.h5" trees=20 2>"$work/error" && fail 'trees=20 was taken'
    grep -q "'trees=20' is no option of 'train'" "$work/error" || fail "$(cat "$work/error")"
    [ ! -e "$work/none.h5" ] || fail 'an analysis was written'
done
echo ok
