# SPDX-License-Identifier: MIT
# The demo: the parent waits until the child has posted; a name that is closed stays until unlinked.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-semaphore
awk '/I come first/ { first = 1 } /sem_wait\(s\) = 0|^ *[0-9.]+  .= 0/ { if (!first) exit 1; seen = 1 } END { exit !seen }' \
    "$scratch/demo" || fail "the parent did not wait"
has "$scratch/demo" 'sem_open\(name, O_CREAT\|O_EXCL,'
has "$scratch/demo" 'sem_post\(s\)'
has "$scratch/demo" 'asleep [0-9]+ ms: it was 0'
awk '/sem_close/ { closed = 1 } closed && /sem_open\(name, 0\) = s$/ { there = 1 } /ENOENT/ { gone = there } END { exit !gone }' \
    "$scratch/demo" || fail "the name did not stay until it was unlinked"
