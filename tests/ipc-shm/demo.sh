# SPDX-License-Identifier: MIT
# The demo: the key, five fills of a segment, written and read in step, and who is attached.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-shm
for letter in A B C D E; do
    has "$scratch/demo" "sem_post\\(&written\\)   1023 x '$letter'"
    has "$scratch/demo" "sem_post\\(&read\\)   1023 x '$letter'"
done
# either may be the early one, on a busy machine
has "$scratch/demo" "(sem_wait\\(&written\\) |')= 0"
has "$scratch/demo" "(sem_wait\\(&read\\) |')= 0"
has "$scratch/demo" 'asleep [0-9]+ ms: it was 0'
has "$scratch/demo" 'shm_nattch 2'
has "$scratch/demo" 'with --step, from a second terminal: ipcs -m -i [0-9]+$'
awk '/sem_post\(&written/ { w++ } /sem_post\(&read/ { r++; if (r != w) exit 1 }' "$scratch/demo" || fail "not in step"
