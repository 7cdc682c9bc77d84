# remove: the semaphores of a pair that was killed, of either family, and nothing that is in use.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

check_remove ipc-semaphore sysv
check_remove ipc-semaphore posix
