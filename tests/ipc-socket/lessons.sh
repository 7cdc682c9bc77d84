# halfclose, datagram, backlog, reuse and pass show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-socket halfclose datagram backlog pass
has "$scratch/halfclose" 'poll\([0-9]+\) = 0$'
has "$scratch/halfclose" '^ +asleep [0-9]+ ms: both wait'
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

if on_linux; then # elsewhere there may be no SO_REUSEPORT
    check_lessons ipc-socket reuse
    has "$scratch/reuse" 'bind\([0-9]+\) with SO_REUSEADDR += 0'
    [ "$(grep -c 'EADDRINUSE' "$scratch/reuse")" -eq 4 ] || fail 'not four times EADDRINUSE'
    has "$scratch/reuse" 'getsockopt: SO_REUSEADDR 0, SO_REUSEPORT 1'
    awk '/of 100 clients/ { bad = $(NF-3) + $NF != 100 } END { exit bad }' "$scratch/reuse" ||
        fail 'clients were lost'
fi

has "$scratch/pass" 'read\([0-9]+\) = -1  Bad file descriptor'
has "$scratch/pass" 'recvmsg\(.*\) = descriptor'
has "$scratch/pass" 'read\(.*"ghi"'
has "$scratch/datagram" '^-> right: each message says first how long it is'
has "$scratch/datagram" 'recv\(.*, 5, MSG_WAITALL\) = 5  "three"'
[ "$(grep -c 'a queue of 1 took [0-9]' "$scratch/backlog")" -eq 2 ] || fail 'how many queued?'
