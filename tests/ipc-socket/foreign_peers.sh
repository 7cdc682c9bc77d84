# SPDX-License-Identifier: MIT
# socat and nc can be at the other end, over TCP, UDP and Unix sockets; so can a client with HTTP.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

command -v socat >/dev/null || skip 'socat is not installed'
cd "$scratch" || exit 1
random_bytes 2000000 >file

# they send
serve server --once --port 0
socat -u FILE:file "TCP:127.0.0.1:$port"
ended 0 $server
same file copy
serve server --once --path socket --reply bye
socat - UNIX-CONNECT:socket <file >out
ended 0 $server
same file copy
[ "$(cat out)" = bye ] || fail 'no reply for socat'
serve server --once --path socket --echo
socat -t 30 - UNIX-CONNECT:socket <file >out
ended 0 $server
same file copy
same file out
serve server --udp --port 0
echo hello | socat -u - "UDP:127.0.0.1:$port"
await grep -q hello copy
kill -TERM $server
ended 143 $server
# gone without an end: what it had sent counts all the same
serve server --udp --once --port 0
kill -STOP $server
for word in one two three; do
    echo $word
    sleep 0.1 # a read of socat's is a datagram
done | socat -u - "UDP:127.0.0.1:$port"
kill -CONT $server
ended 3 $server
printf 'one\ntwo\nthree\n' | same - copy
# an echo comes back as sent, and nothing before it
serve server --udp --port 0 --echo
printf hello | socat -t 0.5 - "UDP:127.0.0.1:$port" >out
printf hello | same - out
kill -TERM $server
ended 143 $server

# they receive
socat -u UNIX-LISTEN:theirs OPEN:copy,creat,trunc &
peer=$!
started $peer
run 0 ipc-socket producer --path theirs file
ended 0 $peer
same file copy
socat UNIX-LISTEN:theirs EXEC:cat &
peer=$!
started $peer
run 0 ipc-socket producer --path theirs file
ended 0 $peer
same file out
# a free port, told by the one who has it
socat -d -d -u TCP-LISTEN:0,bind=127.0.0.1 OPEN:copy,creat,trunc 2>theirs.log &
peer=$!
started $peer
await grep -q 'listening on' theirs.log
port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' theirs.log)
run 0 ipc-socket client --port "$port" file
ended 0 $peer
same file copy
# one that takes a datagram and goes has not died
there=127.$(($$ / 250 % 250)).$(($$ % 250)).9 # a loopback address that no other test uses
socat -d -d -u UDP-RECVFROM:8080,bind=$there OPEN:copy,creat,trunc 2>theirs.log &
peer=$!
started $peer
await grep -q 'receiving on' theirs.log
echo hello | ipc-socket client -q --udp --host $there || fail 'client failed'
ended 0 $peer
echo hello | same - copy
# it takes one block and goes
socat -u UNIX-LISTEN:theirs SYSTEM:'head -c 10 >/dev/null' 2>theirs.log &
peer=$!
started $peer
head -c 50000000 /dev/zero >large # more than any socket buffer holds
run 3 ipc-socket producer --path theirs large
has err 'died'
rm large
wait $peer

# HTTP: printed, and the server lives
serve server --port 0
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' | ipc-socket client --port "$port" 2>err || fail 'client failed'
echo 'still here' | ipc-socket client -q --port "$port" || fail 'the server is gone'
has copy '^GET / HTTP/1.1'
has copy '^Host: localhost'
has copy '^still here'
kill -TERM $server
ended 143 $server

command -v nc >/dev/null && nc -h 2>&1 | grep -q -- -N || exit 0
serve server --once --port 0 --reply bye
nc -N 127.0.0.1 "$port" <file >out
ended 0 $server
same file copy
[ "$(cat out)" = bye ] || fail 'no reply for nc'
serve server --once --path socket --echo
nc -N -U socket <file >out
ended 0 $server
same file copy
same file out
nc -l -U theirs </dev/null >copy &
peer=$!
started $peer
await test -S theirs
run 0 ipc-socket producer --path theirs file
ended 0 $peer
same file copy
