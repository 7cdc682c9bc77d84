# SPDX-License-Identifier: MIT
# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-shm demo
kill_child ipc-shm demo "sem_post\\(&read\\)   1023 x 'B'"
kill_child ipc-shm persist
kill_child ipc-shm order
kill_child ipc-shm order '-> mistake: volatile'
kill_child ipc-shm race

# From this event on the writer of race has its mutex half of the time: if it is killed, its death
# takes nobody along.
for _ in $(seq 20); do
    kill_child ipc-shm race 'pthread_mutex_lock'
done

# the maker that fails by itself is no death: exit 1
if unshare -i true 2>/dev/null; then
    run 1 unshare -i sh -c 'echo 0 >/proc/sys/kernel/shmmni && exec ipc-shm persist'
    has "$scratch/err" 'shmget'
fi
nothing_left
