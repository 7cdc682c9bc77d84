# SPDX-License-Identifier: MIT
# producer and consumer with semaphores of both families, either first: byte for byte, and clean.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for api in sysv posix; do
    for size in 0 1 65535 65536 65537 2097152 10000019; do
        random_bytes $size >"$scratch/file"
        pair_through ipc-semaphore "--api $api" "$scratch/file"
        no_object ipc-semaphore ''
    done
    ends_clean ipc-semaphore "--api $api"
done

# a line arrives when it was written; idle, both sleep
for api in sysv posix; do
    begin_pair ipc-semaphore --api $api --name "$name"
    await sleeping $producer
    await sleeping $consumer
    exec 3>&-
    ended 0 $producer
    ended 0 $consumer
done

# -v: every call of the transfer
for call in 'sem_wait\(full\)' 'semop\(full, -1\)'; do
    api=posix
    [ "${call#semop}" = "$call" ] || api=sysv
    echo word | ipc-semaphore producer -v --api $api --name "$name" 2>"$scratch/producer" &
    producer=$!
    started $producer
    run 0 ipc-semaphore consumer -v --api $api --name "$name"
    ended 0 $producer
    has "$scratch/err" "$call( = 0| \.\.\.)"
    has "$scratch/err" 'write\(1, slot, 5\)'
    has "$scratch/producer" 'read\(0, slot, 65536\)( = 5| \.\.\.)'
done
nothing_left
