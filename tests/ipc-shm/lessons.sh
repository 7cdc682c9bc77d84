# SPDX-License-Identifier: MIT
# race, order, attach, copies and persist show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-shm race order attach copies persist
[ "$(grep -Ec '500 reads, [0-9]+ torn' "$scratch/race")" -eq 3 ] || fail "not counted three times"
has "$scratch/race" '10 letters, nanosleep'
has "$scratch/race" 'such as "([A-Z])\1*[A-Z]*"'
has "$scratch/race" 'PTHREAD_PROCESS_SHARED'
has "$scratch/race" '500 times pthread_mutex_lock\(\)'
has "$scratch/race" 'Parts of two writes: [0-9]+ of 500 reads, [1-9][0-9]* with a pause, 0 with a mutex\.'

# how often plain variables fail is not ours to say
[ "$(grep -Ec '[1-9][0-9]* looks: [0-9]+ lack( data)?' "$scratch/order")" -eq 3 ] || fail "not counted three times"
has "$scratch/order" '&flag, memory_order_acquire\)'
has "$scratch/order" '&flag, i, memory_order_release\)'
has "$scratch/order" '0 is no promise'
has "$scratch/order" 'Data missing: [0-9]+ times plain, [0-9]+ volatile, 0 with release and acquire\.'

has "$scratch/attach" 'shmget\(KEY, 5000, IPC_CREAT\|IPC_EXCL\|0600\) = [0-9]'
has "$scratch/attach" 'shm_segsz 5000'
has "$scratch/attach" "first\\[[0-9]+\\] = 'x'   works"
has "$scratch/attach" 'SHM_RDONLY\)'
has "$scratch/attach" 'fork\(\) = [0-9]+ .*read_only\[0\]'
has "$scratch/attach" 'killed by SIGSEGV'
has "$scratch/attach" 'shmat\([0-9]+, 0x[0-9a-f]*1, 0\) = -1  EINVAL'
has "$scratch/attach" 'shmat\([0-9]+, 0x[0-9a-f]*1, SHM_RND\) = 0x[0-9a-f]*0 '
has "$scratch/attach" "second\\[stored\\] == 'y'"
has "$scratch/attach" 'IPC_EXCL\|0600\) = -1  EEXIST'
has "$scratch/attach" 'works still'
has "$scratch/attach" 'shmget\(KEY, 0, 0\) = -1  ENOENT'
has "$scratch/attach" 'IPC_STAT\) = -1  EINVAL   gone'
# never more than two at once, although there are four: each shmdt() is told
awk '/shmat\(/ && $NF != "taken" && $NF != "odd" { on++; if (on > 2) exit 1 } /shmdt\(/ { on-- } END { exit on != 0 }' \
    "$scratch/attach" || fail "a hidden shmdt"
[ "$(grep -o '= 0x[0-9a-f]*' "$scratch/attach" | sort -u | wc -l)" -ge 2 ] || fail "not at several addresses"

has "$scratch/copies" 'each byte copied 4\.0 times'
has "$scratch/copies" 'each byte copied 2\.0 times'

has "$scratch/persist" 'shm_nattch 0$'
has "$scratch/persist" 'in it: "still here"$'
has "$scratch/persist" 'IPC_RMID'
has "$scratch/persist" 'EINVAL   gone$'
