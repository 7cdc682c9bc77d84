# SPDX-License-Identifier: MIT
# CLOCK_REALTIME is set back while a side waits, for bytes or for room: it notices all the same, and
# soon, that the other one died.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
. "$SOURCE/tests/shim.sh"

load_shim ipc-shm
export LD_PRELOAD="$scratch/shim.so" SHIM_AHEAD=3600

soon() {
    for _ in $(seq 150); do
        if over "$1"; then
            return
        fi
        sleep 0.02
    done
    fail "$pair: it still waits after 3 s"
}
# nobody reads what the feeder writes, since the producer waits for room
is_full() {
    sleeping "$producer" && sleeping "$feeder" && sleep 0.05 && sleeping "$producer" && sleeping "$feeder"
}

for pair in 'ipc-shm --api sysv' 'ipc-shm --api posix' 'ipc-mmap' 'ipc-msgqueue --api sysv' \
    'ipc-msgqueue --api posix'; do
    # shellcheck disable=SC2086 # words
    begin_pair $pair --name "$name"
    kill -KILL $producer
    soon $consumer
    ended 3 $consumer
    exec 3>&-
    wait $producer

    # shellcheck disable=SC2086 # words
    begin_pair $pair --name "$name"
    kill -STOP $consumer
    cat /dev/zero >&3 2>"$scratch/feeder" &
    feeder=$!
    started $feeder
    await is_full
    kill -KILL $consumer
    soon $producer
    ended 3 $producer
    exec 3>&-
    wait $consumer $feeder
    nothing_left
done
