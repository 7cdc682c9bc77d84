#!/bin/sh
# SPDX-License-Identifier: MIT
# Sends a folder to another machine, or another terminal, and waits until it is all there.
#
#   examples/send-folder.sh receive FOLDER PORT [HOST]   there, first or second
#   examples/send-folder.sh send FOLDER PORT [HOST]      here
#
# HOST is the address of the machine that receives, the same for both; without it, both are on one
# machine: nobody else can reach 127.0.0.1. Whoever reaches HOST and PORT first sends the folder, so
# use a network that you trust. A connection that breaks, and a file that cannot be read or written,
# are errors at both ends: never a folder that is silently shorter.
. "$(dirname "$0")/common.sh"
[ $# -eq 3 ] || [ $# -eq 4 ] || usage
case $1 in receive | send) ;; *) usage ;; esac
case $2 in '' | -*) usage ;; esac
counts "$3" || usage
case ${4-127.0.0.1} in '' | -*) usage ;; esac
own_group "$@"

if [ "$1" = receive ]; then
    mkdir -p "$2"
    part ipc-socket consumer --port "$3" --host "${4-127.0.0.1}" | part tar -C "$2" -xzf -
else
    part tar -C "$2" -czf - . | part ipc-socket producer --port "$3" --host "${4-127.0.0.1}"
fi
