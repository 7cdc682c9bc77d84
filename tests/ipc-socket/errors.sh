# SPDX-License-Identifier: MIT
# Every error names the call, the object and the reason, with a hint.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

serve server --port 0
run 1 ipc-socket server --port "$port"
has "$scratch/err" "ipc-socket: bind \"127.0.0.1:$port\": Address (already )?in use"
has "$scratch/err" 'another server is on that port; --port 0 picks a free one'
kill -TERM $server
ended 143 $server
run 1 ipc-socket client --port "$port" /dev/null
has "$scratch/err" "connect \"127.0.0.1:$port\": Connection refused"
has "$scratch/err" 'nobody listens there'
run 3 ipc-socket producer --port "$port" --timeout 0.3 /dev/null
has "$scratch/err" 'no server at 127.0.0.1:.* within the time given'
run 3 ipc-socket consumer --port 0 --timeout 0.2
has "$scratch/err" 'no client came within the time given'
run 1 ipc-socket server --host 192.0.2.1 --port 0
has "$scratch/err" 'bind "192.0.2.1:0": (Cannot assign requested address|Address not available)'
has "$scratch/err" 'no interface here has that address'
run 1 ipc-socket client --host no-such-name.invalid
has "$scratch/err" 'getaddrinfo "no-such-name.invalid": '
has "$scratch/err" 'check its spelling'
run 1 ipc-socket server -4 --host ::1
run 3 ipc-socket consumer --host 0.0.0.0 --port 0 --timeout 0
has "$scratch/err" 'warning: 0.0.0.0:[0-9]+ is every interface'

# no descriptor is left for a client, and none will become free
rm -f "$scratch/server"
# shellcheck disable=SC3045 # every shell here has it
(ulimit -n 4 && exec ipc-socket consumer --port 0 --timeout 5) 2>"$scratch/server" 3>&- &
server=$!
started $server
listens
run 3 ipc-socket client --port "$port" /dev/null
ended 1 $server
has "$scratch/server" 'accept: (Too many open files|No file descriptors available)'
has "$scratch/server" 'ulimit -n'

# Unix sockets
cd "$scratch" || exit 1
long=$(printf '%0110d' 0)
run 1 ipc-socket server --path "$long"
has err 'bind "0*": File ?name too long'
has err 'at most 107 bytes'
run 1 ipc-socket client --path "$long" /dev/null
has err 'connect "0*": File ?name too long'
run 1 ipc-socket client --path socket /dev/null
has err 'connect "socket": No such file or directory'
echo kept >regular
run 1 ipc-socket server --path regular
has err 'bind "regular": it exists and is not a socket'
[ "$(cat regular)" = kept ] || fail 'the regular file was changed'
ln -s nowhere link
run 1 ipc-socket server --path link
has err 'bind "link": it exists and is not a socket'

run 1 ipc-socket client --path regular /dev/null
has err 'connect "regular": it exists and is not a socket'
run 1 ipc-socket producer --path regular /dev/null # it does not wait for what cannot come
run 1 ipc-socket producer --path link /dev/null
has err 'connect "link": it exists and is not a socket'

serve consumer --path socket
case $(ls -l socket) in srw-------*) ;; *) fail "$(ls -l socket)" ;; esac
run 1 ipc-socket server --path socket # and the first one did not take that for a client
has err 'bind "socket": Address (already )?in use'
has err 'another server uses that socket'
echo data | ipc-socket client -q --path socket || fail 'client failed'
ended 0 $server
[ "$(cat copy)" = data ] || fail 'the client was not served'

serve server --path socket
kill -KILL $server
ended 137 $server
[ -S socket ] || fail 'killed, and yet the file is gone'
run 1 ipc-socket client --path socket /dev/null
has err 'connect "socket": Connection refused'
run 3 ipc-socket consumer --path socket --timeout 0.1 # the stale file is replaced
[ ! -e socket ] || fail 'the file is still there'

# somebody removed the file of a server that lives, and another made it anew: it is not the first's
serve server --path socket
first=$server
rm socket
serve server --path socket
kill -TERM $first
ended 143 $first
echo data | ipc-socket client -q --path socket || fail "the first server has removed the second's file"
kill -TERM $server
ended 143 $server
[ ! -e socket ] || fail 'the file is still there'

# somebody else's stale file is not ours to replace, and is said to be somebody else's
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    serve server --path socket
    kill -KILL $server
    ended 137 $server
    chmod 777 "$scratch"
    run 1 env IPC_DEMOS_DIR="$scratch/user" setpriv --reuid=1000 --regid=1000 --clear-groups \
        "$BINARIES/ipc-socket" server --path socket
    has err 'bind "socket": it belongs to user 0'
    chmod 700 "$scratch"
    [ -S socket ] || fail 'it was removed'
    rm socket
fi

# whoever keeps the lock at which two servers take turns cannot shut others out
if command -v socat >/dev/null && on_linux; then
    socat -d -d "ABSTRACT-LISTEN:ipc-socket lock $(id -u)" /dev/null 2>lock &
    holder=$!
    started $holder
    await grep -Eq 'listening on|exiting' lock
    run 3 timeout 20 ipc-socket consumer --path socket --timeout 0
    kill $holder 2>/dev/null
    wait $holder
fi

# a server that accepts and resets at once, mostly before its client sees that it is connected
if command -v perl >/dev/null; then
    perl -MSocket -e '
        socket(my $listener, PF_INET, SOCK_STREAM, 0) or die $!;
        bind($listener, sockaddr_in(0, INADDR_LOOPBACK)) or die $!;
        listen($listener, 5) or die $!;
        my ($port) = sockaddr_in(getsockname($listener));
        syswrite(STDOUT, "$port\n");
        while (accept(my $client, $listener)) {
            setsockopt($client, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)) or die $!;
            close($client);
        }' >port &
    server=$!
    started $server
    await test -s port
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        run 3 ipc-socket client --port "$(cat port)" /dev/null
        has err 'the server 127.0.0.1:[0-9]+ died: Connection reset by peer'
    done
    kill $server
    wait $server
fi

# a server that is none of ours takes two datagrams, and has gone when the end comes
if command -v perl >/dev/null; then
    mkfifo input
    ipc-socket client --udp --port "$(perl -MSocket -e '
        socket(my $server, PF_INET, SOCK_DGRAM, 0) or die $!;
        bind($server, sockaddr_in(0, INADDR_LOOPBACK)) or die $!;
        my ($port) = sockaddr_in(getsockname($server));
        if (fork() == 0) {
            close(STDOUT);
            recv($server, my $bytes, 9, 0);
            open(my $first, ">", "first");
            recv($server, $bytes, 9, 0);
            close($server);
            open(my $taken, ">", "taken");
            exit;
        }
        print "$port\n"')" <input 2>err &
    client=$!
    started $client
    exec 3>input
    echo line >&3
    await test -e first
    echo line >&3
    await test -e taken
    exec 3>&-
    ended 3 $client
    has err 'the server 127.0.0.1:[0-9]+ died: '
fi

run 1 ipc-socket client --path x no-such-file
has err 'open "no-such-file"'
run 1 ipc-socket client --path x /
nothing_left
