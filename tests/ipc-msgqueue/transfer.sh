# SPDX-License-Identifier: MIT
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
    has "$scratch/err" "(read\\([0-9]+, [0-9]+\\) |')= 8000"
    has "$scratch/err" '(msgsnd|mq_send)\([0-9]+, (type 1|priority 0), 8000\)'
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

# a producer whose input is idle waits for a consumer that has not come yet, however often it looks
looks() {
    awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/$side/status"
}
looked_again() {
    [ "$(looks)" -ge $((before + 3)) ]
}
if [ -r /proc/self/status ]; then
    mkfifo "$scratch/input"
    ipc-msgqueue producer -q --name "$name" <"$scratch/input" &
    side=$!
    started $side
    exec 3>"$scratch/input"
    await sleeping $side
    before=$(looks)
    await looked_again
    ipc-msgqueue consumer -q --name "$name" >"$scratch/out" 3>&- &
    consumer=$!
    started $consumer
    echo late >&3
    exec 3>&-
    ended 0 $side
    ended 0 $consumer
    [ "$(cat "$scratch/out")" = late ] || fail "not what was sent late"
fi
nothing_left
