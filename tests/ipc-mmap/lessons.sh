# Every lesson begins with its question, ends with its answer, and shows what the system really does.
. "$SOURCE/tests/harness.sh"

for role in private anonymous protection truncate; do
    run 0 ipc-mmap $role
    narration "$scratch/out"
    head -n 1 "$scratch/out" | grep -q '?$' || fail "$role: the first line is no question"
    tail -n 1 "$scratch/out" | grep -q '\.$' || fail "$role: the last line is no sentence"
    cp "$scratch/out" "$scratch/the-$role"
    run 2 ipc-mmap $role more
done
run 0 ipc-mmap demo
narration "$scratch/out"
has "$scratch/out" "memory\[25\]: 'Z'"
has "$scratch/out" 'memory\[62\]: out of range'
has "$scratch/out" 'read\([0-9]+\) = 4  "\*BCD"'
has "$scratch/out" "memory\[1\]: '#'"
has "$scratch/out" '/proc/[0-9]+/maps'

awk '/MAP_PRIVATE, to/ { p = 1 } /MAP_SHARED$/ { p = 0 }
     /pread/ { want = p ? "original" : "replaced"; if (!index($0, want)) exit 1; seen++ }
     END { exit seen != 2 }' "$scratch/the-private" || fail "private"
[ "$(grep -c 'ended: \*number is 0$' "$scratch/the-anonymous")" -eq 2 ] || fail "not two that see nothing"
[ "$(grep -c 'ended: \*number is 42$' "$scratch/the-anonymous")" -eq 2 ] || fail "not two that see it"
has "$scratch/the-protection" 'PROT_NONE +load SIG.* store SIG'
has "$scratch/the-protection" 'PROT_READ +load works +store SIG'
has "$scratch/the-protection" 'PROT_READ \| PROT_WRITE +load works +store works'
has "$scratch/the-protection" 'MAP_SHARED: EACCES'
has "$scratch/the-protection" 'off the page: EINVAL'
has "$scratch/the-protection" 'in its last page: works'
has "$scratch/the-protection" 'page after that: SIGBUS'
has "$scratch/the-protection" 'close\([0-9]+\), a load: works'
has "$scratch/the-truncate" 'killed by SIGBUS'
has "$scratch/the-truncate" 'SIGBUS at 0x'
has "$scratch/the-truncate" 'survived'
nothing_left
