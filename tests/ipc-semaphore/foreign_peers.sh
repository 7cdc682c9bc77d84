# SPDX-License-Identifier: MIT
# --key: a set that somebody else made is used, and stays; one that is too small, or in use, is refused.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v perl >/dev/null || skip "perl, which makes the sets, is not here"

random_bytes 3000000 >"$scratch/file"
key=$(($$ + 200000000))
hex=$(printf '0x%08x' $key)
# shellcheck disable=SC2016 # for the end
at_end 'ipcrm -s "$set" 2>/dev/null'
for members in 2 3; do
    set=$(perl -e 'my $s = semget($ARGV[0], $ARGV[1], 01600); defined $s or die; print $s' $key $members)
    if [ $members = 2 ]; then
        run 1 ipc-semaphore producer --api sysv --key "$hex" </dev/null
        has "$scratch/err" 'has 2 semaphores'
    else
        ipc-semaphore consumer -q --api sysv --key "$hex" >"$scratch/out" &
        consumer=$!
        started $consumer
        ipc-semaphore producer -q --api sysv --key "$key" "$scratch/file" || fail "producer --key"
        ended 0 $consumer
        same "$scratch/out" "$scratch/file"
        run 0 ipc-semaphore stat --key "$hex"
        has "$scratch/out" '^empty +32 ' # as the next pair needs it
        # killed in the middle, both: ours is removed on request, theirs is ready for the next pair
        begin_pair ipc-semaphore -q --api sysv --key "$hex"
        run 1 ipc-semaphore remove --key "$hex"
        kill -KILL $producer $consumer
        wait $producer $consumer
        exec 3>&-
        run 0 ipc-semaphore remove --key "$hex"
        has "$scratch/err" 'stays'
        nothing_left
        no_object ipc-semaphore ''
        run 0 ipc-semaphore stat --key "$hex"
        has "$scratch/out" '^empty +32 '
        has "$scratch/out" '^full +0 '
        # in use: neither used nor changed
        perl -e 'semctl($ARGV[0], 1, 16, 7)' "$set"
        run 1 ipc-semaphore producer --api sysv --key "$hex" </dev/null
        has "$scratch/err" 'in use'
        run 0 ipc-semaphore stat --key "$hex"
        has "$scratch/out" '^full +7 '
    fi
    nothing_left
    run 1 ipc-semaphore remove --key "$hex"
    ipcs -s | grep -q "^$hex" || fail "a set of somebody else was removed"
    perl -e 'semctl($ARGV[0], 0, 0, 0)' "$set"
done
