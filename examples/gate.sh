#!/bin/sh
# Compresses many files, never more than K at a time, however many times this is started.
#
#   examples/gate.sh K FILE...
#
# The limit holds for all of a user's runs together, and a run that is killed gives its slot back:
# the slots are a System V semaphore, taken with SEM_UNDO. `ipc-semaphore remove --name gate` ends it.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
slots=${1:?usage: gate.sh K FILE...}
shift

for file in "$@"; do
    ipc-semaphore run --name gate --slots "$slots" -- gzip -f -k "$file" &
done
wait
