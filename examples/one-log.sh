#!/bin/sh
# Several programs write one log, each line whole and under its program's name.
#
#   examples/one-log.sh LOG COMMAND...
#
# Each COMMAND (one argument, for sh -c; its name without slashes) runs with its output on a FIFO
# that ipc-fifo reads. Lines of up
# to PIPE_BUF bytes never mix; the log is complete when the last COMMAND has ended.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
log=${1:?usage: one-log.sh LOG COMMAND...}
shift

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/fifo"
ipc-fifo consumer -q --path "$folder/fifo" >>"$log" &
reader=$!
exec 3>"$folder/fifo" # held until all have been started: else the end could come between two
for command in "$@"; do
    sh -c "$command" 2>&1 3>&- | sed -u "s/^/${command%% *}: /" >&3 3>&- &
done
exec 3>&-
wait "$reader"
