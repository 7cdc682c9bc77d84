# Every lesson begins with its question, ends with its answer, and shows what the system really does.
. "$SOURCE/tests/harness.sh"

for role in race attach copies persist; do
    run 0 ipc-shm $role
    narration "$scratch/out"
    head -n 1 "$scratch/out" | grep -q '?$' || fail "$role: the first line is no question"
    tail -n 1 "$scratch/out" | grep -q '\.$' || fail "$role: the last line is no sentence"
    cp "$scratch/out" "$scratch/$role"
    run 2 ipc-shm $role more
done
run 0 ipc-shm demo
narration "$scratch/out"
for letter in A B C D E; do
    has "$scratch/out" "writes 1023 x '$letter'"
    has "$scratch/out" "reads 1023 x '$letter'"
done
has "$scratch/out" 'shm_nattch = 2'
has "$scratch/out" 'ipcs -m -i'
awk '/writes 1023/ { w++ } /reads 1023/ { r++; if (r != w) exit 1 }' "$scratch/out" || fail "not in step"

has "$scratch/race" '[0-9]{4,} writes, [0-9]{5,} reads, [1-9][0-9]* of them torn'
has "$scratch/race" '[0-9]{4,} writes, [0-9]{5,} reads, 0 of them torn'
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
