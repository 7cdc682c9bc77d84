#!/bin/sh
# SPDX-License-Identifier: MIT
# Compresses many files, never more than K at a time, however many times this is started.
#
#   examples/gate.sh K FILE...
#
# The limit holds for all of a user's runs together, and a run that is killed gives its slot back: the
# slots are a System V semaphore, taken with SEM_UNDO. A file that cannot be compressed does not keep
# the others from it; a FILE.gz that exists is not touched. `ipc-semaphore remove --name gate` ends it.
. "$(dirname "$0")/common.sh"
[ $# -ge 2 ] || usage
counts "$1" || usage
own_group "$@"

slots=$1
shift
for file in "$@"; do
    ipc-semaphore run --name gate --slots "$slots" -- gzip -k -- "$file" || note "$?" "gzip $file" &
done
wait
