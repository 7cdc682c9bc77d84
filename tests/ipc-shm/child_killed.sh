# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-shm demo
kill_child ipc-shm persist

# The second writer of race holds its mutex nearly always: who dies with it takes nobody along. It
# lives for a moment only, and is not always met; but whenever it is, the reader ends.
met=0
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    ipc-shm race >"$scratch/out" 2>"$scratch/err" &
    reader=$!
    started $reader
    first=
    second=
    looks=0
    while [ -z "$second" ] && [ $looks -lt 3000 ]; do
        looks=$((looks + 1))
        child=
        read -r child <"/proc/$reader/task/$reader/children"
        child=${child% }
        : "${first:=$child}"
        [ "$child" = "$first" ] || second=$child
    done 2>/dev/null
    [ -z "$second" ] || kill -KILL "$second" 2>/dev/null
    got=0
    wait $reader || got=$?
    [ $got -eq 0 ] || [ $got -eq 3 ] || fail "exited $got"
    [ $got -eq 0 ] || has "$scratch/err" 'died'
    [ $got -eq 0 ] || met=$((met + 1))
done
echo "met $met of $try"

# the maker that fails by itself is no death: exit 1
if unshare -i true 2>/dev/null; then
    run 1 unshare -i sh -c 'echo 0 >/proc/sys/kernel/shmmni && exec ipc-shm persist'
    has "$scratch/err" 'shmget'
fi
nothing_left
