#!/bin/sh
# SPDX-License-Identifier: MIT
# Copies a folder into another: one tar writes, another reads, at the same time, over a ring in
# shared memory.
#
#   examples/copy-tree.sh FROM TO
#
# The two were not started by each other: they meet by a name. Each end knows whether the other got
# all, and a file that cannot be read or written fails the copy: half of it is not taken for the whole.
. "$(dirname "$0")/common.sh"
[ $# -eq 2 ] || usage
case $1 in '' | -*) usage ;; esac
case $2 in '' | -*) usage ;; esac
[ -d "$1" ] || fail "$1 is no folder"
from=$(cd "$1" && pwd -P) to=$2
until [ -d "$to" ]; do
    to=$(dirname "$to")
done
case $(cd "$to" && pwd -P)/ in "${from%/}"/*) fail "$2 is inside $1" ;; esac
own_group "$@"

mkdir -p "$2"
name=copy-tree-$$
part tar -C "$1" -cf - . | part ipc-shm producer -q --name "$name" &
part ipc-shm consumer -q --name "$name" | part tar -C "$2" -xf -
wait
