# types, persist, full and key show what the kernel does, and leave nothing.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-msgqueue types persist full key
has "$scratch/types" 'msgrcv\(-2\) = type 1 "third"'
has "$scratch/types" 'E2BIG'
has "$scratch/persist" 'EIDRM'
has "$scratch/persist" '3 messages are lost'
has "$scratch/full" 'EAGAIN'
has "$scratch/full" 'asleep [0-9]+ ms'
