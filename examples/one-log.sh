#!/bin/sh
# SPDX-License-Identifier: MIT
# Several programs write one log, each line whole and under its program's name.
#
#   examples/one-log.sh LOG COMMAND...
#
# Each COMMAND (one argument, for sh -c) runs with its output on a FIFO that ipc-fifo reads; what it
# says is added to LOG. Lines of up to PIPE_BUF bytes never mix; the log is complete when the last
# COMMAND has ended. One that fails does not end the others.
. "$(dirname "$0")/common.sh"
[ $# -ge 2 ] || usage
case $1 in '' | -*) usage ;; esac
true >>"$1" || exit 1
own_group "$@"

log=$1
shift
mkfifo "$folder/fifo"
part ipc-fifo consumer -q --path "$folder/fifo" >>"$log" &
exec 3>"$folder/fifo" # held until all have been started: else the end could come between two
for command in "$@"; do
    name=$(printf '%s\n' "${command%% *}" | sed 's/.*\///; s/[^A-Za-z0-9._-]/_/g')
    { sh -c "$command" 2>&1 3>&- || note "$?" "$command"; } | sed -u "s/^/$name: /" >&3 3>&- &
done
exec 3>&-
wait
