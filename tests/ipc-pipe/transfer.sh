# SPDX-License-Identifier: MIT
# Standard output is FILE, byte for byte, whichever way round, for sizes at every edge.
. "$SOURCE/tests/harness.sh"

page=4096
capacity=65536
enlarged=1048576
for size in 0 1 $((page - 1)) $page $((page + 1)) $((capacity - 1)) $capacity $((capacity + 1)) \
    $((enlarged - 1)) $enlarged $((enlarged + 1)) 20000001; do
    random_bytes "$size" >"$scratch/file"
    for role in parent child; do
        run 0 ipc-pipe $role "$scratch/file"
        same "$scratch/out" "$scratch/file"
        has "$scratch/err" "^ipc-pipe: .*: $size bytes in "
        ipc-pipe $role - <"$scratch/file" >"$scratch/out" 2>"$scratch/err" || fail "$role - failed"
        same "$scratch/out" "$scratch/file"
    done
    head -c "$size" "$scratch/file" | ipc-pipe parent -q - >"$scratch/out" 2>"$scratch/err" || fail "from a pipe"
    same "$scratch/out" "$scratch/file"
    [ ! -s "$scratch/err" ] || fail "-q is not quiet"
    { ipc-pipe producer -q "$scratch/file"; echo $? >"$scratch/status"; } |
        ipc-pipe consumer -q >"$scratch/out" || fail "consumer failed"
    [ "$(cat "$scratch/status")" -eq 0 ] || fail "producer failed"
    same "$scratch/out" "$scratch/file"
done
nothing_left

# a stream in small pieces, with pauses that nobody measures: short reads and writes
{
    i=0
    while [ "$i" -lt 300 ]; do
        echo "$i"
        i=$((i + 1))
    done
} | ipc-pipe parent -q - | ipc-pipe parent -q - >"$scratch/out"
seq 0 299 >"$scratch/expected"
same "$scratch/out" "$scratch/expected"

# each transfer with -v says what it does
run 0 ipc-pipe parent -v "$scratch/file"
same "$scratch/out" "$scratch/file"
has "$scratch/err" 'splice\([0-9]+, [0-9]+, 262144\)|write\([0-9]+, 65536 bytes\)'
has "$scratch/err" 'end of file'
narration "$scratch/err"
head -c 100000 "$scratch/file" | ipc-pipe parent -v - >"$scratch/out" 2>"$scratch/err" || fail "-v"
has "$scratch/err" 'write\([0-9]+, [0-9]+ bytes\)'
