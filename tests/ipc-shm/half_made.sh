# SPDX-License-Identifier: MIT
# A process that is killed as soon as it has made a segment leaves nothing after the next run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/shim.sh"

load_shim ipc-shm
next_role=attach
for role in demo attach copies bench; do
    makes_and_dies 137 shmget ipc-shm $role
done
# where there is no MAP_ANONYMOUS the bench's first object is memory without a name, unlinked at once
[ "${PORTABLE:-0}" -eq 1 ] || makes_and_dies 137 shm_open ipc-shm bench --count 20 --bytes 4K --size 64
makes_and_dies 3 shmget ipc-shm persist # the child: the parent removes it at once
