# Completion of fair-baseline for fish: the program itself says what its commands and options are.

function __fair_baseline_words
    set -l typed (commandline -opc)
    set -l program $typed[1]
    if test (count $typed) -eq 1; or test (count $typed) -eq 2 -a "$typed[2]" = help
        $program --help=words 2>/dev/null
        return
    end
    set -l command $typed[2]
    if test "$typed[2]" = plot
        if test (count $typed) -eq 2
            printf '%s\n' templates scores nll coverage
            return
        end
        set command plot $typed[3]
    end
    set -l words ($program $command --help=words 2>/dev/null)
    set -l choices (printf '%s\n' $words | awk -F'\t' -v name="$typed[-1]" '$1 == name { print $4 }' | string split -n ' ')
    if test (count $choices) -gt 0
        set -l before (string replace -r '[^,]*$' '' -- (commandline -ct)) # of a list, the words before the last
        printf '%s\n' $before$choices
        return
    end
    printf '%s\n' $words | cut -f1,3
    __fish_complete_path (commandline -ct)
end

complete -c fair-baseline -f -a '(__fair_baseline_words)'
