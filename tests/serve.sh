# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # for the tests; harness.sh sets $scratch
# A server for the tests of ipc-socket.

# serve ROLE OPTION...: starts a server or consumer as process $server, and waits until it listens, at
# $port if that is a port. What it receives is in $scratch/copy, what it says in $scratch/server.
serve() {
    rm -f "$scratch/server" # otherwise what stands there from before would be waited for
    ipc-socket "$@" >"$scratch/copy" 2>"$scratch/server" &
    server=$!
    started $server
    listens
}

listens() {
    await grep -q 'listening on' "$scratch/server"
    port=$(sed -n 's/.*listening on .*:\([0-9]*\)\( (UDP)\)\{0,1\}$/\1/p' "$scratch/server")
}
