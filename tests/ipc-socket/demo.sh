# SPDX-License-Identifier: MIT
# The demo shows every call of both sides, both greetings and both ends' addresses.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-socket
for call in 'socket\(AF_INET, SOCK_STREAM, 0\)' 'inet_pton\(' 'INADDR_ANY' 'bind\(' 'htons\(' 'listen\(' \
    'getaddrinfo\(.* = 0' 'socket\(AF_INET, SOCK_STREAM, 6\) = ' 'connect\(' 'accept\([0-9]+\) ' \
    'getpeername\(.*127.0.0.1:' 'send\(.*"Hello from client"' 'send\(.*"Hello from server"' '= 0  end of file' 'close\(' 'exit status 0' 'with --step, .* ss -tanp'; do
    has "$scratch/demo" "$call"
done
has "$scratch/demo" '= 17  "Hello from server"'
