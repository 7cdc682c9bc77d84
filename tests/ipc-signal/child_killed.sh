# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-signal demo 'sigaction\(SIGUSR1, SIG_IGN'
kill_child ipc-signal demo 'sigaction\(SIGUSR1, handler'
kill_child ipc-signal coalesce 'the mistake'
kill_child ipc-signal restart 'sigaction\(SIGUSR1, flags'
