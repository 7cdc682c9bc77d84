# What is wrong is named, exit 2; --type selects; the bench clamps no size; limits are shown.
. "$SOURCE/tests/harness.sh"

run 2 ipc-msgqueue
run 2 ipc-msgqueue producr
has "$scratch/err" "did you mean 'producer'"
for role in $(ipc-msgqueue --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-msgqueue "$role" --help
    run 2 ipc-msgqueue "$role" --nonsense
done
run 2 ipc-msgqueue producer --api other </dev/null
run 2 ipc-msgqueue producer --key 0 </dev/null
run 2 ipc-msgqueue producer --key 5 --api posix </dev/null
run 2 ipc-msgqueue producer --key 5 --name x </dev/null
run 2 ipc-msgqueue producer --type 0 </dev/null
run 2 ipc-msgqueue consumer --api posix --type 1
run 2 ipc-msgqueue consumer --api posix --type 0

run 0 ipc-msgqueue stat
has "$scratch/out" '/proc/sys/kernel/msgmax'
has "$scratch/out" 'RLIMIT_MSGQUEUE'

for type in 5 7; do
    echo "$type" | ipc-msgqueue producer -q --name "$name" --type $type || fail "--type $type"
    run 0 ipc-msgqueue consumer -q --name "$name" --type $type
    [ "$(cat "$scratch/out")" = "$type" ] || fail "--type $type got something else"
done

# -v: every call of the transfer
echo word >"$scratch/word"
for api in sysv posix; do
    run 0 ipc-msgqueue producer -v --api $api --name "$name" "$scratch/word"
    has "$scratch/err" 'read\([0-9]+, [0-9]+\) = 5'
    run 0 ipc-msgqueue stat --api $api --name "$name"
    has "$scratch/out" '^changed +20[0-9][0-9]-'
    run 0 ipc-msgqueue consumer -v --api $api --name "$name"
    has "$scratch/err" 'write\(1, 5\)'
done

run 0 ipc-msgqueue bench --csv --count 100 --bytes 100K --size 64
for row in sysv,block sysv,spin posix,block posix,spin; do
    has "$scratch/out" "^msgqueue,$row,64,100,"
done
run 1 ipc-msgqueue bench --size 1M
has "$scratch/err" '/proc/sys/kernel/msgmax'
has "$scratch/err" '/proc/sys/fs/mqueue/msgsize_max'
nothing_left
