# SPDX-License-Identifier: MIT
# Two terminals: each side says who it is, what to type in the other one, and who has come; on
# standard error, and nothing with -q. Who types is told how to end.
. "$SOURCE/tests/harness.sh"

shows() {
    grep -Eq -- "$2" "$1"
}
mkfifo "$scratch/input"
for pair in 'fifo' 'signal' 'semaphore --api sysv' 'msgqueue' 'shm --api posix' 'mmap'; do
    program=ipc-${pair%% *}
    family=${pair#"${pair%% *}"}
    rm -f "$scratch/theirs"
    # shellcheck disable=SC2086 # words
    $program consumer --name "$name" $family >"$scratch/copy" 2>"$scratch/theirs" &
    consumer=$!
    started $consumer
    name_it=" --name $name$family"
    [ "$program" != ipc-signal ] || name_it=" --pid $consumer FILE"
    await shows "$scratch/theirs" "^$program: consumer, pid $consumer: waiting for a producer; in another terminal:\$"
    await shows "$scratch/theirs" "^  $program producer$name_it\$"
    # shellcheck disable=SC2086 # words
    $program producer --name "$name" $family <"$scratch/input" 2>"$scratch/err" &
    producer=$!
    exec 4>"$scratch/input"
    started $producer
    # both say so before anything is sent
    await shows "$scratch/err" "^$program: producer, pid $producer: connected to the consumer, pid $consumer\$"
    await shows "$scratch/theirs" "^$program: consumer, pid $consumer: connected to the producer, pid $producer\$"
    echo hello >&4
    exec 4>&-
    ended 0 $producer
    ended 0 $consumer
    has "$scratch/err" '^ipc-[a-z]*: producer: 6 bytes in [0-9.]+ s$' # no rate of so few
    [ "$(cat "$scratch/copy")" = hello ] || fail "it does not stand alone on standard output"

    $program consumer -q --name "$name" >"$scratch/copy" 2>"$scratch/theirs" &
    consumer=$!
    started $consumer
    echo hello | run 0 "$program" producer -q --name "$name"
    ended 0 $consumer
    [ ! -s "$scratch/err" ] || fail "$program producer -q says something"
    [ ! -s "$scratch/theirs" ] || fail "$program consumer -q says something"
done
run 0 ipc-pipe parent "$scratch/copy"
has "$scratch/err" '^ipc-pipe: parent: 6 bytes in '
run 3 ipc-shm producer --key 0x7a --timeout 2 /dev/null
has "$scratch/err" '^  ipc-shm consumer --key 0x7a$'
run 3 ipc-mmap producer --path "$scratch/ring" --timeout 2 /dev/null
has "$scratch/err" "^  ipc-mmap consumer --path $scratch/ring\$"

# sockets: a place that is not the usual one is told, and who has come
export IPC_DEMOS_DIR="$scratch/private" # --unix is one for all of a user
for place in --unix "--path $scratch/socket" "--port 0" "--port 0 --host localhost -4" "--port 0 -6"; do
    case $place in *-6) [ -e /proc/net/if_inet6 ] || continue ;; esac
    rm -f "$scratch/theirs"
    # shellcheck disable=SC2086 # words
    ipc-socket consumer $place >"$scratch/copy" 2>"$scratch/theirs" &
    consumer=$!
    started $consumer
    await shows "$scratch/theirs" "^ipc-socket: consumer, pid $consumer: in another terminal:\$"
    await shows "$scratch/theirs" '^  ipc-socket producer '
    command=$(sed -n 's/^  \(ipc-\)/\1/p' "$scratch/theirs")
    echo hello | run 0 sh -c "$command"
    ended 0 $consumer
    [ "$(cat "$scratch/copy")" = hello ] || fail "'$command' leads elsewhere"
    has "$scratch/err" '^ipc-socket: producer, pid [0-9]+: connected to the consumer(, pid [0-9]+| at .+)$'
    has "$scratch/theirs" "^ipc-socket: consumer, pid $consumer: connected to the producer(, pid [0-9]+| at .+)\$"
done
rm -f "$scratch/theirs"
ipc-socket consumer --udp --port 0 >"$scratch/copy" 2>"$scratch/theirs" &
consumer=$!
started $consumer
await shows "$scratch/theirs" '^  ipc-socket producer --udp --port '
echo hello | run 0 sh -c "$(sed -n 's/^  \(ipc-\)/\1/p' "$scratch/theirs")"
ended 0 $consumer
has "$scratch/err" '^ipc-socket: producer, pid [0-9]+: sends datagrams to 127\.0\.0\.1:[0-9]+$'
has "$scratch/theirs" "^ipc-socket: consumer, pid $consumer: datagrams come from 127\.0\.0\.1:[0-9]+\$"
run 3 ipc-socket producer --path "$scratch/none" --timeout 2 /dev/null
has "$scratch/err" "^  ipc-socket consumer --path $scratch/none\$"
# what a shell would take apart is quoted; the family stands beside a name that has two
run 3 ipc-socket producer --path "$scratch/it's \$here" --timeout 2 /dev/null
has "$scratch/err" "^  ipc-socket consumer --path $scratch/it[\\]'s[\\] [\\][\$]here\$"
run 3 ipc-socket producer --host localhost -4 --port 9 --timeout 2 /dev/null
has "$scratch/err" '^  ipc-socket consumer --host localhost -4 --port 9$'
rm -f "$scratch/theirs"
ipc-mmap consumer --path "$scratch/two words's" >"$scratch/copy" 2>"$scratch/theirs" &
consumer=$!
started $consumer
await shows "$scratch/theirs" '^  ipc-mmap producer '
echo hello | run 0 sh -c "$(sed -n 's/^  \(ipc-\)/\1/p' "$scratch/theirs")"
ended 0 $consumer

if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then
    (sleep 0.2; printf 'hello\n\004') | script -qec "ipc-pipe parent - 2>$scratch/typed" /dev/null >/dev/null
    has "$scratch/typed" 'type lines; Ctrl-D ends'
    (sleep 0.2; printf '%s\n' '-1') | script -qec "ipc-mmap lookup 2>$scratch/typed" /dev/null >/dev/null
    has "$scratch/typed" 'a sample file, A to Z, 0 to 9, a to z: type an index, get the character there; -1 or Ctrl-D ends'
fi
nothing_left
