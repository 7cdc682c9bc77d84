# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the examples have in common; each of them sources it first:
#
#   . "$(dirname "$0")/common.sh"
#
# The comment at the head of a script is its --help; the lines in it that show a call are its usage.
set -eu
# Built beside the sources; or installed, and then below share/doc/ipc-demos/examples.
here=$(cd "$(dirname "$0")" && pwd)
PATH=${BINARIES:-${here%/*}/build:${here%/share/doc/*}/bin}:$PATH

usage() {
    sed -n 's/^#   examples\//usage: /p' "$0" | sed 's/   .*//' >&2
    exit 2
}

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# counts WORD: it is a number from 1 to 99999.
counts() {
    case $1 in '' | 0* | *[!0-9]* | ??????*) return 1 ;; esac
}

# own_group "$@": what follows runs in a process group of its own, with a folder, $folder. When it
# ends, or a signal ends it, the whole group ends and the folder is removed: no process is left. The
# script exits with the first status that note() was given, or else with that of what follows.
own_group() {
    if [ -n "${IPC_EXAMPLE_FOLDER-}" ]; then # this is what follows
        folder=$IPC_EXAMPLE_FOLDER
        unset IPC_EXAMPLE_FOLDER
        return
    fi
    command -v setsid >/dev/null || fail "setsid (util-linux) is not installed"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/ipc-example.XXXXXX")
    group='' signal='' status=0
    for each in HUP INT QUIT TERM; do
        # shellcheck disable=SC2064 # its name now
        trap "signal=$each; to_group TERM || :" $each
    done
    exec 3<&0 # a shell gives a process in the background /dev/null
    IPC_EXAMPLE_FOLDER=$folder setsid sh "$0" "$@" <&3 3<&- &
    group=$!
    [ -z "$signal" ] || to_group TERM || :
    wait "$group" || status=$?

    how=TERM tries=0
    while [ "$tries" -lt 40 ] && to_group $how && lives; do
        sleep 0.05
        tries=$((tries + 1))
        [ "$tries" -lt 20 ] || how=KILL # as the programs do, after a second
    done
    if [ -z "$signal" ] && [ -s "$folder/failed" ]; then
        read -r status what <"$folder/failed" || :
        echo "${0##*/}: $what: exit status $status" >&2
    fi
    rm -rf "$folder"
    if [ -n "$signal" ]; then
        trap - "$signal"
        kill -s "$signal" $$
    fi
    exit "$status"
}

# to_group SIGNAL: false if nobody is in the group. Before setsid(1) has run there is only its process.
to_group() {
    [ -n "$group" ] || return 0
    kill "-$1" "-$group" 2>/dev/null || { [ -n "$signal" ] && kill "-$1" "$group" 2>/dev/null; }
}

# lives: somebody in the group does; those that have ended may wait long for init to reap them.
lives() {
    [ -r /proc/self/stat ] || return 0
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*)//' |
        awk -v group="$group" '($1 == group || $4 == group) && $2 != "Z" { lives = 1 } END { exit !lives }'
}

# note STATUS NAME: NAME has failed, which does not keep the others from going on.
note() {
    printf '%s\n' "$(printf '%s' "$*" | tr '\n' ' ')" >>"$folder/failed" # one write: others may note, too
}

# part COMMAND...: one of several that need each other: if it fails, all of the group ends.
part() {
    "$@" || {
        note "$?" "$*"
        kill -s TERM 0
    }
}

if [ "${1-}" = --help ]; then
    sed -n '1d; /^#/!q; /SPDX/d; s/^# \{0,1\}//p' "$0"
    exit
fi
command -v ipc-pipe >/dev/null || fail "build first: cmake --workflow --preset demo"
