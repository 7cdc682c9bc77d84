# SPDX-License-Identifier: MIT
# The demo: three lines, one of them the word "end", which is data; the queue is removed.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-msgqueue
has "$scratch/demo" 'IPC_CREAT\|IPC_EXCL\|0600\)'
has "$scratch/demo" 'msgrcv\([0-9]+\) \.\.\.'
has "$scratch/demo" '= 3  "end"( |$)'
has "$scratch/demo" '= 12  "end was data"( |$)'
has "$scratch/demo" 'asleep [0-9]+ ms: it was empty'
has "$scratch/demo" 'IPC_RMID'
