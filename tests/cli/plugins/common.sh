# shellcheck shell=sh disable=SC2154 # $work is of common.sh
# Sourced, after common.sh, by the scripts that evaluate methods of participants: installs the program, compiles plug-ins.
need_python h5py numpy
command -v cc >/dev/null || missing 'no cc'
build=$(cd "$(dirname "$FB")" && pwd)
export TMPDIR="$work/tmp"
mkdir "$TMPDIR"

# What a participant does: the installed program, one command for a plug-in.
cmake --install "$build" --prefix "$work/prefix" >/dev/null || fail 'the program cannot be installed'
FB=$work/prefix/bin/fair-baseline
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name fair-baseline.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2034 # for the scripts
examples=$work/prefix/share/doc/fair-baseline/baseline/plugins

# compile FILE.c: makes FILE.so here.
compile() {
    # shellcheck disable=SC2046 # flags are several words
    check "$1 compiles" cc -O2 -Wall -Wextra -Werror -shared -fPIC "$1" $(pkg-config --cflags fair-baseline) \
        -o "$(basename "$1" .c).so" -lm
}

# lighten FACTOR IN OUT: events with smaller weights, so that experiments have fewer of them and the test is quick.
lighten() {
    cp "$2" "$3"
    "$PYTHON" -c 'import h5py, sys; h5py.File(sys.argv[2], "r+")["events/weights"][:] *= float(sys.argv[1])' "$1" "$3"
}

# The processes with this test's folder in their command line. The word to look for is not in that of grep itself.
echo "$work/here/" >"$work/log/word"
processes() {
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -F -f "$work/log/word"
}

# nothing_left WHAT: no process and no file of a method may be left.
nothing_left() {
    check "$1: a process is left" [ -z "$(processes)" ]
    check "$1: a file is left" [ -z "$(ls -A "$TMPDIR")" ]
}
