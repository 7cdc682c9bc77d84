# SPDX-License-Identifier: MIT
# A child that somebody kills is noticed, whatever it had or was to do: no side waits for ever, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-semaphore demo
kill_child ipc-semaphore demo 'fork\(\) = '
kill_child ipc-semaphore values
kill_child ipc-semaphore pool 'each waits for a place' 'fork\(\), 5 times'
kill_child ipc-semaphore pool '\] sem_wait\(places\) = 0'
kill_child ipc-semaphore sets
kill_child ipc-semaphore sets '^-> mistake' 'IPC_EXCL'
kill_child ipc-semaphore persist
kill_child ipc-semaphore persist '^-> right' 'fork\(\)$'
for lesson in POSIX 'System V' 'robust mutex'; do
    kill_child ipc-semaphore crash "^-> .*$lesson" 'fork\(\)$'
done
