# The demo shows every call of both sides, both greetings and both ends' addresses.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-socket
for call in 'socket\(AF_INET, SOCK_STREAM\) = ' 'bind\(' 'htons\(' 'listen\(' 'connect\(' 'accept\(.*\) = [0-9]+' \
    'getpeername\(.*127.0.0.1:' 'send\(.*"Hello from client"' 'send\(.*"Hello from server"' 'recv\(.* = 0  end of file' 'close\(' 'exit status 0' 'ss -tanp'; do
    has "$scratch/demo" "$call"
done
has "$scratch/demo" 'recv.*"Hello from server"'
