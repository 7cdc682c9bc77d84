# SPDX-License-Identifier: MIT
# The child of a demo or lesson is killed, after whatever event: the parent does not sleep in an open()
# that nobody will answer, but says so, exit 3, and leaves nothing.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

set -- 'fork\(\)$'
while [ $# -le 12 ]; do
    kill_child ipc-fifo demo "$@"
    set -- "$@" . # one event more
done
kill_child ipc-fifo open
kill_child ipc-fifo open 'O_WRONLY\) \.\.\.'
kill_child ipc-fifo writers
kill_child ipc-fifo writers '4096 bytes\), [0-9]+ times'
