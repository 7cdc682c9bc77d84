# SPDX-License-Identifier: MIT
# Whichever side is killed at whatever moment: the other exits 3 and names it, what arrived is a
# prefix, the next run works, and nothing is left.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

kill_at_random_moments ipc-msgqueue '--api sysv' '--api posix'

# ended by a signal, or by a timeout, it cleans up
for api in sysv posix; do
    begin_side ipc-msgqueue consumer --api $api --name "$name"
    kill -TERM $side
    ended 143 $side
    exec 3>&-
    nothing_left
    run 3 ipc-msgqueue consumer --api $api --name "$name" --timeout 0.1
    nothing_left
    no_object ipc-msgqueue ''
done

# a second producer is refused
begin_pair ipc-msgqueue --name "$name"
run 1 ipc-msgqueue producer --name "$name" </dev/null
has "$scratch/err" "pid $producer"
kill -TERM $producer
exec 3>&-
ended 143 $producer
ended 3 $consumer
nothing_left
