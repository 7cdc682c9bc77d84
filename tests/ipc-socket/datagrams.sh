# SPDX-License-Identifier: MIT
# UDP: datagrams cross, come back, and end; a sender that died is noticed; a producer waits.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

random_bytes 30000 >"$scratch/file" # what every receive buffer holds
for size in 0 1 1400 1401 30000; do
    head -c $size "$scratch/file" >"$scratch/part"
    serve server --udp --once --port 0 --echo --reply bye
    run 0 ipc-socket client --udp --port "$port" "$scratch/part"
    ended 0 $server
    same "$scratch/part" "$scratch/copy"
    { cat "$scratch/part"; printf bye; } | same - "$scratch/out"
done

# one after the other, and their ends are answered once
serve server --udp --port 0 --reply bye
for i in 1 2 3; do
    echo $i | ipc-socket producer -q --udp --port "$port" >"$scratch/out" || fail 'producer failed'
    [ "$(cat "$scratch/out")" = bye ] || fail "the reply was '$(cat "$scratch/out")'"
done
printf '1\n2\n3\n' | same - "$scratch/copy"
kill -TERM $server
ended 143 $server

# an empty input is the end, three times and no more; a server that had it waits for others for ever.
# The server is stopped until an end has come, which it finds before its time is over, however busy
# the machine is: its --timeout is that of the first client only.
stopped_or_over() {
    stopped "$server" || over "$server"
}
tries=0
while
    serve server --udp --port 0 --timeout 1 -v
    kill -STOP $server
    await stopped_or_over
    over "$server"
do
    ended 3 $server # its second was over before it was stopped
    tries=$((tries + 1))
    [ $tries -lt 20 ] || fail 'the server could not be stopped within a second'
done
ipc-socket client -v --udp --port "$port" /dev/null 2>"$scratch/client" &
client=$!
started $client
two_ends() {
    [ "$(grep -c 'the end' "$scratch/client")" -ge 2 ] # each is told before it is sent: one is there
}
await two_ends
sleep 1.1 # its time is over
kill -CONT $server
ended 0 $client
echo after | ipc-socket client -q --udp --port "$port" || fail 'the server is gone'
await grep -q after "$scratch/copy"
ends=$(sed -n '/recvfrom.* = 6$/q; s/.*recvfrom(.*) = 0$/end/p' "$scratch/server" | wc -l)
[ "$ends" -eq 3 ] || fail "$ends ends"
kill -TERM $server
ended 143 $server

# nobody there: the client fails, the producer waits
run 1 ipc-socket client --udp --port "$port" "$scratch/file"
has "$scratch/err" 'connect "127.0.0.1:[0-9]+": Connection refused'
run 3 ipc-socket producer --udp --port "$port" --timeout 0.3 "$scratch/file"
run 3 ipc-socket consumer --udp --port 0 --timeout 0.2

# begin OPTION...: a server with those, and a client of which a line has arrived, and which may be
# given more on descriptor 3
begin() {
    serve server --udp --once --port 0 "$@"
    ipc-socket client -v --udp --port "$port" <"$scratch/typed" >"$scratch/out" 2>"$scratch/client" &
    client=$!
    started $client
    exec 3>"$scratch/typed"
    echo one >&3
    await grep -q one "$scratch/copy"
}
mkfifo "$scratch/typed"

# the client dies: no server waits for it, nor one that sends something itself
for option in '' --echo --reply=bye; do
    begin $option
    kill -KILL $client
    ended 137 $client
    exec 3>&-
    ended 3 "$server"
    has "$scratch/server" 'the client 127.0.0.1:[0-9]+ died'
done

# the server dies
begin
kill -KILL "$server"
ended 137 "$server"
echo two >&3
ended 3 $client # the refusal of that wakes it, while its input is open
exec 3>&-
has "$scratch/client" 'the server 127.0.0.1:[0-9]+ died'

# nothing more to send, but the end finds nobody
begin
await grep -q 'recv(.*) = 0' "$scratch/client" # a server of ours has shown itself
kill -KILL "$server"
ended 137 "$server"
exec 3>&-
ended 3 $client
has "$scratch/client" 'the server 127.0.0.1:[0-9]+ died'

# more comes to a stopped consumer than has room: both sides say what was lost
begin -v
await grep -q 'recv(.*) = 0' "$scratch/client" # a server of ours has shown itself
kill -STOP "$server"
await stopped_or_over
random_bytes 5000000 >&3
exec 3>&-
await grep -q 'the end' "$scratch/client"
kill -CONT "$server"
ended 1 $client
ended 1 "$server"
has "$scratch/client" 'UDP lost [1-9][0-9]* of 5000004 bytes'
has "$scratch/server" 'UDP lost [1-9][0-9]* of 5000004 bytes'

# stopped at the beginning it cannot greet: what it says later is no answer yet
serve server --udp --once --port 0
kill -STOP "$server"
await stopped_or_over
ipc-socket client -v --udp --port "$port" "$scratch/file" >"$scratch/out" 2>"$scratch/client" &
client=$!
started $client
await grep -q 'the end' "$scratch/client"
kill -CONT "$server"
ended 0 $client
ended 0 "$server"
same "$scratch/file" "$scratch/copy"
[ ! -s "$scratch/out" ] || fail 'the answer to the end was printed'

run 2 ipc-socket server --udp --port 0 --reply "$(printf '%01401d' 0)" # more than a datagram
