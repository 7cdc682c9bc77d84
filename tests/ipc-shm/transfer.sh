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
    output_gone ipc-shm "--api $api"
done

# a line arrives when it was written
mkfifo "$scratch/input"
ipc-shm producer --name "$name" <"$scratch/input" 2>"$scratch/producer" &
producer=$!
started $producer
ipc-shm consumer --name "$name" >"$scratch/out" 2>"$scratch/err" &
consumer=$!
started $consumer
exec 3>"$scratch/input"
echo 'one line' >&3
await grep -q 'one line' "$scratch/out"
# idle, neither side uses the processor
await sleeping $producer
await sleeping $consumer
exec 3>&-
ended 0 $producer
ended 0 $consumer

# the other family's segment is not taken for ours
rm -f "$scratch/producer"
ipc-shm producer --name "$name" <"$scratch/input" 2>"$scratch/producer" &
producer=$!
started $producer
exec 3>"$scratch/input"
await grep -q 'waiting for' "$scratch/producer"
run 1 ipc-shm consumer --api posix --name "$name"
has "$scratch/err" 'segment'
kill -TERM $producer
ended 143 $producer
exec 3>&-
nothing_left
