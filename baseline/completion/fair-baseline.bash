# Completion of fair-baseline for bash: the program itself says what its commands and options are.
# shellcheck shell=bash

_fair_baseline() {
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local -a command=("${COMP_WORDS[1]}")
    local words choices before=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ] || { [ "$COMP_CWORD" -eq 2 ] && [ "${COMP_WORDS[1]}" = help ]; }; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help=words 2>/dev/null | cut -f1)" -- "$current")
        return
    fi
    if [ "${COMP_WORDS[1]}" = plot ]; then
        if [ "$COMP_CWORD" -eq 2 ]; then
            mapfile -t COMPREPLY < <(compgen -W "templates scores nll coverage" -- "$current")
            return
        fi
        command+=("${COMP_WORDS[2]}")
    fi
    words=$("$program" "${command[@]}" --help=words 2>/dev/null)
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(cut -f1 <<<"$words")" -- "$current")
        return
    fi
    choices=$(awk -F'\t' -v name="$previous" '$1 == name { print $4 }' <<<"$words")
    [ -n "$choices" ] || return
    [[ $current != *,* ]] || before=${current%,*}, # of a list, the last word
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$choices" -- "${current##*,}")
}

# Where nothing of ours fits, names of files.
complete -o default -F _fair_baseline fair-baseline
