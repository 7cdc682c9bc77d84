# Whichever side is killed at whatever moment: the other exits 3 and names it, what arrived is a
# prefix, the next run works, and nothing is left.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

kill_at_random_moments ipc-msgqueue '--api sysv' '--api posix'

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
