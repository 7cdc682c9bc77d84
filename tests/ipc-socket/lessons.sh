# SPDX-License-Identifier: MIT
# halfclose, datagram, loss, backlog, reuse, pair and pass show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-socket halfclose datagram loss backlog pair pass
has "$scratch/halfclose" 'setsockopt\(.*SO_RCVTIMEO'
has "$scratch/halfclose" "(recv\(.* |'= )-1  EAGAIN"
has "$scratch/halfclose" 'asleep [0-9]+ ms: both wait'
has "$scratch/halfclose" 'shutdown\(.*SHUT_WR\)'
has "$scratch/halfclose" '= 7  "9 bytes"'
has "$scratch/halfclose" 'send\(.*"9 bytes"\) = -1  (EPIPE|ECONNRESET)'

has "$scratch/datagram" 'recv\(.*, 2\) = 2  "th"'
# only the connected one of two sockets is told
has "$scratch/datagram" 'send\([0-9]+, "2"\) = -1  ECONNREFUSED'
has "$scratch/datagram" 'sendto\([0-9]+, "2"\) = 1$'
has "$scratch/datagram" 'setsockopt\(.*, SO_RCVLOWAT, 11\)'
has "$scratch/datagram" 'recv\(.* = 11  "onetwothree"'
has "$scratch/datagram" '^-> right: each message says first how long it is'
has "$scratch/datagram" 'recv\(.*, 5, MSG_WAITALL\) = 5  "three"'
has "$scratch/datagram" '^Datagrams: 3, one each\. .* here 1, forced\.'

# some of a thousand fit into the buffer, the others are lost; acknowledged, none is
has "$scratch/loss" 'send\([0-9]+, 64 bytes\), 1000 times'
has "$scratch/loss" 'recv\([0-9]+, MSG_DONTWAIT\), [1-9][0-9]* times'
has "$scratch/loss" "(recv\([0-9]+\)|') ?= -1  EAGAIN"
[ "$(grep -c 'send([0-9]*, #1001)' "$scratch/loss")" -eq 3 ] || fail 'not sent, sent again and acknowledged'
has "$scratch/loss" '^[1-9][0-9]* were, [1-9][0-9]* had no room\. Acknowledged, 100 of 100;'
awk 'END { exit $1 + $3 != 1000 }' "$scratch/loss" || fail 'received and lost are not what was sent'

# a full backlog is no ECONNREFUSED: that is for a port or file at which nobody listens
awk '/listen\(/ { full = 1 } /close\([0-9]+\)/ { full = 0 } full && /ECONNREFUSED/ { exit 1 }' \
    "$scratch/backlog" || fail 'a full queue refused'
[ "$(grep -c ECONNREFUSED "$scratch/backlog")" -eq 4 ] || fail 'not four refusals'
[ "$(grep -c 'asleep [0-9]* ms: it was full' "$scratch/backlog")" -eq 2 ] || fail 'who waited?'
has "$scratch/backlog" '= -1  EINPROGRESS'
has "$scratch/backlog" 'connect\(.* = -1  EAGAIN  now'
has "$scratch/backlog" 'asleep [0-9]+ ms: asked again'
[ "$(grep -c 'a queue of 1 had [0-9]' "$scratch/backlog")" -eq 2 ] || fail 'how many queued?'
# data, too, does not wait for accept()
awk '/send\(.*"hello"/ { sent = 1 } /accept\([0-9]/ && !sent { exit 1 }' "$scratch/backlog" || fail 'accepted first'

if on_linux; then # elsewhere there may be no SO_REUSEPORT
    check_lessons ipc-socket reuse
    [ "$(grep -c 'EADDRINUSE' "$scratch/reuse")" -eq 4 ] || fail 'not four times EADDRINUSE'
    # set by both it is 0
    sed -n '/^-> right/,/^While/p' "$scratch/reuse" | grep -A 1 'SO_REUSEADDR)$' | tail -n 1 |
        grep -q ' = 0$' || fail 'SO_REUSEADDR does not help'
    has "$scratch/reuse" 'setsockopt\([0-9]+, SO_REUSEADDR \| SO_REUSEPORT\) = 0'
    has "$scratch/reuse" 'getsockopt\([0-9]+, SO_REUSEADDR\) = 0  value 0'
    has "$scratch/reuse" 'getsockopt\([0-9]+, SO_REUSEPORT\) = 0  value 1'
    awk '/of 100 clients/ { bad = $(NF-3) + $NF != 100 } END { exit bad }' "$scratch/reuse" ||
        fail 'clients were lost'
fi

has "$scratch/pair" '= 6  "onetwo"'
has "$scratch/pair" '= 3  "two"'
has "$scratch/pair" '= 9  "both came"'
has "$scratch/pair" '= 0  end of file'

has "$scratch/pass" 'read\([0-9]+, 3\) = -1  EBADF'
has "$scratch/pass" '= 1  SCM_RIGHTS: [0-9]+'
has "$scratch/pass" 'read\(.*"ghi"'
