# SPDX-License-Identifier: MIT
# private, anonymous, protection and truncate show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-mmap private anonymous protection truncate
awk '/^-> right/ { shared = 1 } /pread/ { if (!index($0, shared ? "replaced" : "original")) exit 1; seen++ }
     / memory: / { if (!index($0, wanted[++looks])) exit 1 }
     BEGIN { split("original,later on,Later on,replaced", wanted, ",") }
     END { exit seen != 2 || looks != 4 }' "$scratch/private" || fail "private"
has "$scratch/anonymous" 'MAP_SHARED\|MAP_ANONYMOUS\) = b'
has "$scratch/anonymous" '^-> mistake: malloc.* \*a is 0$'
has "$scratch/anonymous" '^-> right: MAP_SHARED\|MAP_ANONYMOUS .* \*b is 42$'
has "$scratch/anonymous" '^-> right: .*/dev/zero.* \*c is 42$'
has "$scratch/anonymous" '^-> mistake: mapping after .* \*d is 0$'
has "$scratch/protection" 'PROT_NONE, MAP_SHARED\) +SIG[A-Z]* +SIG'
has "$scratch/protection" '\(PROT_READ, MAP_SHARED\) +works +SIG'
has "$scratch/protection" 'PROT_READ\|PROT_WRITE, MAP_SHARED\) +works +works'
has "$scratch/protection" 'PROT_WRITE, MAP_SHARED\) = -1  EACCES'
has "$scratch/protection" 'offset 1\) = -1  EINVAL'
has "$scratch/protection" 'past the end: works in its last page, SIGBUS in the one after'
has "$scratch/protection" 'munmap\(0x[0-9a-f]+\), a load there: SIG'
has "$scratch/protection" 'close\([0-9]+\), a load: works'
given=$(sed -n 's/^.*mmap(\(0x[0-9a-f]*\), PROT_READ, MAP_SHARED) = \(0x[0-9a-f]*\)$/\1 \2/p' "$scratch/protection")
if [ -z "$given" ] || [ "${given% *}" = "${given#* }" ]; then
    fail "an address in use was given again: $given"
fi
has "$scratch/truncate" "[=] killed by SIGBUS"
has "$scratch/truncate" 'sigaction\(SIGBUS, SA_SIGINFO\)'
has "$scratch/truncate" 'SIGBUS at 0x'
has "$scratch/truncate" 'pread\([0-9]+, 1, 0\) = 0  end of file'
has "$scratch/truncate" '^Nothing: a load there raises SIGBUS, which kills unless caught\. read\(\) says 0\.$'
