# producer and consumer of both families, either first, or one after the other: byte for byte.
. "$SOURCE/tests/harness.sh"

for api in sysv posix; do
    for size in 0 1 8135 8136 8137 8192 1000003; do
        random_bytes "$size" >"$scratch/file"
        ipc-msgqueue consumer --api $api --name "$name" >"$scratch/out" 2>"$scratch/err" &
        consumer=$!
        started $consumer
        ipc-msgqueue producer -q --api $api --name "$name" "$scratch/file" || fail "producer $api"
        ended 0 $consumer
        same "$scratch/out" "$scratch/file"
        has "$scratch/err" "consumer: $size bytes in "
        nothing_left

        ipc-msgqueue producer -q --api $api --name "$name" <"$scratch/file" &
        producer=$!
        started $producer
        ipc-msgqueue consumer -q --api $api --name "$name" >"$scratch/out" || fail "consumer $api"
        ended 0 $producer
        same "$scratch/out" "$scratch/file"
        nothing_left
    done

    # the queue outlives its sender; then it is gone
    head -c 8000 "$scratch/file" >"$scratch/small"
    run 0 ipc-msgqueue producer --api $api --name "$name" "$scratch/small"
    run 0 ipc-msgqueue stat --api $api --name "$name"
    has "$scratch/out" 'messages'
    run 1 ipc-msgqueue producer --api $api --name "$name" "$scratch/small"
    has "$scratch/err" 'waits for its consumer'
    run 0 ipc-msgqueue consumer -q --api $api --name "$name"
    same "$scratch/out" "$scratch/small"
    nothing_left
    run 0 ipc-msgqueue producer -q --api $api --name "$name" "$scratch/small"
    run 0 ipc-msgqueue remove --api $api --name "$name"
    run 1 ipc-msgqueue remove --api $api --name "$name"
    nothing_left
done
