# shellcheck shell=sh
# Sourced by every script here. $1 is the program. The script works in an empty folder of its own, which goes when it ends.
set -u
FB=${1:?usage: sh SCRIPT PROGRAM}
# shellcheck disable=SC2034 # for the scripts
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/fair-baseline-cli.XXXXXX") || exit 1
tidy=:
trap 'cd /; $tidy 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
mkdir "$work/here" "$work/log" && cd "$work/here" || exit 1
out=$work/log/out
err=$work/log/err
checks=0
failures=0
unset LOG_LEVEL
export LC_ALL=C

fail() {
    failures=$((failures + 1))
    printf 'FAILED: %s\n' "$*"
}

# Shows what the program said.
show() {
    sed 's/^/    out: /' "$out" | head -n 5
    sed 's/^/    err: /' "$err" | head -n 20
}

# check WHAT COMMAND...: the command must succeed.
check() {
    what=$1
    shift
    checks=$((checks + 1))
    "$@" || fail "$what"
}

# run STATUS ARGUMENT...: the program must end with STATUS; $out and $err hold what it wrote.
run() {
    wanted=$1
    shift
    checks=$((checks + 1))
    "$FB" "$@" >"$out" 2>"$err" </dev/null
    status=$?
    if [ "$status" -ne "$wanted" ]; then
        fail "exit code $status, expected $wanted: $*"
        show
    fi
}

# Everything in the folder: names, and contents of files.
snapshot() {
    find .
    find . -type f -exec cksum {} +
}

# refuse STATUS WORDS ARGUMENT...: the program must end with STATUS, say nothing on stdout, exactly one line on stderr that
# holds each of WORDS (separated by ';'), and leave every file as it was.
refuse() {
    refuse_status=$1
    words=$2
    shift 2
    snapshot >"$work/log/before"
    run "$refuse_status" "$@"
    snapshot >"$work/log/after"
    [ ! -s "$out" ] || { fail "wrote to stdout: $*"; show; }
    if [ "$(wc -l <"$err")" -ne 1 ] || ! grep -q '^fair-baseline: error: .' "$err"; then
        fail "not one line of error: $*"
        show
    fi
    old_ifs=$IFS
    IFS=';'
    for word in $words; do
        grep -qF -e "$word" "$err" || { fail "the error does not say '$word': $*"; show; }
    done
    IFS=$old_ifs
    cmp -s "$work/log/before" "$work/log/after" ||
        { fail "left files behind, or changed some: $*"; diff "$work/log/before" "$work/log/after"; }
}

# A tool that a test needs is not there: skipped, or failed when FB_NO_SKIP is set (CI sets it).
missing() {
    printf 'skipped: %s\n' "$*"
    [ -n "${FB_NO_SKIP:-}" ] && exit 1
    exit 77
}

# until_there FILE: waits, at most a minute or so, until it has something in it.
until_there() {
    n=0
    while [ ! -s "$1" ] && [ $n -lt 1200 ]; do
        n=$((n + 1))
        sleep 0.05
    done
    check "$1 is there" test -s "$1"
}

# Something that is up to the machine or the user is not there: always a skip.
skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

# The distribution's interpreter: the first one on PATH may have no modules.
PYTHON=/usr/bin/python3

need_python() {
    for module in "$@"; do
        "$PYTHON" -c "import $module" 2>/dev/null || missing "no $PYTHON with $module"
    done
}

# The last command of every script.
finish() {
    printf '%s checks, %s failures\n' "$checks" "$failures"
    [ "$checks" -gt 0 ] || { printf 'FAILED: no check was made\n'; exit 1; }
    [ "$failures" -eq 0 ]
    exit
}
