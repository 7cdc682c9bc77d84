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

i=0
while [ "$i" -lt "$workers" ]; do
    # one that starts when all lines are gone already finds no producer, and gives up
    ipc-msgqueue consumer -q --lines --name "$name" --timeout 10 | sh -c "$command" &
    i=$((i + 1))
done
ipc-msgqueue producer -q --lines --name "$name"
wait
