#!/bin/sh
# A function or object of foo.c is named fb_foo, or begins with fb_foo_: a reader of a call knows the file. In the same
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
good=$(printf '%s\n' 'o.dir/a/journal.c.o fb_journal_add' 'o.dir/a/fit.c.o fb_fit' 'o.dir/a/status.c.o fb_fail' \
    'a/fb_fit_avx2.dir/b/fit.c.o fb_fit_avx2' | judge | wc -l)
bad=$(printf '%s\n' 'o.dir/a/journal.c.o fb_add' 'o.dir/a/fit.c.o fb_fitness' 'o.dir/a/fit.c.o main_loop' \
    'a/fb_fit_avx2.dir/b/fit.c.o fb_fit_plain' | judge | wc -l)
if [ "$good" -ne 0 ] || [ "$bad" -ne 4 ]; then
    echo 'the check itself is broken'
    exit 1
fi

# Capital letters are global. The sanitizers add names of their own, and OpenMP those of critical sections.
names=$(cd "$build" && find . -path ./tests -prune -o -path '*/CMakeFiles/fb_*.dir/*.c.o' -print | sort |
    xargs nm -A --defined-only |
    awk '$2 ~ /^[TDRBC]$/ && $3 !~ /^(__odr_asan|__asan|[.]gomp)/ {sub(":.*", "", $1); print $1, $3}')
bad=$(printf '%s\n' "$names" | judge)
[ -z "$bad" ] || printf '%s\n' "$bad"
n=$(printf '%s\n' "$names" | grep -c .)
echo "$n names"
[ "$n" -ge 300 ] || { echo 'too few names were seen'; exit 1; }
for kernel in "$@"; do
    printf '%s\n' "$names" | grep -q " $kernel\$" || { echo "$kernel: is not there"; exit 1; }
done
[ -z "$bad" ]
