# The demo shows every call of both sides, both greetings and both ends' addresses.
. "$SOURCE/tests/harness.sh"

run 0 ipc-socket demo
narration "$scratch/out"
for call in 'socket\(AF_INET, SOCK_STREAM\) = ' 'bind\(' 'htons\(' 'listen\(' 'connect\(' 'accept\(.*\) = [0-9]+' \
    'getpeername\(.*127.0.0.1:' 'send\(.*"Hello from client"' 'send\(.*"Hello from server"' 'recv\(.* = 0  end of file' 'close\(' 'exit status 0' 'ss -tanp'; do
    has "$scratch/out" "$call"
done
has "$scratch/out" 'recv.*"Hello from server"'
run 2 ipc-socket demo more
run 1 sh -c 'ipc-socket demo >/dev/full'

# the client is killed, at whatever step: the server says so and ends
for step in 'I am' 'connect\(' 'Hello from client'; do
    rm -f "$scratch/out" # what the last one wrote does not count
    ipc-socket demo --pace 0.1 >"$scratch/out" 2>"$scratch/err" &
    server=$!
    started $server
    await grep -Eq "$step" "$scratch/out"
    client=$(sed -n 's/.*I am //p' "$scratch/out")
    kill -KILL "$client"
    ended 3 $server
    has "$scratch/out" 'killed by'
    narration "$scratch/out"
done
