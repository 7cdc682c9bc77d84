#!/bin/sh
# SPDX-License-Identifier: MIT
# Lines of standard input are shared among workers, each line going to exactly one.
#
#   examples/workers.sh WORKERS COMMAND < LINES
#
# COMMAND (one argument, for sh -c) is run by each worker and reads lines. A fast worker takes more of
# them than a slow one, as all take from one queue. If one fails, or ends before the lines do, some of
# them are lost: so all are ended then.
. "$(dirname "$0")/common.sh"
[ $# -eq 2 ] || usage
counts "$1" || usage
own_group "$@"

name=workers-$$
worker() { # NUMBER
    ipc-msgqueue consumer --lines --name "$name" --timeout 10 2>"$folder/$1" || {
        failure=$?
        sed '/waiting for a producer/d' "$folder/$1" >&2
        return "$failure"
    }
}
ready() {
    [ "$(cat "$folder"/[0-9]* | grep -c 'waiting for a producer')" -eq "$1" ]
}

i=0
while [ "$i" -lt "$1" ]; do
    : >"$folder/$i"
    part worker "$i" | part sh -c "$2" &
    i=$((i + 1))
done
# A consumer that comes when the last line has been taken already would wait for another producer.
until ready "$1"; do
    sleep 0.05
done
part ipc-msgqueue producer -q --lines --name "$name"
wait
