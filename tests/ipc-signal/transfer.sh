# SPDX-License-Identifier: MIT
# producer and consumer, by name and by pid, either first: byte for byte, and nothing is left.
# timeout: 120
. "$SOURCE/tests/harness.sh"

for size in 0 1 6 7 8 65536 500001; do
    random_bytes "$size" >"$scratch/file"
    ipc-signal consumer --name "$name" >"$scratch/out" 2>"$scratch/err" &
    consumer=$!
    started $consumer
    ipc-signal producer -q --name "$name" "$scratch/file" || fail "producer failed"
    ended 0 $consumer
    same "$scratch/out" "$scratch/file"
    has "$scratch/err" "consumer: $size bytes in "

    ipc-signal producer -q --name "$name" <"$scratch/file" &
    producer=$!
    started $producer
    ipc-signal consumer -q --name "$name" >"$scratch/out" || fail "consumer failed"
    ended 0 $producer
    same "$scratch/out" "$scratch/file"

    ipc-signal consumer -q --name "$name" >"$scratch/out" &
    consumer=$!
    started $consumer
    ipc-signal producer -q --pid $consumer "$scratch/file" || fail "producer --pid failed"
    ended 0 $consumer
    same "$scratch/out" "$scratch/file"
done
nothing_left

# a process that would die of a signal is sent none
sleep 100 &
other=$!
started $other
run 1 ipc-signal producer --pid $other "$scratch/file"
has "$scratch/err" "process $other \(.*\) is no ipc-signal consumer"
kill -0 $other || fail "the other process died"
kill -KILL $other
wait $other
run 1 ipc-signal producer --pid $other "$scratch/file"
has "$scratch/err" 'No such process'

# hardly any signal may be pending
if command -v prlimit >/dev/null; then
    head -c 20000 "$scratch/file" >"$scratch/small"
    # those that are pending already, and timers, count against the limit of whoever comes later
    limit=$(($(sed -n 's/^SigQ:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status) + 16))
    prlimit --sigpending=$limit ipc-signal consumer -q --name "$name" >"$scratch/out" &
    consumer=$!
    started $consumer
    prlimit --sigpending=$limit ipc-signal producer -q --name "$name" "$scratch/small" || fail "with a limit of $limit"
    ended 0 $consumer
    same "$scratch/out" "$scratch/small"
fi
nothing_left
