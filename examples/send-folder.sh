#!/bin/sh
# Sends a folder to another machine, or another terminal, and waits until it is all there.
#
#   examples/send-folder.sh receive FOLDER PORT          there, first or second
#   examples/send-folder.sh send FOLDER PORT [HOST]      here
#
# A connection that breaks is an error at both ends, never a folder that is silently shorter.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
usage='usage: send-folder.sh send|receive FOLDER PORT [HOST]'
role=${1:?$usage}
folder=${2:?$usage}
port=${3:?$usage}
host=${4:-127.0.0.1}

case $role in
receive)
    mkdir -p "$folder"
    ipc-socket consumer -q --host "$host" --port "$port" | tar -C "$folder" -xzf -
    ;;
send) tar -C "$folder" -czf - . | ipc-socket producer -q --host "$host" --port "$port" ;;
*) echo "$usage" >&2; exit 2 ;;
esac
