#!/bin/sh
# A function or object of foo.c is named fb_foo, or begins with fb_foo_: whoever reads a call knows the file. In the same
# way a kernel, which is compiled for several sets of instructions, says which: foo.c in the library of objects fb_foo_avx2
# has only fb_foo_avx2.
# Usage: check_names.sh BUILD_FOLDER [KERNEL]...
set -u
build=${1:?usage: check_names.sh BUILD_FOLDER [KERNEL]...}
shift
LC_ALL=C
export LC_ALL

# Prints "FILE NAME" for every name that breaks the rule, from lines "FILE NAME".
judge() {
    awk '
    BEGIN {
        # Names that are as short as they are often used.
        allowed["fb_fail"] = allowed["fb_fail_prefix"] = 1 # status.c, at the end of most functions
    }
    {
        stem = $1
        sub(".*/", "", stem)
        sub("[.]c[.]o$", "", stem)
        if ($2 in allowed)
            next
        # .../CMakeFiles/LIBRARY.dir/FOLDER/FILE.c.o
        library = $1
        sub("[.]dir/.*", "", library)
        sub(".*/", "", library)
        if (index(library, "fb_" stem "_") == 1 ? $2 == library : $2 == "fb_" stem || index($2, "fb_" stem "_") == 1)
            next
        print
    }'
}

# First the judge itself.
[ "$(printf '%s\n' 'o.dir/a/journal.c.o fb_journal_add' 'o.dir/a/fit.c.o fb_fit' 'o.dir/a/status.c.o fb_fail' \
    'a/fb_fit_avx2.dir/b/fit.c.o fb_fit_avx2' | judge | wc -l)" -eq 0 ] &&
    [ "$(printf '%s\n' 'o.dir/a/journal.c.o fb_add' 'o.dir/a/fit.c.o fb_fitness' 'o.dir/a/fit.c.o main_loop' \
        'a/fb_fit_avx2.dir/b/fit.c.o fb_fit_plain' | judge | wc -l)" -eq 4 ] ||
    { echo 'the check itself is broken'; exit 1; }

# Prints the path of every object of the library, within the folder of the build.
objects() {
    find . -path '*/CMakeFiles/fb_objects.dir/*.c.o'
    for kernel in "$@"; do
        find . -path "*/CMakeFiles/$kernel.dir/*.c.o" | grep . || echo "$kernel: no object" >&2
    done
}

names=$(cd "$build" && objects "$@" | sort | while read -r object; do
    # Capital letters are global. The sanitizers add names of their own, and OpenMP those of critical sections.
    nm --defined-only "$object" | awk -v file="$object" '$2 ~ /^[TDRBC]$/ && $3 !~ /^(__odr_asan|__asan|[.]gomp)/ {print file, $3}'
done)
bad=$(printf '%s\n' "$names" | judge)
[ -z "$bad" ] || printf '%s\n' "$bad"
n=$(printf '%s\n' "$names" | grep -c .)
echo "$n names"
[ "$n" -ge 300 ] || { echo 'too few names were seen'; exit 1; }
[ -z "$bad" ]
