# SPDX-License-Identifier: MIT
# The demo: two names in the file system, and two turns of a chat.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-fifo
has "$scratch/demo" 'prw-r--r-- size 0'
has "$scratch/demo" 'hello, user2'
has "$scratch/demo" 'asleep [0-9]+ ms: no reader yet'
