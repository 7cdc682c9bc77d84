# A child that somebody kills is noticed, whatever it had or was to do: no side waits for ever, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-semaphore demo
kill_child ipc-semaphore demo 'fork\(\) = '
kill_child ipc-semaphore values
kill_child ipc-semaphore pool 'everybody waits for a place' '8 workers begin'
kill_child ipc-semaphore pool '\] sem_wait\(\) = 0'
for lesson in POSIX 'System V' 'robust mutex'; do
    kill_child ipc-semaphore crash "^-> .*$lesson" 'fork\(\)$'
done
