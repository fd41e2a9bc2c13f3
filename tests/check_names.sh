#!/bin/sh
# A function or object of foo.c is named fb_foo, or begins with fb_foo_: whoever reads a call knows the file. In the same
# way a file that is compiled for several sets of instructions says which: foo.c as fb_foo_avx2 and so on.
# Usage: check_names.sh OBJECT_FOLDER
set -u
objects=${1:?usage: check_names.sh OBJECT_FOLDER}
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
        if ($2 in allowed || $2 == "fb_" stem || index($2, "fb_" stem "_") == 1)
            next
        print
    }'
}

# First the judge itself.
[ "$(printf '%s\n' 'a/journal.c.o fb_journal_add' 'a/fit.c.o fb_fit' 'a/status.c.o fb_fail' | judge | wc -l)" -eq 0 ] &&
    [ "$(printf '%s\n' 'a/journal.c.o fb_add' 'a/fit.c.o fb_fitness' 'a/fit.c.o main_loop' | judge | wc -l)" -eq 3 ] ||
    { echo 'the check itself is broken'; exit 1; }

names=$(cd "$objects" && find baseline holdout models nll notebooks_export -name '*.c.o' | sort | while read -r object; do
    # Capital letters are global. The sanitizers add names of their own, and OpenMP those of critical sections.
    nm --defined-only "$object" | awk -v file="$object" '$2 ~ /^[TDRBC]$/ && $3 !~ /^(__odr_asan|__asan|[.]gomp)/ {print file, $3}'
done)
bad=$(printf '%s\n' "$names" | judge)
[ -z "$bad" ] || printf '%s\n' "$bad"
n=$(printf '%s\n' "$names" | grep -c .)
echo "$n names"
[ "$n" -ge 300 ] || { echo 'too few names were seen'; exit 1; }
[ -z "$bad" ]
