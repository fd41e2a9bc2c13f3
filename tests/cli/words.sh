#!/bin/sh
# What shells complete and the pages of the manual: all from the tables of options, so that none is missing.
. "$(dirname "$0")/common.sh"
completions=$(dirname "$0")/../../baseline/completion
man_pages=$(dirname "$0")/../../baseline/man_pages.sh

# --- words -----------------------------------------------------------------------------------------------------------
run 0 --help=words
check 'commands have words' grep -q "^evaluate	run many" "$out"
run 0 fit --help=words
check 'an option, its argument, its help, its choices' \
    grep -q '^--interval	KIND	.*	symmetric profile hessian$' "$out"
for command in simulate train evaluate 'plot scores'; do
    # shellcheck disable=SC2086 # two words
    "$FB" $command --help | sed -n 's/^  .. --\([a-z-]*\) .*/--\1/p' | sort >of_help.txt
    # shellcheck disable=SC2086
    "$FB" $command --help=words | cut -f1 | sort >of_words.txt
    check "$command has the same options in both" cmp -s of_help.txt of_words.txt
    check "$command has options" [ "$(wc -l <of_help.txt)" -ge 9 ]
done

# --- bash: the words typed, the one to complete last ----------------------------------------------------------------------
completed_by_bash() {
    bash -c '
        source "$1/fair-baseline.bash"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _fair_baseline
        printf "%s\n" "${COMPREPLY[@]}"' bash "$completions" "$FB" "$@" >completed.txt
}
completes() {
    expected=$1
    shift
    completed_by_bash "$@"
    check "bash completes '$*' to '$expected'" [ "$(tr '\n' ' ' <completed.txt)" = "$expected " ]
}
completes 'evaluate' ev
completes 'scan scores score' sc
completes 'scores score' help sco
completes '--threads' fit --thr
completes '--num-of-sets --num-pseudo-experiments' evaluate --num
completes 'bdt' train a.h5 --model b
completes 'holdout' convert a.h5 b.csv --part h
completes 'profile' fit a.h5 --interval p
completes 'kit' leaderboard a.h5 --methods k
completes 'bdt,net,one-bin' leaderboard a.h5 --methods bdt,net,o
completes 'soft_met' fit a.h5 --systematics so
completes 'all,tes all,ttbar_scale' evaluate a.h5 --systematics all,t
completes 'none' evaluate a.h5 --draw n
completes 'coverage' plot c
completes '--parameter' plot templates --pa
completes '' fit a.h

# --- fish, where it is ----------------------------------------------------------------------------------------------------
if command -v fish >/dev/null; then
    fish -c "source $completions/fair-baseline.fish
        set -p PATH $(dirname "$FB")
        complete -C 'fair-baseline leaderboard a.h5 --methods bdt,ki'" >completed.txt
    check 'fish completes a list' grep -q '^bdt,kit' completed.txt
fi

# --- the manual --------------------------------------------------------------------------------------------------------
check 'pages are written' sh "$man_pages" "$FB" pages
for command in $("$FB" --help=words | cut -f1 | grep -v -e '^-' -e '^help$'); do
    page=pages/fair-baseline-$command.1
    check "$command has a page" grep -q "^\.TH fair-baseline-$command 1 " "$page"
    check 'the first page leads to it' grep -q -- "-$command (1)" pages/fair-baseline.1
    for option in $("$FB" "$command" --help=words | cut -f1); do
        escaped=$(echo "$option" | sed 's/-/\\\\-/g')
        grep -qF -e "fB$(echo "$option" | sed 's/-/\\-/g')" -e ", \\fB$escaped" "$page" || fail "$page lacks $option"
    done
done
if command -v groff >/dev/null; then
    for page in pages/*.1; do
        groff -man -Tascii -ww -z "$page" 2>faults.txt
        check "$page is good roff" [ ! -s faults.txt ]
    done
fi
finish
