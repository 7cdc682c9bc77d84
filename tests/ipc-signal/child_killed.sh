# SPDX-License-Identifier: MIT
# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-signal demo 'sigaction\(SIGUSR1, SIG_IGN'
kill_child ipc-signal demo 'sigaction\(SIGUSR1, note'
kill_child ipc-signal demo 'read\([0-9]+\) \.\.\.'
kill_child ipc-signal coalesce
kill_child ipc-signal restart 'sigaction\(SIGUSR1, flags'
kill_child ipc-signal group 'sigaction\(SIGINT, note'
kill_parent ipc-signal demo 'read\([0-9]+\) \.\.\.'
kill_parent ipc-signal group 'sigaction\(SIGINT, note'
kill_parent ipc-signal unsafe 'sigaction\(SIGUSR1, with_flag'
