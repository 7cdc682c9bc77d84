#!/bin/sh
# Lines of standard input are shared among workers, each line going to exactly one.
#
#   examples/workers.sh WORKERS COMMAND < LINES
#
# COMMAND (one argument, for sh -c) is run by each worker and reads lines. A fast worker takes more of
# them than a slow one, as all take from one queue.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
workers=${1:?usage: workers.sh WORKERS COMMAND}
command=${2:?usage: workers.sh WORKERS COMMAND}
name=workers-$$

# A worker that begins when all lines have been taken would wait for the next producer: not for ever.
i=0
while [ "$i" -lt "$workers" ]; do
    ipc-msgqueue consumer -q --lines --timeout 5 --name "$name" | sh -c "$command" &
    i=$((i + 1))
done
ipc-msgqueue producer -q --lines --name "$name"
wait
