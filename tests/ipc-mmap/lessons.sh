# private, anonymous, protection and truncate show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-mmap private anonymous protection truncate
awk '/MAP_PRIVATE, to/ { p = 1 } /MAP_SHARED$/ { p = 0 }
     /pread/ { want = p ? "original" : "replaced"; if (!index($0, want)) exit 1; seen++ }
     END { exit seen != 2 }' "$scratch/private" || fail "private"
[ "$(grep -c 'ended: \*number is 0$' "$scratch/anonymous")" -eq 2 ] || fail "not two that see nothing"
[ "$(grep -c 'ended: \*number is 42$' "$scratch/anonymous")" -eq 2 ] || fail "not two that see it"
has "$scratch/protection" 'PROT_NONE +load SIG.* store SIG'
has "$scratch/protection" 'PROT_READ +load works +store SIG'
has "$scratch/protection" 'PROT_READ \| PROT_WRITE +load works +store works'
has "$scratch/protection" 'MAP_SHARED: EACCES'
has "$scratch/protection" 'off the page: EINVAL'
has "$scratch/protection" 'in its last page: works'
has "$scratch/protection" 'page after that: SIGBUS'
has "$scratch/protection" 'close\([0-9]+\), a load: works'
has "$scratch/truncate" 'killed by SIGBUS'
has "$scratch/truncate" 'SIGBUS at 0x'
has "$scratch/truncate" 'survived'
