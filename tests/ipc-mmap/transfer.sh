# SPDX-License-Identifier: MIT
# producer and consumer over a mapped file, either first: byte for byte, and clean.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for size in 0 1 2097151 2097152 2097153 10000019; do
    random_bytes $size >"$scratch/file"
    pair_through ipc-mmap '' "$scratch/file"
done
ends_clean ipc-mmap ''

# --path: a file anywhere, made and removed
ipc-mmap consumer -q --path "$scratch/ring" >"$scratch/out" &
consumer=$!
started $consumer
await test -e "$scratch/ring"
[ "$(stat -c %a "$scratch/ring")" = 600 ] || fail "open to others"
(cd "$scratch" && ipc-mmap producer -q --path ./ring file) || fail "producer --path"
ended 0 $consumer
same "$scratch/out" "$scratch/file"
[ ! -e "$scratch/ring" ] || fail "the ring is left"
nothing_left
