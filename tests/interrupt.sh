# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2016,SC2154 # harness.sh sets $scratch
# An example that a signal ends, with all that it has started; and commands that stand in for others.

mkdir "$scratch/bin" "$scratch/tmp"

# command_is NAME [LINE]...: in $scratch/bin, a script of those lines
command_is() {
    named=$1
    shift
    { echo '#!/bin/sh'; printf '%s\n' "$@"; } >"$scratch/bin/$named"
    chmod +x "$scratch/bin/$named"
}

# nobody_left: of all that this test has started, nobody lives.
nobody_left() {
    [ -r /proc/self/environ ] || return 0
    set -- /proc/[0-9]*/environ # those of now: without that of grep
    left=$(grep -laF "IPC_DEMOS_DIR=$IPC_DEMOS_DIR" "$@" 2>/dev/null)
    [ -z "$left" ]
}

at_end 'nobody_left || for each in $left; do each=${each#/proc/}; kill -KILL "${each%/environ}" 2>/dev/null; done'

# interrupted COMMAND [ARG]...: with the commands of $scratch/bin. Each of three signals ends it, as
# soon as one of those says that it runs, by the file $runs.
export runs="$scratch/runs"
interrupted() {
    for signal in TERM:143 HUP:129 INT:130; do
        rm -f "$runs"
        exec 9<&0
        case $signal in
        INT:*) # which a shell makes those ignore that it starts in the background
            command -v perl >/dev/null || break
            PATH=$scratch/bin:$PATH TMPDIR=$scratch/tmp \
                perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$@" <&9 9<&- >"$scratch/out" 2>"$scratch/err" &
            ;;
        *) PATH=$scratch/bin:$PATH TMPDIR=$scratch/tmp "$@" <&9 9<&- >"$scratch/out" 2>"$scratch/err" & ;;
        esac
        interrupted=$!
        started "$interrupted"
        await [ -e "$runs" ]
        kill -s "${signal%:*}" "$interrupted"
        ended "${signal#*:}" "$interrupted"
        nobody_left || fail "$signal left: $left"
        [ -z "$(ls "$scratch/tmp")" ] || fail "$signal left a folder"
    done
}
