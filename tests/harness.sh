# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What every shell test sources: its own folder, its own private directory, and words to check with.
#
#   . "$SOURCE/tests/harness.sh"
#
# $scratch is a folder of the test's own, removed at its end with everything it started; $name is a
# rendezvous name that no other test uses. A check that fails says what and ends the test.

set -u
: "${SOURCE:?is set by CTest}" "${BINARIES:?is set by CTest}"
PATH=$BINARIES:$PATH
scratch=$(mktemp -d "${TMPDIR:-/tmp}/ipc-test.XXXXXX") || exit 1
# shellcheck disable=SC2034 # for the tests
name=t$$
export IPC_DEMOS_DIR="$scratch/objects"
export LC_ALL=C
# Of a process that exits LeakSanitizer stops every thread with ptrace(2), and waits for ever if a signal
# ends it just then. The C tests look for leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
unset POSIXLY_CORRECT

finish() {
    status=$?
    trap '' EXIT INT TERM
    for started in $started_processes; do
        if is_ours "$started"; then
            kill -KILL "$started" 2>/dev/null
            kill -CONT "$started" 2>/dev/null
        fi
    done
    eval "$endings"
    [ "$status" -eq 0 ] || remove_objects
    chmod -R u+rwx "$scratch" 2>/dev/null
    rm -rf "$scratch"
    exit "$status"
}
# is_ours PID: it has not ended meanwhile, and its number has not become another process'.
is_ours() {
    [ ! -r /proc/self/environ ] || grep -qaF "IPC_DEMOS_DIR=$IPC_DEMOS_DIR" "/proc/$1/environ" 2>/dev/null
}
# remove_objects: what the kernel keeps for the pairs that a failed test has left
remove_objects() {
    for rendezvous in "$IPC_DEMOS_DIR"/*-*.rendezvous; do
        of=${rendezvous##*/}
        of=${of%.rendezvous}
        case $of in
        semaphore-* | msgqueue-* | shm-*) "ipc-${of%%-*}" remove -q --name "${of#*-}" 2>/dev/null ;;
        esac
    done
}
started_processes=
endings=
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "FAILED: $*" >&2
    for shown in "$scratch"/out "$scratch"/err; do
        [ -s "$shown" ] && { echo "--- ${shown##*/}"; head -c 4000 "$shown" | tr -c '\n[:print:]' '?'; } >&2
    done
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 77
}

# started PID: kill it when the test ends, however it ends.
started() {
    started_processes="$started_processes $1"
}

# at_end COMMAND: run it when the test ends, however it ends.
at_end() {
    endings="$endings
$1"
}

# run STATUS COMMAND...: runs it with output in $scratch/out and err, and wants that exit status.
run() {
    wanted=$1
    shift
    got=0
    "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
    [ "$got" -eq "$wanted" ] || fail "'$*' exited $got, not $wanted"
}

# ended STATUS PID: waits for a process started in the background and wants that exit status.
ended() {
    await over "$2"
    got=0
    wait "$2" || got=$?
    [ "$got" -eq "$1" ] || fail "process $2 exited $got, not $1"
}

# has FILE PATTERN, hasnt FILE PATTERN: an extended regular expression in some line.
has() {
    grep -Eq -- "$2" "$1" || { cat "$1" >&2; fail "no line of ${1##*/} matches '$2'"; }
}
hasnt() {
    ! grep -Eq -- "$2" "$1" || { cat "$1" >&2; fail "a line of ${1##*/} matches '$2'"; }
}

same() {
    cmp "$1" "$2" >&2 || fail "$1 and $2 differ"
}

# await COMMAND...: until it succeeds; a condition, with a limit only so that a bug ends.
await() {
    waited=0
    until "$@" >/dev/null 2>&1; do
        waited=$((waited + 1))
        [ "$waited" -lt 1500 ] || fail "'$*' did not come true in 30 s"
        sleep 0.02
    done
}

# state PID: as the kernel calls it: R, S, D, T, Z; nothing if there is no such process.
state() {
    sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null
}

# over PID: it has ended, whether it is reaped or not.
over() {
    if [ -r /proc/self/stat ]; then
        case $(state "$1") in '' | Z) return 0 ;; *) return 1 ;; esac
    else
        case $(ps -o stat= -p "$1") in '' | Z*) return 0 ;; *) return 1 ;; esac
    fi
}

stopped() {
    [ "$(state "$1")" = T ]
}

# sleeping PID: the process waits in the kernel (or has ended).
sleeping() {
    case $(state "$1") in S | '') return 0 ;; *) return 1 ;; esac
}

# on_linux: the programs were built for Linux, and use what only Linux has.
on_linux() {
    [ "$(uname)" = Linux ] && [ "${PORTABLE:-0}" = 0 ]
}

# roles PROGRAM: all that its help lists.
roles() {
    "$1" --help | sed -n 's/^  \([a-z0-9]*\)  *[a-zA-Z].*/\1/p'
}

# random_bytes N: that many, without a generator that the machine may lack.
random_bytes() {
    head -c "$1" /dev/urandom
}

# narration FILE: what holds for every narration: 80 columns, times that never decrease.
narration() {
    awk 'length > 80 { print "too long: " $0; bad = 1 }
         /^ *[0-9]+\.[0-9]+  / { if ($1 + 0 < last) { print "time runs back: " $0; bad = 1 } last = $1 + 0 }
         END { exit bad }' "$1" >&2 || fail "the narration is wrong"
}

# nothing_left: no file of a rendezvous in our private directory.
nothing_left() {
    left=$(find "$IPC_DEMOS_DIR" -mindepth 1 2>/dev/null)
    [ -z "$left" ] || fail "left behind: $left"
}
