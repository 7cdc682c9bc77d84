#!/bin/sh
# Copies a folder: one tar writes, another reads, at the same time, over a ring in shared memory.
#
#   examples/copy-tree.sh FROM TO
#
# Two programs that were not started by each other meet by a name; each end knows whether the other
# one got all, so a copy that was cut short is not taken for a whole one.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
from=${1:?usage: copy-tree.sh FROM TO}
to=${2:?usage: copy-tree.sh FROM TO}
name=copy-tree-$$

mkdir -p "$to"
tar -C "$from" -cf - . | ipc-shm producer -q --name "$name" &
producer=$!
ipc-shm consumer -q --name "$name" | tar -C "$to" -xf -
wait "$producer"
