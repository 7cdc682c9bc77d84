# race, attach, copies and persist show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-shm race attach copies persist
has "$scratch/race" '[1-9][0-9]* writes, [1-9][0-9]* reads, [1-9][0-9]* of them torn'
has "$scratch/race" '[1-9][0-9]* writes, [1-9][0-9]* reads, 0 of them torn'
has "$scratch/race" 'Parts of two writes in [1-9][0-9]* of [0-9]+ reads; with a mutex in 0 of '

has "$scratch/attach" 'shmget\(5000 bytes\)'
has "$scratch/attach" 'shm_segsz = 5000'
has "$scratch/attach" 'byte [0-9]+: works'
has "$scratch/attach" 'shmat\(SHM_RDONLY\)'
has "$scratch/attach" 'killed by SIGSEGV'
has "$scratch/attach" 'shmat\(0x[0-9a-f]*1, SHM_RND\) = 0x[0-9a-f]*0$'
has "$scratch/attach" "base \+ 100: 'y'"
has "$scratch/attach" 'IPC_EXCL\) = -1   EEXIST'
has "$scratch/attach" 'works still'
[ "$(grep -o '= 0x[0-9a-f]*' "$scratch/attach" | sort -u | wc -l)" -ge 2 ] || fail "not at several addresses"

has "$scratch/copies" 'each byte copied 4\.0 times'
has "$scratch/copies" 'each byte copied 2\.0 times'

has "$scratch/persist" 'shmctl\(IPC_STAT\) = -1   gone$'
has "$scratch/persist" 'still here'
has "$scratch/persist" 'IPC_RMID'
