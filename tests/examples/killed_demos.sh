# A demo of which every process is killed leaves nothing that the next one does not remove.
# timeout: 120
. "$SOURCE/tests/harness.sh"
command -v setsid >/dev/null || skip "there is no setsid here"

objects() { # those that the notes of killed ones name
    cat "$IPC_DEMOS_DIR"/*.undo 2>/dev/null
}
for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    program=ipc-$mechanism
    lines=$("$program" demo | wc -l)
    for after in 4 8 12 16; do
        [ "$after" -lt "$lines" ] || continue
        rm -f "$scratch/out"
        setsid "$program" demo --pace 0.02 >"$scratch/out" 2>"$scratch/err" &
        demo=$!
        started $demo
        told() {
            [ "$(wc -l <"$scratch/out")" -ge "$after" ]
        }
        await told
        kill -KILL -$demo 2>/dev/null
        wait $demo
        objects >>"$scratch/left"
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
