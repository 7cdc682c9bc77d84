# What is wrong on the command line is named, exit 2; stat and remove of a pair; the bench.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

run 2 ipc-semaphore
run 2 ipc-semaphore treads
has "$scratch/err" "did you mean 'threads'"
for role in $(ipc-semaphore --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-semaphore "$role" --help
    run 2 ipc-semaphore "$role" --nonsense
done
run 2 ipc-semaphore producer --api other </dev/null
run 2 ipc-semaphore producer --key 5 </dev/null
run 2 ipc-semaphore producer --api sysv --key 0 </dev/null
run 2 ipc-semaphore consumer --name .

run 1 ipc-semaphore stat --name "$name"
run 1 ipc-semaphore remove --name "$name"
mkfifo "$scratch/input"
for api in sysv posix; do
    rm -f "$scratch/producer" # else what stands there from before would be waited for
    ipc-semaphore producer --api $api --name "$name" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    await grep -q 'waiting for' "$scratch/producer"
    run 0 ipc-semaphore stat --name "$name"
    has "$scratch/out" '^empty +32 '
    has "$scratch/out" '^full +0 '
    has "$scratch/out" '^mutex +1 '
    has "$scratch/out" "^producer +pid $producer\$"
    has "$scratch/out" '^consumer +nobody$'
    run 1 ipc-semaphore remove --name "$name"
    has "$scratch/err" "$producer"
    kill -KILL $producer
    wait $producer
    exec 3>&-
    other=posix
    [ $api = sysv ] || other=sysv
    run 1 ipc-semaphore stat --api $other --name "$name"
    has "$scratch/err" 'other family'
    run 1 ipc-semaphore remove --api $other --name "$name"
    has "$scratch/err" 'other family'
    run 0 ipc-semaphore remove --name "$name"
    nothing_left
    no_object ipc-semaphore ''
done

# -v: every call of the transfer
for call in 'sem_wait\(full\) = 0' 'semop\(full, -1\) = 0'; do
    api=posix
    [ "${call#semop}" = "$call" ] || api=sysv
    echo word | ipc-semaphore producer -v --api $api --name "$name" 2>"$scratch/producer" &
    producer=$!
    started $producer
    run 0 ipc-semaphore consumer -v --api $api --name "$name"
    ended 0 $producer
    has "$scratch/err" "$call"
    has "$scratch/err" 'write\(1, slot, 5\)'
    has "$scratch/producer" 'read\(0, slot, 65536\) = 5'
done

run 0 ipc-semaphore bench --csv --count 100
[ "$(wc -l <"$scratch/out")" -eq 7 ] || fail "not 7 lines"
for row in posix,block posix,spin sysv,block sysv,spin; do
    has "$scratch/out" "^semaphore,$row,,100,([0-9]+,){5}[0-9]+,\$"
done
has "$scratch/out" '^semaphore,posix-own,,,'
has "$scratch/out" '^semaphore,sysv-own,,,'
run 2 ipc-semaphore bench --size 64
has "$scratch/err" 'carries no bytes'
run 2 ipc-semaphore bench --bytes 64
nothing_left
