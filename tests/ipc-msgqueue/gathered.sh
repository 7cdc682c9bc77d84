# SPDX-License-Identifier: MIT
# A consumer that is alone writes out together what the queue holds, but waits for nothing more. One
# that is not alone writes each message before it takes the next: of what a death loses, no other gets it.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v perl >/dev/null || skip "perl, which tells one write from the next, is not here"

# start_consumers WORD...: one that $scratch/writes is about, and one that is stopped when both are there
start_consumers() {
    rm -f "$scratch/first" "$scratch/second" # else what stands there from before would be waited for
    writes ipc-msgqueue --name "$name" "$@" 2>"$scratch/first" &
    first=$!
    started $first
    await grep -q 'waiting for a producer' "$scratch/first"
    ipc-msgqueue consumer --name "$name" "$@" >"$scratch/rest" 2>"$scratch/second" &
    second=$!
    started $second
    await grep -q 'waiting for a producer' "$scratch/second"
    kill -STOP $second
    await stopped $second
}
written() {
    cmp -s "$scratch/out" "$scratch/file"
}

# a message of ours has at most 8136 bytes: a queue of System V holds two, one of POSIX ten
random_bytes 12000 >"$scratch/file"
run 0 ipc-msgqueue producer -q --name "$name" "$scratch/file"
writes ipc-msgqueue -q --name "$name" || fail "consumer"
were 12000
same "$scratch/out" "$scratch/file"
random_bytes 70000 >"$scratch/file"
if [ "$(cat /proc/sys/fs/mqueue/msg_max 2>/dev/null || echo 10)" -ge 10 ]; then
    run 0 ipc-msgqueue producer -q --api posix --name "$name" "$scratch/file"
    writes ipc-msgqueue -q --api posix --name "$name" || fail "consumer"
    were 65088 4912
    same "$scratch/out" "$scratch/file"
fi
nothing_left

# lines are messages, with or without the other's option
printf '7 byte\n8 bytes\n8 bytes\nlong\n' >"$scratch/file"
run 0 ipc-msgqueue producer -q --lines --name "$name" "$scratch/file"
writes ipc-msgqueue -q --lines --name "$name" || fail "consumer"
were 7 8 8 5
same "$scratch/out" "$scratch/file"

# a line that would go on well with another comes out alone all the same
mkfifo "$scratch/input"
rm -f "$scratch/out"
writes ipc-msgqueue -q --name "$name" &
consumer=$!
started $consumer
ipc-msgqueue producer -q --name "$name" <"$scratch/input" &
producer=$!
started $producer
exec 3>"$scratch/input"
printf '8 bytes\n' >&3
await grep -q '8 bytes' "$scratch/out"
printf '8 others' >&3
exec 3>&-
ended 0 $producer
ended 0 $consumer
were 8 8
nothing_left

# not alone: a message at a time, and the other has its end
random_bytes 70000 >"$scratch/file"
for api in sysv posix; do
    start_consumers --api $api
    ipc-msgqueue producer -q --api $api --name "$name" "$scratch/file" &
    producer=$!
    started $producer
    await written
    kill -CONT $second
    ended 0 $first
    ended 0 $second
    ended 0 $producer
    were 8136 8136 8136 8136 8136 8136 8136 8136 4912
    [ ! -s "$scratch/rest" ] || fail "the one that was stopped got something"
    nothing_left
done

# a second one comes when the first has taken much, and cannot write it: each line arrives once
seq 1000001 1025000 >"$scratch/file" # 8 bytes each: more than a pipe holds, and what is gathered
mkfifo "$scratch/pipe"
exec 4<>"$scratch/pipe"
rm -f "$scratch/err" "$scratch/first"
ipc-msgqueue consumer --name "$name" >"$scratch/pipe" 2>"$scratch/err" 4<&- &
first=$!
started $first
await grep -q 'waiting for a producer' "$scratch/err"
ipc-msgqueue producer -q --lines --name "$name" "$scratch/file" 4<&- &
producer=$!
started $producer
await sleeping $producer # the queue is full
ipc-msgqueue consumer -q --name "$name" >"$scratch/second" 4<&- &
second=$!
started $second
await test -s "$scratch/second"
cat "$scratch/pipe" >"$scratch/first" 4<&- &
reader=$!
started $reader
await test -s "$scratch/first"
exec 4<&-
ended 0 $producer
ended 0 $first
ended 0 $second
wait $reader
sort "$scratch/first" "$scratch/second" >"$scratch/out"
same "$scratch/out" "$scratch/file"
nothing_left
