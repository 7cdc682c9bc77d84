# SPDX-License-Identifier: MIT
# producer and consumer over segments of both families, either first: byte for byte, and clean.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for api in sysv posix; do
    for size in 0 1 2097151 2097152 2097153 10000019; do
        random_bytes $size >"$scratch/file"
        pair_through ipc-shm "--api $api" "$scratch/file"
        no_object ipc-shm ''
    done
    ends_clean ipc-shm "--api $api"
done

# a line arrives when it was written; idle, neither side uses the processor
begin_pair ipc-shm --name "$name"
await sleeping $producer
await sleeping $consumer
exec 3>&-
ended 0 $producer
ended 0 $consumer

# the other family's segment is not taken for ours
begin_side ipc-shm producer --name "$name"
run 1 ipc-shm consumer --api posix --name "$name"
has "$scratch/err" 'segment'
kill -TERM $side
ended 143 $side
exec 3>&-
nothing_left
