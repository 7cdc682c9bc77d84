#!/bin/sh
# SPDX-License-Identifier: MIT
# What does a receiver say when its sender is killed in the middle of a transfer?
#
#   examples/cut-short.sh
#
# A sender that has sent 1 MiB, and has more to send, gets SIGKILL, and its receiver has that 1 MiB; for
# nc, socat (those of the two that are installed) and ipc-socket. To the first two the end of a
# connection is the end of the data.
. "$(dirname "$0")/common.sh"
[ $# -eq 0 ] || usage
own_group "$@"

# tells NAME RECEIVER SENDER...: runs both, kills the sender, and says how the receiver ended
tells() {
    name=$1 receiver=$2
    shift 2
    sh -c "exec $receiver" </dev/null >"$folder/copy" 2>"$folder/said" &
    receiving=$!
    mkfifo "$folder/input"
    sh -c 'exec "$@"' sender "$@" <"$folder/input" >/dev/null 2>&1 &
    sending=$!
    exec 4>"$folder/input"
    head -c 1048576 /dev/zero >&4 || fail "$name: the sender ended by itself"
    tries=0
    until [ "$(wc -c <"$folder/copy")" -ge 1048576 ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "$name: nothing arrives: $(cat "$folder/said")"
        sleep 0.05
    done
    kill -KILL "$sending"
    status=0
    wait "$receiving" || status=$?
    exec 4>&-
    wait "$sending" 2>/dev/null || :
    printf '%-10s  exit %d   %s\n' "$name" "$status" "$(grep died "$folder/said" || echo "(says nothing)")"
    rm -f "$folder"/*
}
export folder
# shellcheck disable=SC2016 # expanded by those shells
if nc -h 2>&1 | grep -q -e '-U'; then # not every nc has Unix sockets
    tells nc 'nc -lU "$folder/nc"' \
        sh -c 'for i in $(seq 200); do [ -S "$1" ] && exec nc -U "$1"; sleep 0.05; done' sh "$folder/nc"
fi
# shellcheck disable=SC2016
if command -v socat >/dev/null; then
    tells socat 'socat -u "UNIX-LISTEN:$folder/socat" STDOUT' \
        socat -u STDIN "UNIX-CONNECT:$folder/socat,retry=50,interval=0.1"
fi
# shellcheck disable=SC2016
tells ipc-socket 'ipc-socket consumer --path "$folder/ours"' ipc-socket producer --path "$folder/ours"
