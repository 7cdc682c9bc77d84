# SPDX-License-Identifier: MIT
# types, persist, full and key show what the kernel does, and leave nothing.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-msgqueue types persist full key
has "$scratch/types" 'msgrcv\([0-9]+, 100, -2, IPC_NOWAIT\) = 5  \{1, "third"\}'
has "$scratch/types" 'msgrcv\([0-9]+, 100, 1, IPC_NOWAIT\) = -1  ENOMSG'
has "$scratch/types" 'msgrcv\([0-9]+, 8, 0, IPC_NOWAIT\) = -1  E2BIG'
has "$scratch/types" 'IPC_NOWAIT\|MSG_NOERROR\) = 8  \{2, "a longer"\}'
has "$scratch/types" 'errno is E2BIG, still'
has "$scratch/persist" 'msgrcv\(IPC_NOWAIT\) = -1  EINVAL'
has "$scratch/persist" 'msgrcv\(0\) \.\.\.'
has "$scratch/persist" "'= -1  EIDRM"
has "$scratch/persist" 'asleep [0-9]+ ms: it was empty'
has "$scratch/persist" 'received \(3 were\) or removed \(3 were lost'
has "$scratch/full" '= 0, 4 times'
has "$scratch/full" 'IPC_NOWAIT\) = -1  EAGAIN'
has "$scratch/full" 'msgsnd\(1024, 0\) \.\.\.'
has "$scratch/full" "'= 0  asleep [0-9]+ ms: it was full"
has "$scratch/full" 'IPC_SET, mode 0400\) = 0'
[ "$(id -u)" -eq 0 ] || has "$scratch/full" 'IPC_NOWAIT\) = -1  EACCES'
has "$scratch/key" 'unlink\(FILE\)'
