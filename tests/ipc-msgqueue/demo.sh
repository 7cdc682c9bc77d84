# The demo: three lines, one of them the word "end", which is data; the queue is removed.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-msgqueue
has "$scratch/demo" '"end" was data|"end"'
has "$scratch/demo" 'asleep [0-9]+ ms: the queue was empty'
has "$scratch/demo" 'IPC_RMID'
