# The demo's child is killed right after the fork, at nine moments: the parent does not sleep in an
# open() that nobody will answer, but ends within 2 seconds, exit 3, and leaves nothing.
. "$SOURCE/tests/harness.sh"
[ -r "/proc/$$/task/$$/children" ] || skip "no /proc to find the child with"

forked=$(ipc-fifo demo | sed -n '/ fork()$/=')
printed() {
    [ "$(wc -l <"$scratch/out")" -ge "$1" ]
}
has_child() {
    child=
    read -r child <"/proc/$1/task/$1/children"
    [ -n "$child" ]
}
is_over() {
    case $(ps -o stat= -p "$1") in '' | Z*) return 0 ;; *) return 1 ;; esac
}
uptime_of_system() {
    read -r seconds _ </proc/uptime
    echo "$seconds"
}

# kill_after EVENTS PACE: false if the child was too fast for us, and ended before.
kill_after() {
    rm -f "$scratch/out"
    ipc-fifo demo --pace "$2" >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started $parent
    await printed $((forked + $1))
    await has_child $parent
    child=${child% }
    kill -STOP "$child" # so that it does not end while we look
    if ! is_over "$child"; then
        return 0
    fi
    kill -KILL $parent
    wait $parent
    return 1
}

for events in 0 1 2 3 4 5 6 7 8; do
    pace=0.04
    until kill_after $events "$pace"; do
        pace=$(echo "$pace" | awk '{ print 2 * $1 }')
    done
    before=$(uptime_of_system)
    kill -KILL "$child"
    await is_over $parent
    echo "$before $(uptime_of_system)" | awk '{ print $2 - $1 }' >>"$scratch/times"
    ended 3 $parent
    has "$scratch/err" "the child \(pid $child\) died: killed by SIGKILL"
    narration "$scratch/out"
    nothing_left
done
# each of them ended, so none slept for ever; a busy machine may delay one, but not most of them
sort -n "$scratch/times" | awk 'NR == 5 { exit $1 > 2 }' || fail "it took longer than 2 seconds"
