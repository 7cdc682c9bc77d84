# SPDX-License-Identifier: MIT
# What others have put into the private folder, or in its place, or taken from it: it is refused by
# name, never written over, and nobody hangs.
. "$SOURCE/tests/harness.sh"

record=$IPC_DEMOS_DIR/shm-$name.rendezvous
# refused WORDS: neither side takes part, and the file stays as it is
refused() {
    for role in producer consumer; do
        run 1 timeout 10 ipc-shm $role --name "$name" --timeout 1 </dev/null
        has "$scratch/err" "\"$record\" $1"
    done
}
mkdir -m 700 "$IPC_DEMOS_DIR"
echo 'somebody wrote this' >"$record"
refused "is another program's, or another version's: not used"
[ "$(cat "$record")" = 'somebody wrote this' ] || fail "it was written over"
rm "$record"
: >"$scratch/precious"
ln "$scratch/precious" "$record"
refused 'is not a file of ours: not used'
[ ! -s "$scratch/precious" ] || fail "it was written over by its other name"
rm "$record"
mkfifo "$record"
refused 'is not a file of ours: not used'
rm "$record"
nothing_left

# the notes of a process: their name is taken by what is no file
cat >"$scratch/program" <<'END'
mkdir "$IPC_DEMOS_DIR/ipc-semaphore-$$.0.undo"
mkfifo "$IPC_DEMOS_DIR/ipc-semaphore-$$.1.undo"
exec ipc-semaphore demo
END
run 0 timeout 10 sh "$scratch/program"
rmdir "$IPC_DEMOS_DIR"/*.0.undo
rm "$IPC_DEMOS_DIR"/*.1.undo
nothing_left
# and a note that was cut is not taken for a shorter one
printf '0 0 0 %s' "$scratch/precious" >"$IPC_DEMOS_DIR/test-1.0.undo"
run 0 ipc-semaphore demo
[ -e "$scratch/precious" ] || fail "what a cut note names was removed"
nothing_left

# a link in the folder's place, however it is spelled
mkdir -m 700 "$scratch/real"
ln -s real "$scratch/link"
for path in "$scratch/link" "$scratch/link/" "$scratch/link//"; do
    IPC_DEMOS_DIR=$path run 1 ipc-shm producer --name "$name" --timeout 0
    has "$scratch/err" "\"$scratch/link\" is not a directory: not used"
done

# whoever masks his own rights can still use what is his; a copy made under a mask could be written once
: >"$scratch/copy"
for mask in 0277 0700 0777; do
    rm -rf "$IPC_DEMOS_DIR"
    (umask $mask; exec ipc-shm consumer -q --name "$name" >"$scratch/copy") &
    consumer=$!
    started $consumer
    (umask $mask; echo data | ipc-shm producer -q --name "$name") || fail "umask $mask: exit $?"
    ended 0 $consumer
    [ "$(cat "$scratch/copy")" = data ] || fail "umask $mask"
done
nothing_left

# a cleaner of temporary files: the first pair does not remove the rendezvous of the second
mkfifo "$scratch/typed1" "$scratch/typed2"
ipc-shm producer -q --name "$name" <"$scratch/typed1" &
producer1=$!
started $producer1
ipc-shm consumer -q --name "$name" >"$scratch/copy1" &
consumer1=$!
started $consumer1
exec 3>"$scratch/typed1"
echo one >&3
await test -s "$scratch/copy1"
rm "$record"
ipc-shm producer -q --name "$name" <"$scratch/typed2" 3>&- &
producer2=$!
started $producer2
ipc-shm consumer -q --name "$name" >"$scratch/copy2" 3>&- &
consumer2=$!
started $consumer2
exec 4>"$scratch/typed2"
echo two >&4
await test -s "$scratch/copy2"
exec 3>&-
ended 0 $producer1
ended 0 $consumer1
[ -e "$record" ] || fail "the first pair has removed the file of the second"
exec 4>&-
ended 0 $producer2
ended 0 $consumer2
nothing_left

# somebody else's folder
if [ "$(id -u)" -eq 0 ]; then
    rm -rf "$IPC_DEMOS_DIR"
    mkdir -m 700 "$IPC_DEMOS_DIR"
    chown 65534 "$IPC_DEMOS_DIR"
    run 1 ipc-shm producer --name "$name" --timeout 0
    has "$scratch/err" "\"$IPC_DEMOS_DIR\" belongs to user 65534: not used"
    has "$scratch/err" 'IPC_DEMOS_DIR can name another folder'
    rmdir "$IPC_DEMOS_DIR"
fi
