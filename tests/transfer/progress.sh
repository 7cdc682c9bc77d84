# SPDX-License-Identifier: MIT
# A transfer that lasts over a second shows progress on a terminal: bytes, rate, and with a size the
# share and the time left; never among data.
. "$SOURCE/tests/harness.sh"
command -v script >/dev/null || skip "there is no script here, which lends a terminal"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script has other options here"

mkfifo "$scratch/input"

# on_terminal COMMAND: its standard error is a terminal, whose screen is $scratch/screen.
on_terminal() {
    rm -f "$scratch/screen"
    script -qec "$1" /dev/null </dev/null >"$scratch/screen" 2>&1 &
    terminal=$!
    started $terminal
}

# the consumer, whose data goes to a file: no size, so no share
on_terminal "ipc-fifo consumer --name $name >'$scratch/copy'"
ipc-fifo producer -q --name "$name" <"$scratch/input" &
producer=$!
started $producer
exec 3>"$scratch/input"
shown() {
    echo more >&3
    grep -q 'ipc-fifo: [0-9.]* MiB  [0-9.]* MiB/s' "$scratch/screen"
}
await shown
exec 3>&-
ended 0 $producer
ended 0 $terminal
hasnt "$scratch/screen" '% '
has "$scratch/screen" 'consumer: [0-9]+ bytes in '

# the producer, which knows the size; who takes it slowly lets it last
head -c 30000000 /dev/zero >"$scratch/big"
on_terminal "ipc-fifo producer --path '$scratch/fifo' '$scratch/big'"
await test -p "$scratch/fifo"
{
    until grep -q '% *[0-9]*:[0-9]* left' "$scratch/screen"; do
        dd bs=65536 count=1 2>/dev/null
        sleep 0.05
    done
    cat
} <"$scratch/fifo" >"$scratch/copy"
ended 0 $terminal
same "$scratch/copy" "$scratch/big"
has "$scratch/screen" 'producer: 30000000 bytes in '

# data on the screen: no progress there
on_terminal "ipc-fifo consumer --name $name"
ipc-fifo producer -q --name "$name" <"$scratch/input" &
producer=$!
started $producer
exec 3>"$scratch/input"
turns=0
lasted() { # over a second, with data all the time: await sleeps 20 ms after each of 100 turns
    echo more >&3
    turns=$((turns + 1))
    [ $turns -gt 100 ]
}
await lasted
exec 3>&-
ended 0 $producer
ended 0 $terminal
hasnt "$scratch/screen" 'ipc-fifo: [0-9.]+ MiB '

# -v tells of each call there: no progress between its lines, neither of a stream nor of a ring
for program in ipc-fifo ipc-shm; do
    on_terminal "$program consumer -v --name $name >'$scratch/copy'"
    $program producer -q --name "$name" <"$scratch/input" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    turns=0
    await lasted
    exec 3>&-
    ended 0 $producer
    ended 0 $terminal
    has "$scratch/screen" '(read|splice)\([0-9]+(, 1)?\) = |write\(1, ring, '
    hasnt "$scratch/screen" "$program: [0-9.]+ MiB "
done

# two of a pipe on one terminal: the producer alone shows it, however slowly the bytes go on
mkfifo "$scratch/slow"
on_terminal "ipc-pipe producer '$scratch/big' | ipc-pipe consumer >'$scratch/slow'"
slowly() {
    until grep -q 'ipc-pipe: [0-9.]* MiB .*left' "$scratch/screen" && [ $turns -gt 60 ]; do
        dd bs=65536 count=1 2>/dev/null
        sleep 0.05
        turns=$((turns + 1))
    done
    cat
}
turns=0
slowly <"$scratch/slow" >"$scratch/copy"
ended 0 $terminal
same "$scratch/copy" "$scratch/big"
tr '\r' '\n' <"$scratch/screen" | grep 'MiB/s' | grep -v 'bytes in' >"$scratch/lines"
hasnt "$scratch/lines" 'MiB/s[^%]*$'
