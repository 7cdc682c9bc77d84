# Whichever side is killed at whatever moment: the other exits 3 and names it, what arrived is a
# prefix, the next run works, and nothing is left.
# timeout: 120
. "$SOURCE/tests/harness.sh"

queues() {
    ipcs -q 2>/dev/null | grep -c '^0x'
}
mkfifo "$scratch/input"
random_bytes 3000000 >"$scratch/file"
moments=0
for api in sysv posix; do
    for victim in producer consumer both; do
        for bytes in 1 5000 100000 2000000; do
            moments=$((moments + 1))
            rm -f "$scratch/out"
            ipc-msgqueue producer --api $api --name "$name" <"$scratch/input" 2>"$scratch/producer" &
            producer=$!
            started $producer
            ipc-msgqueue consumer --api $api --name "$name" >"$scratch/out" 2>"$scratch/consumer" &
            consumer=$!
            started $consumer
            exec 3>"$scratch/input"
            head -c $bytes "$scratch/file" >&3
            await test -s "$scratch/out"
            case $victim in
            producer)
                kill -KILL $producer
                ended 3 $consumer
                has "$scratch/consumer" "the producer \(pid $producer\) died"
                ;;
            consumer)
                kill -KILL $consumer
                ended 3 $producer
                has "$scratch/producer" "the consumer \(pid $consumer\) died"
                ;;
            both)
                kill -KILL $producer $consumer
                wait $producer $consumer
                ;;
            esac
            exec 3>&-
            cmp -n "$(wc -c <"$scratch/out")" "$scratch/out" "$scratch/file" || fail "not a prefix"
            if [ $victim = both ]; then
                echo again | ipc-msgqueue producer -q --api $api --name "$name" &
                producer=$!
                ipc-msgqueue consumer -q --api $api --name "$name" >"$scratch/out" || fail "next run"
                ended 0 $producer
                [ "$(cat "$scratch/out")" = again ] || fail "the next run got something else"
            fi
            nothing_left
        done
    done
done
echo "$moments moments"

# Ctrl-C and SIGTERM clean up
ipc-msgqueue consumer --name "$name" 2>"$scratch/err" &
consumer=$!
started $consumer
await test -s "$IPC_DEMOS_DIR/msgqueue-$name.rendezvous"
await sleeping $consumer
kill -TERM $consumer
ended 143 $consumer
nothing_left
run 3 ipc-msgqueue consumer --name "$name" --timeout 0.1
nothing_left

# a second producer is refused
ipc-msgqueue producer --name "$name" <"$scratch/input" 2>/dev/null &
producer=$!
started $producer
exec 3>"$scratch/input"
await test -s "$IPC_DEMOS_DIR/msgqueue-$name.rendezvous"
await sleeping $producer
run 1 ipc-msgqueue producer --name "$name" </dev/null
has "$scratch/err" "pid $producer"
kill -TERM $producer
exec 3>&-
ended 143 $producer
nothing_left
