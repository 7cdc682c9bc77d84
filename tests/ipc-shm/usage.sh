# What is wrong on the command line is named, exit 2; stat and remove; the bench clamps no size.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

run 2 ipc-shm
run 2 ipc-shm prodcer
has "$scratch/err" "did you mean 'producer'"
for role in $(ipc-shm --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-shm "$role" --help
    run 2 ipc-shm "$role" --nonsense
done
run 2 ipc-shm producer --api other </dev/null
run 2 ipc-shm producer --key 0 </dev/null
run 2 ipc-shm producer --key 5 --api posix </dev/null
run 2 ipc-shm consumer --key 5 --name x
run 2 ipc-shm consumer --name ../x

run 1 ipc-shm stat --name "$name"
has "$scratch/err" "no segment of \"$name\""
run 1 ipc-shm remove --name "$name"
mkfifo "$scratch/input"
for api in sysv posix; do
    rm -f "$scratch/producer" # else what stands there from before would be waited for
    ipc-shm producer --api $api --name "$name" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    await grep -q 'waiting for' "$scratch/producer"
    run 0 ipc-shm stat --name "$name"
    has "$scratch/out" '^size +20[0-9]+$'
    has "$scratch/out" '^mode +0600$'
    has "$scratch/out" '^ring +0 of 2097152 bytes$'
    has "$scratch/out" "^producer +pid $producer\$"
    has "$scratch/out" '^consumer +nobody$'
    if [ $api = sysv ]; then
        has "$scratch/out" '^attached +1$'
        has "$scratch/out" "^creator +pid $producer\$"
    fi
    run 1 ipc-shm remove --name "$name"
    has "$scratch/err" "$producer"
    case $api in sysv) other=posix ;; *) other=sysv ;; esac
    for role in stat remove; do
        run 1 ipc-shm $role --api $other --name "$name"
        has "$scratch/err" 'of the other family'
    done
    # killed, it leaves the segment: remove is for that
    kill -KILL $producer
    wait $producer
    exec 3>&-
    run 0 ipc-shm stat --name "$name"
    has "$scratch/out" '^producer +died$'
    run 1 ipc-shm remove --api $other --name "$name"
    has "$scratch/err" 'of the other family'
    run 0 ipc-shm remove --api $api --name "$name"
    nothing_left
    no_object ipc-shm ''
done
