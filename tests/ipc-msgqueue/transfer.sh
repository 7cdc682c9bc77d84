# producer and consumer of both families, either first, or one after the other: byte for byte.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for api in sysv posix; do
    for size in 0 1 8135 8136 8137 8192 1000003; do
        random_bytes "$size" >"$scratch/file"
        pair_through ipc-msgqueue "--api $api" "$scratch/file"
        no_object ipc-msgqueue ''
    done

    # the queue outlives its sender, and -v tells each call of the transfer; then it is gone
    head -c 8000 "$scratch/file" >"$scratch/small"
    run 0 ipc-msgqueue producer -v --api $api --name "$name" "$scratch/small"
    has "$scratch/err" 'read\([0-9]+, [0-9]+\) = 8000'
    run 1 ipc-msgqueue producer --api $api --name "$name" "$scratch/small"
    has "$scratch/err" 'waits for its consumer'
    run 0 ipc-msgqueue consumer -v --api $api --name "$name"
    has "$scratch/err" 'write\(1, 8000\)'
    same "$scratch/out" "$scratch/small"
    nothing_left
done

# --type selects
for type in 5 7; do
    echo "$type" | ipc-msgqueue producer -q --name "$name" --type $type || fail "--type $type"
    run 0 ipc-msgqueue consumer -q --name "$name" --type $type
    [ "$(cat "$scratch/out")" = "$type" ] || fail "--type $type got something else"
done
nothing_left
