# SPDX-License-Identifier: MIT
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
# kind, System V key, time, name: the kinds are numbered as in objects.h
while read -r kind key _ name; do
    case $kind in
    0) [ ! -e "$name" ] || fail "left behind: $name" ;;
    1) [ ! -e "/dev/shm/sem.${name#/}" ] || fail "left behind: $name" ;;
    2) [ ! -e "/dev/shm$name" ] || fail "left behind: $name" ;;
    3) [ ! -e "/dev/mqueue$name" ] || fail "left behind: $name" ;;
    4 | 5 | 6)
        key=$(printf '0x%08x' "0x$key")
        if ipcs -a | grep -q "^$key "; then
            fail "left behind: what has the System V key $key"
        fi
        ;;
    *) fail "an unknown kind of note: $kind" ;;
    esac
done <"$scratch/left"
