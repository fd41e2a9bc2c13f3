#!/bin/sh
# --help, --version, --citation, and how wrong usage is answered.
. "$(dirname "$0")/common.sh"

# answers WORD ARGUMENT...: exit code 0, WORD on stdout, nothing on stderr.
answers() {
    word=$1
    shift
    run 0 "$@"
    grep -qF -e "$word" "$out" || { fail "'$word' is not on stdout: $*"; show; }
    [ ! -s "$err" ] || { fail "wrote to stderr: $*"; show; }
}

answers 'usage: fair-baseline COMMAND' --help
answers 'exit codes: 0 done, 2 wrong usage' -h
commands=$("$FB" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
check 'the program lists its commands' [ "$(echo "$commands" | wc -w)" -ge 8 ]
answers 'fair-baseline 0.' --version
answers 'kernels' --version
answers '10.5281/zenodo.15131565' --citation

for command in $commands; do
    answers "usage: fair-baseline $command " "$command" --help
    answers 'example:' "$command" -h
    answers '--threads N' "$command" --help
    answers 'fair-baseline 0.' "$command" --version
    refuse 2 "--no-such-option;fair-baseline $command --help" "$command" --no-such-option
    [ "$command" = plot ] && continue # its pictures have options: plot.sh
    refuse 2 "--threads;'two'" "$command" a b --threads two
    refuse 2 '--threads;needs a value' "$command" a b --threads
    refuse 2 "fair-baseline $command --help" "$command" a b c d
done

# Help is given whatever else is wrong.
answers 'Defaults are in brackets' simulate --events x --help
refuse 2 "'18446744073709551616'" simulate -o x.h5 --seed 18446744073709551616
refuse 2 "'-1'" simulate -o x.h5 --seed -1
refuse 2 '--json' info a --json=yes
refuse 2 "unknown command 'simmulate'; did you mean simulate?" simmulate
refuse 2 "unknown command 'qqq'; see" qqq
refuse 2 "unknown option '--Version'" --Version
refuse 2 "unknown option '-version'" -version

# One dash before a long option: that word is named, with its right form, and not another one; nothing is made.
refuse 2 'error: -threads: ;two dashes: --threads' info events.csv -threads 2
refuse 2 'error: -threads=2: ;--threads' info -threads=2 events.csv
refuse 2 'error: -overwrite: ;--overwrite' evaluate analysis.h5 -o mine -q -overwrite
refuse 2 'error: -over: ;--overwrite' evaluate analysis.h5 -o mine -over
refuse 2 'error: -num-of-sets: ;--num-of-sets' evaluate analysis.h5 -o mine -num-of-sets 3
refuse 2 'error: -seed: ;--seed' simulate -seed 3 -o new.h5
refuse 2 'error: -zq: unknown option' info -zq events.csv
refuse 2 'error: -z: unknown option' info events.csv -z b
refuse 2 'error: --thread-count: unknown option; see' info events.csv --thread-count 2
# Only whole names: what is the beginning of one option today may be that of two tomorrow.
refuse 2 'error: --thread: unknown option; did you mean --threads?' info events.csv --thread 2
refuse 2 'error: --num_of_sets: unknown option; did you mean --num-of-sets?' evaluate a.h5 -o r --num_of_sets=2
refuse 2 'error: --overwite: unknown option; did you mean --overwrite?' evaluate a.h5 -o r --overwite
# What would be ignored is refused.
refuse 2 '--interval and --as-kit contradict each other' fit a.h5 b.h5 --as-kit --interval profile
refuse 2 '--draw and --all-systematics contradict' evaluate a.h5 -o r --draw tes --all-systematics
refuse 2 '--draw and --systematics-tes contradict' evaluate a.h5 -o r --draw jes --systematics-tes
refuse 2 '--verbose and --quiet contradict' info a.h5 --quiet -v
refuse 2 '--seed and --random-seed' evaluate a.h5 -o r --seed 1 --random-seed 2
refuse 2 '--resume and --overwrite' evaluate a.h5 -o r --resume --overwrite
refuse 2 '--time-limit means nothing without --method' evaluate a.h5 -o r --time-limit 3
refuse 2 '--augment-widening means nothing without --augment' train a.h5 -o r.h5 --augment-widening 2
refuse 2 '--split-seed means nothing with --split-rule official' train a.h5 -o r.h5 --split-rule official --split-seed 3
refuse 2 '--split-seed means nothing with --split-rule official' pseudo a.h5 -o r.h5 --split-seed 3 --split-rule official
refuse 2 '--split means nothing without --method' evaluate a.h5 -o r --split .4,.1,.2,.3
refuse 2 '--systematics means nothing without --fit' plot scores a.h5 b.h5 -o x.svg --systematics tes
refuse 2 '--split and --all-rows contradict' pseudo a.h5 -o r.h5 --generator official --all-rows --split .4,.1,.2,.3
refuse 2 '--metadata means nothing without POOL' evaluate a.h5 -o r --metadata m.json
refuse 2 '--metadata means nothing without EVENTS' evaluate --method x -o r --metadata m.json
# One value is given once, and a key of a list, too; flags and other lists may be repeated.
refuse 2 '--seed 2: is given already, as 1, and takes one value' simulate -o new.h5 --seed 1 --seed 2
refuse 2 '--output b: is given already, as a' evaluate a.h5 -o a --output b
refuse 2 '--threads 1: is given already, as 1' info a.h5 --threads 1 -q --threads=1
refuse 2 '--interval profile: is given already, as hessian' fit a.h5 b.h5 --interval hessian --interval profile
refuse 2 "--fix tes=1.01: 'tes' is given already, as tes=1" fit a.h5 b.h5 --fix tes=1 --fix mu=1 --fix tes=1.01
refuse 2 "--at soft-met=2: 'soft-met' is given already, as soft_met=1" info a.h5 --at soft_met=1 --at soft-met=2
refuse 2 "--set trees=4: 'trees' is given already, as trees=3" train a.h5 -o b.h5 --set trees=3 --set trees=4
refuse 3 'a.h5: cannot be read' info a.h5 -v --verbose
# The number of threads of the environment; OpenMP itself says something about it, too.
export OMP_NUM_THREADS
for OMP_NUM_THREADS in abc 0 -3 2x '4,' ',4' '4,0' 2.5 99999999999; do
    run 2 info a.h5
    check "OMP_NUM_THREADS is '$OMP_NUM_THREADS'" grep -qF "error: OMP_NUM_THREADS is '$OMP_NUM_THREADS'; a whole number" "$err"
    run 3 info a.h5 --threads 2
done
for OMP_NUM_THREADS in 1 4,2 ' 2 , 1 ' ''; do
    run 3 info a.h5
done
unset OMP_NUM_THREADS
# "help COMMAND" is "COMMAND --help".
answers 'usage: fair-baseline COMMAND' help
for command in $commands 'plot scores'; do
    # shellcheck disable=SC2086 # two words
    "$FB" $command --help >asked.txt
    # shellcheck disable=SC2086
    answers "usage: fair-baseline $command " help $command
    check "help $command" cmp -s asked.txt "$out"
done
refuse 2 "unknown command 'simulat'; did you mean simulate?" help simulat
refuse 2 'expected one command' help plot scores now
# What is a value, a name behind --, or a short option with its value, is none.
refuse 2 "--threads: '-seed'" info --threads -seed events.csv
refuse 3 '-threads.h5: cannot be read' info -- -threads.h5
run 0 simulate -onew.h5 --events 1000 -q
check 'a short option with its value' rm new.h5
run 2
check 'without arguments the usage is on stderr' grep -q '^usage:' "$err"
check 'and nothing on stdout' [ ! -s "$out" ]

refuse 2 'expected IN OUT, got 1' convert a.h5
refuse 2 'a.txt;.csv' convert a.txt b.h5
refuse 2 '-o FILE is missing' simulate
refuse 2 'x.txt;.csv' simulate -o x.txt
refuse 2 "--events;'12x'" simulate -o x.h5 --events 12x
refuse 2 "--events;'0';from 1 to" simulate -o x.h5 --events 0
refuse 2 "--events;''" simulate -o x.h5 --events ''
refuse 2 "--events;'1e-3'" simulate -o x.h5 --events 1e-3
refuse 2 "--events;'1.5'" simulate -o x.h5 --events 1.5
refuse 2 "--gzip;'10';from 0 to 9" simulate -o x.h5 --gzip 10
refuse 2 "--mixture;'1,1,1'" simulate -o x.h5 --events 9 --mixture 1,1,1
refuse 2 "--mixture;'1,1,1,1x'" simulate -o x.h5 --events 9 --mixture 1,1,1,1x
refuse 2 "--mixture;'1,1,1,1,1'" simulate -o x.h5 --events 9 --mixture 1,1,1,1,1
refuse 2 'mixture;htautau' simulate -o x.h5 --events 9 --mixture 0,1,1,1
refuse 2 'mixture' simulate -o x.h5 --events 9 --mixture 1,nan,1,1
refuse 2 "--tes;'1.2';from 0.9 to 1.1" systematics a.h5 b.h5 --tes 1.2
refuse 2 "--soft-met;'-1'" systematics a.h5 b.h5 --soft-met -1
refuse 2 "--jes;'nan'" systematics a.h5 b.h5 --jes nan
refuse 2 "--bkg-scale;'1.0.'" systematics a.h5 b.h5 --bkg-scale 1.0.
refuse 2 '-o FILE is missing' train a.h5
refuse 2 "no setting 'leaves'" train a.h5 -o b.h5 --set leaves=3
refuse 2 "'depth' is not key=value" train a.h5 -o b.h5 --set depth
refuse 2 "depth: 'x'" train a.h5 -o b.h5 --set depth=x
refuse 2 "--split: '1,1': expected four numbers" train a.h5 -o b.h5 --split 1,1
refuse 2 "--degree;'9'" train a.h5 -o b.h5 --degree 9
refuse 2 "--binning: 'x' is not quantile or uniform" train a.h5 -o b.h5 --binning x
refuse 2 "unknown model 'oracle';bdt, dense" train a.h5 -o b.h5 --model oracle
refuse 2 "--bins;'1025'" train a.h5 -o b.h5 --bins 1025
refuse 2 "--share;'0'" train a.h5 -o b.h5 --share 0
refuse 2 '-o FILE is missing' pseudo a.h5
refuse 2 "--mu;'nan'" pseudo a.h5 -o b.h5 --mu nan
refuse 2 "--mu;'101';from 0 to 100" pseudo a.h5 -o b.h5 --mu 101
refuse 2 "--split-rule;'x'" pseudo a.h5 -o b.h5 --split-rule x
refuse 2 'expected ANALYSIS DATA, got 1' fit a.h5
refuse 2 'energy;tes' fit a.h5 b.h5 --systematics tes,energy
refuse 2 'fix;mu' fit a.h5 b.h5 --fix mu
refuse 2 'one' fit a.h5 b.h5 --fix mu=one
refuse 2 'energy' fit a.h5 b.h5 --fix energy=1
refuse 2 'wide;profile' fit a.h5 b.h5 --interval wide
refuse 2 'minos;hessian;profile' fit a.h5 b.h5 --errors minos
refuse 2 'vague;white-paper' fit a.h5 b.h5 --priors vague
refuse 2 '-o DIR is missing' evaluate a.h5
refuse 2 "--num-of-sets;'0'" evaluate a.h5 -o r --num-of-sets 0
refuse 2 '--draw;energy' evaluate a.h5 -o r --draw energy
refuse 2 '--systematics;energy' evaluate a.h5 -o r --systematics energy
run 0 evaluate --help
check 'no default where none is' [ "$(grep -c '5 % if not given$' "$out")" -eq 1 ]

# A closed standard output is noticed.
if [ -e /dev/full ]; then
    checks=$((checks + 1))
    if "$FB" --help >/dev/full 2>"$err" || "$FB" simulate --help >/dev/full 2>>"$err"; then
        fail 'a full standard output is not noticed'
    fi
fi
finish
