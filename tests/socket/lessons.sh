# Every lesson begins with its question, ends with its answer, and shows what the system really does.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

for role in halfclose datagram backlog reuse pass; do
    run 0 ipc-socket $role
    narration "$scratch/out"
    head -n 1 "$scratch/out" | grep -q '?$' || fail "$role: the first line is no question"
    tail -n 1 "$scratch/out" | grep -q '\.$' || fail "$role: the last line is no sentence"
    cp "$scratch/out" "$scratch/$role"
    run 2 ipc-socket $role more
done

has "$scratch/halfclose" 'poll\([0-9]+\) = 0$'
has "$scratch/halfclose" '^ +slept [0-9]+ ms: both wait'
has "$scratch/halfclose" 'shutdown\(.*SHUT_WR\)'
has "$scratch/halfclose" 'recv\(.* = 7  "9 bytes"'
has "$scratch/halfclose" 'SO_ERROR: (Broken pipe|Connection reset)'

has "$scratch/datagram" 'recv\(.*, 2\) = 2  "th"'
has "$scratch/datagram" 'send\(.*\) = -1  Connection refused'
has "$scratch/datagram" 'recv\(.* = 11  "onetwothree"'
has "$scratch/datagram" '^3 sends: 3 receives of datagrams, 1 of a stream'

# a full backlog is no ECONNREFUSED: that is for a port or file at which nobody listens
awk '/listen\(/ { full = 1 } /close\([0-9]+\)/ { full = 0 } full && /ECONNREFUSED/ { exit 1 }' \
    "$scratch/backlog" || fail 'a full queue refused'
[ "$(grep -c ECONNREFUSED "$scratch/backlog")" -eq 4 ] || fail 'not four refusals'
has "$scratch/backlog" 'EINPROGRESS'
has "$scratch/backlog" 'EAGAIN   client 3'

has "$scratch/reuse" 'bind\([0-9]+\) with SO_REUSEADDR += 0'
[ "$(grep -c 'EADDRINUSE' "$scratch/reuse")" -eq 4 ] || fail 'not four times EADDRINUSE'
has "$scratch/reuse" 'getsockopt: SO_REUSEADDR 0, SO_REUSEPORT 1'
awk '/of 100 clients/ { bad = $(NF-3) + $NF != 100 } END { exit bad }' "$scratch/reuse" ||
    fail 'clients were lost'

has "$scratch/pass" 'read\([0-9]+\) = -1  Bad file descriptor'
has "$scratch/pass" 'recvmsg\(.*\) = descriptor'
has "$scratch/pass" 'read\(.*"ghi"'
