# SPDX-License-Identifier: MIT
# bash completion: asks the program which roles it has (`ipc-X --help`), and what a role takes
# (`ipc-X ROLE --help`): options, their values, whether its operand is a FILE or a COMMAND follows.
# shellcheck shell=bash

# _ipc_demos PROGRAM WORD: WORD is the text that is to be completed.
_ipc_demos() {
    local program=${1/#\~\//$HOME/} current=$2 words=() word line pattern usage i
    local names=() expected='' operands=0 command=0
    local -A value=()
    COMPREPLY=()

    for ((i = 1; i < COMP_CWORD; i++)); do # --api=posix comes as three words
        [[ ${COMP_WORDS[i]} == = ]] || words+=("${COMP_WORDS[i]}")
    done
    if [[ ${#words[@]} -eq 0 ]]; then
        names=(--help --version)
        while read -r word line; do
            names+=("$word")
        done < <("$program" --help 2>/dev/null | sed -n 's/^  \([a-z0-9]\{1,\}  *[a-zA-Z]\)/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "${names[*]}" -- "$current")
        return
    fi

    pattern='^  (    |-(.), )--([a-z0-9-]+)( ([^ ]+))?(  |$)'
    while IFS= read -r line; do
        if [[ $line == usage:* ]]; then
            usage=$line
        elif [[ $line =~ $pattern ]]; then
            names+=("--${BASH_REMATCH[3]}")
            value[--${BASH_REMATCH[3]}]=${BASH_REMATCH[5]}
            value[-${BASH_REMATCH[2]:--}]=${BASH_REMATCH[5]}
        fi
    done < <("$program" "${words[0]}" --help 2>/dev/null)

    for word in "${words[@]:1}"; do
        if [[ $command -gt 0 ]]; then
            command=$((command + 1))
        elif [[ -n $expected ]]; then
            expected=
        elif [[ $word == -- ]]; then
            command=1
        elif [[ $word == -?* ]]; then
            expected=${value[$word]-}
        else
            operands=$((operands + 1))
        fi
    done
    if [[ $command -eq 1 && $usage == *COMMAND* ]]; then
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
        return
    elif [[ $command -gt 0 ]]; then
        expected=FILE
    elif [[ -z $expected && $current == -* ]]; then
        expected=${names[*]}
    elif [[ -z $expected && $operands -eq 0 && $usage == *[\ \[]FILE* ]]; then
        expected=FILE
    fi
    case $expected in
    FILE)
        compopt -o filenames 2>/dev/null # fails outside a completion
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        ;;
    HOST) mapfile -t COMPREPLY < <(compgen -A hostname -- "$current") ;;
    *'|'* | --*) mapfile -t COMPREPLY < <(compgen -W "${expected//|/ }" -- "$current") ;;
    esac
}
complete -F _ipc_demos @programs@
