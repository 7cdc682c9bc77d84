# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-shm demo
kill_child ipc-shm demo "reads 1023 x 'B'"
kill_child ipc-shm persist

# The second writer of race has its mutex nearly always: if it is killed, its death takes nobody
# along. It lives for a moment only, from after "-> right:". So the program is stopped while that
# event waits for room in the pipe, and lives on in moments too short to read as much as it must.
[ -r "/proc/$$/task/$$/children" ] || skip "this kernel does not say who has which children"
met=0
for _ in $(seq 40); do # it is missed only if we are put aside between two lines
    [ $met -lt 20 ] || break
    step ipc-shm race
    step_to ' of them torn$'
    await sleeping $stepped
    kill -STOP $stepped
    await stopped $stepped
    next_event # "such as": now there is room
    second=
    while [ -z "$second" ] && ! over $stepped; do
        kill -CONT $stepped
        kill -STOP $stepped
        read -r second <"/proc/$stepped/task/$stepped/children"
    done
    if [ -z "$second" ]; then
        step_on 0
        continue
    fi
    met=$((met + 1))
    kill -KILL "${second% }"
    kill -CONT $stepped
    step_on 3
    has "$scratch/err" 'died'
done
[ $met -eq 20 ] || fail "met $met of 40"

# the maker that fails by itself is no death: exit 1
if unshare -i true 2>/dev/null; then
    run 1 unshare -i sh -c 'echo 0 >/proc/sys/kernel/shmmni && exec ipc-shm persist'
    has "$scratch/err" 'shmget'
fi
nothing_left
