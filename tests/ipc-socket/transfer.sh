# SPDX-License-Identifier: MIT
# Over TCP and over Unix sockets, either side first, standard output is FILE, byte for byte.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"



for size in 0 1 4096 65535 65536 65537 3000000; do
    random_bytes $size >"$scratch/file"
    serve consumer --port 0
    run 0 ipc-socket producer --port "$port" "$scratch/file"
    ended 0 $server
    same "$scratch/file" "$scratch/copy"
    [ -s "$scratch/out" ] && fail 'the client printed something'
    has "$scratch/err" "producer: $size bytes in "
    has "$scratch/server" "consumer: $size bytes in "

    serve consumer --path "$scratch/socket"
    ipc-socket client -q --path "$scratch/socket" - <"$scratch/file" || fail 'client failed'
    ended 0 $server
    same "$scratch/file" "$scratch/copy"

    # the producer first, its input a pipe
    # shellcheck disable=SC2002 # it is
    { cat "$scratch/file" | ipc-socket producer -q --name "$name"; } &
    producer=$!
    started $producer
    serve consumer --unix --name "$name"
    ended 0 $server
    ended 0 $producer
    same "$scratch/file" "$scratch/copy"
done
nothing_left
[ ! -e "$scratch/socket" ] || fail 'the socket file is still there'

# from where its offset is
serve consumer --unix
{ dd bs=1000 count=1 of=/dev/null 2>/dev/null; ipc-socket producer -q --unix; } <"$scratch/file"
ended 0 $server
tail -c +1001 "$scratch/file" | same - "$scratch/copy"

if [ -e /proc/net/if_inet6 ] && grep -q ' lo$' /proc/net/if_inet6; then
    serve consumer -6 --port 0
    has "$scratch/server" 'listening on \[::1\]:'
    run 0 ipc-socket client -6 --port "$port" "$scratch/file"
    ended 0 $server
    same "$scratch/file" "$scratch/copy"
fi

# a name, and each line at once
mkfifo "$scratch/typed"
serve consumer -4 --host localhost --port 0
ipc-socket client -q -4 --host localhost --port "$port" <"$scratch/typed" &
client=$!
started $client
exec 3>"$scratch/typed"
for line in one two; do
    echo $line >&3
    await grep -q $line "$scratch/copy"
done
if on_linux && command -v ss >/dev/null; then # nothing is congested here, and nobody paces
    ss -tin "sport = :$port or dport = :$port" >"$scratch/ss"
    [ "$(grep -cw reno "$scratch/ss")" -eq 2 ] || fail "$(cat "$scratch/ss")"
fi
exec 3>&-
ended 0 $server
ended 0 $client

# what -v and -q mean
serve consumer -v --port 0
run 0 ipc-socket client -v --port "$port" "$scratch/file"
ended 0 $server
has "$scratch/err" 'socket\(AF_INET, SOCK_STREAM, 0\) = '
has "$scratch/err" 'connect\('
! on_linux || has "$scratch/err" 'sendfile\(.*, 1048576\) = [0-9]+' # what it took
narration "$scratch/err"
has "$scratch/err" 'shutdown\(.*SHUT_WR'
has "$scratch/server" 'accept\('
has "$scratch/server" 'recv\(.*end of file'

# input that is a pipe, of which much is moved, and little is read
serve consumer --path "$scratch/socket"
# shellcheck disable=SC2094 # it waits for what the producer says
{ cat "$scratch/file"; ! on_linux || await grep -q 'splice(0' "$scratch/err"; echo end; } |
    ipc-socket producer -v --path "$scratch/socket" 2>"$scratch/err" &
producer=$!
started $producer
ended 0 $producer
ended 0 $server
{ cat "$scratch/file"; echo end; } | same - "$scratch/copy"

ipc-socket consumer -q --unix >"$scratch/copy" 2>"$scratch/server" &
server=$!
started $server
run 0 ipc-socket producer -q --unix "$scratch/file"
ended 0 $server
cat "$scratch/server" "$scratch/err" >"$scratch/words"
[ ! -s "$scratch/words" ] || fail '-q is not quiet'
