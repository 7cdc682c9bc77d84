# SPDX-License-Identifier: MIT
# --path: what is not ours is refused by name, or given up when it changes under us, and never harmed.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

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
random_bytes 3000000 >"$scratch/more"
for size in 0 4096 1000000; do
    begin_pair ipc-mmap --path "$scratch/ring"
    await sleeping $producer
    await sleeping $consumer
    truncate -s $size "$scratch/ring"
    cat "$scratch/more" >&3 2>/dev/null &
    for side in $producer $consumer; do
        await over "$side"
        got=0
        wait "$side" || got=$?
        [ $got -eq 1 ] || [ $got -eq 3 ] || fail "exited $got"
    done
    exec 3>&-
    cat "$scratch/consumer" "$scratch/producer" >"$scratch/err"
    has "$scratch/err" 'ring" became smaller while it was used'
    nothing_left
    [ ! -e "$scratch/ring" ] || fail "the ring is left"
done

# another file in its place is not ours: refused, and not removed
begin_side ipc-mmap producer --path "$scratch/ring"
rm "$scratch/ring"
echo precious >"$scratch/ring"
run 1 ipc-mmap consumer --path "$scratch/ring"
has "$scratch/err" 'replaced by another file'
kill -TERM $side
ended 143 $side
exec 3>&-
[ "$(cat "$scratch/ring")" = precious ] || fail "a file of somebody else was removed"
nothing_left

# what somebody wrote over a ring that two dead ones left is his; a ring that nobody touched is removed
for precious in precious ''; do
    begin_pair ipc-mmap --path "$scratch/again"
    kill -KILL $producer $consumer
    ended 137 $producer
    ended 137 $consumer
    exec 3>&-
    [ -z "$precious" ] || echo $precious >"$scratch/again"
    [ -n "$precious" ] && status=1 || status=3
    run $status ipc-mmap producer --path "$scratch/again" --timeout 0 </dev/null
    nothing_left
    [ "$(cat "$scratch/again" 2>/dev/null)" = "$precious" ] || fail "a file of somebody else was removed"
    rm -f "$scratch/again"
done
