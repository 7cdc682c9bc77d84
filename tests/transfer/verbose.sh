# SPDX-License-Identifier: MIT
# -v shows a sleep while it lasts, and how long it was once it is over.
. "$SOURCE/tests/harness.sh"

[ -z "$SANITIZE" ] || skip "sanitizers do without the thread that looks"
# shows FILE PATTERN
shows() {
    grep -Eq -- "$2" "$1"
}
# feeds a pair with one line, and then no more until it is told to
mkfifo "$scratch/input"
feed() {
    exec 3>"$scratch/input"
    echo line >&3
}

ipc-pipe producer -q -v <"$scratch/input" 2>"$scratch/sent" | ipc-pipe consumer -q -v >"$scratch/copy" 2>"$scratch/got" 3>&- &
pair=$!
started $pair
feed
await test -s "$scratch/copy"
await shows "$scratch/got" 'poll\(0, POLLIN\) \.\.\.$'
await shows "$scratch/sent" 'read\(0\) \.\.\.$'
exec 3>&-
ended 0 $pair
has "$scratch/got" "^ *[0-9.]+  '= 1  asleep [0-9]+ ms: it was empty$"
has "$scratch/sent" "^ *[0-9.]+  '= 0  asleep [0-9]+ ms: no input$"

for program in ipc-shm ipc-mmap; do
    rm "$scratch/copy" "$scratch/got" "$scratch/sent" # those of the pair before would be awaited
    $program consumer -q -v --name "$name" >"$scratch/copy" 2>"$scratch/got" 3>&- &
    consumer=$!
    started $consumer
    $program producer -q -v --name "$name" <"$scratch/input" 2>"$scratch/sent" 3>&- &
    producer=$!
    started $producer
    feed
    await test -s "$scratch/copy"
    await shows "$scratch/got" "(futex|nanosleep)\(the ring's flag\) \.\.\.$"
    await shows "$scratch/sent" 'read\([0-9]+, ring, [0-9]+\) \.\.\.$'
    exec 3>&-
    ended 0 $producer
    ended 0 $consumer
    has "$scratch/got" "'= 0  asleep [0-9]+ ms: it was empty$"
done
nothing_left
