# SPDX-License-Identifier: MIT
# A child that somebody kills is noticed, whatever it had or was to do: no side waits for ever, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-msgqueue demo
kill_child ipc-msgqueue demo '"hello, queue"\)'
kill_child ipc-msgqueue full
kill_child ipc-msgqueue full 'fork\(\) = '
kill_child ipc-msgqueue persist
kill_child ipc-msgqueue persist '^Another receiver is asleep' 'fork\(\)$'
