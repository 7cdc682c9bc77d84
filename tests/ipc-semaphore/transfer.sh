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
    output_gone ipc-semaphore "--api $api"
done

# a line arrives when it was written; idle, both sleep
mkfifo "$scratch/input"
for api in sysv posix; do
    rm -f "$scratch/out" # else what stands there from before would be waited for
    ipc-semaphore producer --api $api --name "$name" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    ipc-semaphore consumer --api $api --name "$name" >"$scratch/out" 2>"$scratch/err" &
    consumer=$!
    started $consumer
    exec 3>"$scratch/input"
    echo 'one line' >&3
    await grep -q 'one line' "$scratch/out"
    await sleeping $producer
    await sleeping $consumer
    exec 3>&-
    ended 0 $producer
    ended 0 $consumer
done

# --key: a set that somebody else made is used, and stays; one that is too small is refused
command -v perl >/dev/null || exit 0
key=$(($$ + 200000000))
hex=$(printf '0x%08x' $key)
remove_set() {
    got=$?
    ipcrm -s "$set" 2>/dev/null
    (exit $got) # for finish, which passes it on
    finish
}
trap remove_set EXIT
for members in 2 3; do
    set=$(perl -e 'my $s = semget($ARGV[0], $ARGV[1], 01600); defined $s or die; print $s' $key $members)
    if [ $members = 2 ]; then
        run 1 ipc-semaphore producer --api sysv --key "$hex" </dev/null
        has "$scratch/err" 'has 2 semaphores'
    else
        pair='--api sysv --key'
        # shellcheck disable=SC2086 # words
        ipc-semaphore consumer -q $pair "$hex" >"$scratch/out" &
        consumer=$!
        started $consumer
        ipc-semaphore producer -q --api sysv --key "$key" "$scratch/file" || fail "producer --key"
        ended 0 $consumer
        same "$scratch/out" "$scratch/file"
        run 0 ipc-semaphore stat --key "$hex"
        has "$scratch/out" '^empty +32 ' # as the next pair needs it
        # killed in the middle, both: ours is removed on request, theirs is ready for the next pair
        rm -f "$scratch/out"
        # shellcheck disable=SC2086 # words
        ipc-semaphore producer -q $pair "$hex" <"$scratch/input" &
        producer=$!
        started $producer
        # shellcheck disable=SC2086 # words
        ipc-semaphore consumer -q $pair "$hex" >"$scratch/out" &
        consumer=$!
        started $consumer
        exec 3>"$scratch/input"
        echo word >&3
        await test -s "$scratch/out"
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
