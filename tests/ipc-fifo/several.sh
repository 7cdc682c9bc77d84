# SPDX-License-Identifier: MIT
# Several producers: the consumer waits for each that has joined, not only for those that have opened.
. "$SOURCE/tests/harness.sh"

# late: a producer, $late, that has joined, and is stopped before it finds the consumer
late() {
    rm -f "$scratch/late"
    ipc-fifo producer --name "$name" "$scratch/file" 2>"$scratch/late" &
    late=$!
    started $late
    await grep -q 'waiting for' "$scratch/late"
    kill -STOP $late
    await stopped $late
}
# consume: a consumer, $consumer
consume() {
    rm -f "$scratch/got"
    ipc-fifo consumer -q --name "$name" >"$scratch/got" 2>"$scratch/consumer" &
    consumer=$!
    started $consumer
}

# late_and_early: what the producer that is not late sends has come out
late_and_early() {
    late
    consume
    echo early | ipc-fifo producer -q --name "$name" || fail "the producer that is not late"
    await grep -q early "$scratch/got"
}

# the end of file of the others is not its end
random_bytes 3000000 >"$scratch/file"
late_and_early
kill -CONT $late
ended 0 $late
ended 0 $consumer
echo early | cat - "$scratch/file" >"$scratch/expected"
same "$scratch/got" "$scratch/expected"
nothing_left

# killed instead, it is named
late_and_early
kill -KILL $late
ended 3 $consumer
has "$scratch/consumer" "the producer \\(pid $late\\) died"
nothing_left
