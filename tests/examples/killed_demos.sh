# A demo of which every process is killed leaves nothing that the next one does not remove.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

objects() { # those that the notes of killed ones name
    cat "$IPC_DEMOS_DIR"/*.undo 2>/dev/null
}
for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    program=ipc-$mechanism
    for events in 3 6 9 12; do
        step "$program" demo
        for _ in $(seq $events); do
            next_event || break
        done
        if [ -s "$scratch/event" ]; then
            kill -KILL "-$stepped"
            step_on 137
            objects >>"$scratch/left"
        else
            step_on 0 # it has no more
        fi
    done
    run 0 "$program" demo
done
[ -s "$scratch/left" ] || fail "none of them left anything: this test tries nothing"
run 0 ipc-shm demo
run 0 ipc-semaphore demo
nothing_left
while read -r kind id _ name; do
    case $kind in
    file) [ ! -e "$name" ] || fail "left behind: $name" ;;
    semaphore) [ -z "$(find /dev/shm -name "*${name#/}")" ] || fail "left behind: $name" ;;
    segment) option=-m ;;
    queue) option=-q ;;
    set) option=-s ;;
    esac
    case $kind in
    segment | queue | set)
        if ipcs "$option" | awk -v id="$id" '$2 == id { found = 1 } END { exit !found }'; then
            fail "left behind: $kind $id"
        fi
        ;;
    esac
done <"$scratch/left"
