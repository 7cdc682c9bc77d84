# producer and consumer over a mapped file, either first: byte for byte, and clean.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for size in 0 1 2097151 2097152 2097153 10000019; do
    random_bytes $size >"$scratch/file"
    pair_through ipc-mmap '' "$scratch/file"
done
ends_clean ipc-mmap ''
output_gone ipc-mmap ''

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

# what is not ours is refused by name, and stays as it is
echo precious >"$scratch/theirs"
ln -s theirs "$scratch/link"
mkdir "$scratch/folder"
mkfifo "$scratch/fifo"
: >"$scratch/empty"
for path in theirs link folder fifo empty; do
    for role in producer consumer; do
        run 1 ipc-mmap $role --path "$scratch/$path" </dev/null
        has "$scratch/err" "$path\".*File exists"
        nothing_left
    done
done
[ "$(cat "$scratch/link")" = precious ] || fail "a file of somebody else was changed"
[ -e "$scratch/empty" ] || fail "a file of somebody else was removed"
[ -p "$scratch/fifo" ] || fail "a FIFO of somebody else was removed"
run 1 ipc-mmap producer --path "$scratch/none/ring" </dev/null

# one that becomes smaller under us is an error, no crash
mkfifo "$scratch/input"
ipc-mmap consumer --path "$scratch/ring" >"$scratch/out" 2>"$scratch/consumer" &
consumer=$!
started $consumer
ipc-mmap producer --path "$scratch/ring" <"$scratch/input" 2>"$scratch/producer" &
producer=$!
started $producer
exec 3>"$scratch/input"
echo 'one line' >&3
await grep -q 'one line' "$scratch/out"
await sleeping $producer
await sleeping $consumer
: >"$scratch/ring"
echo more >&3 2>/dev/null
for side in $producer $consumer; do
    got=0
    wait "$side" || got=$?
    [ $got -eq 1 ] || [ $got -eq 3 ] || fail "exited $got"
done
exec 3>&-
cat "$scratch/consumer" "$scratch/producer" >"$scratch/err"
has "$scratch/err" 'ring" became smaller while it was used'
nothing_left
[ ! -e "$scratch/ring" ] || fail "the ring is left"

# another file in its place is not ours: refused, and not removed
rm -f "$scratch/producer"
ipc-mmap producer --path "$scratch/ring" <"$scratch/input" 2>"$scratch/producer" &
producer=$!
started $producer
exec 3>"$scratch/input"
await grep -q 'waiting for' "$scratch/producer"
rm "$scratch/ring"
echo precious >"$scratch/ring"
run 1 ipc-mmap consumer --path "$scratch/ring"
has "$scratch/err" 'replaced by another file'
kill -TERM $producer
ended 143 $producer
exec 3>&-
[ "$(cat "$scratch/ring")" = precious ] || fail "a file of somebody else was removed"
nothing_left
