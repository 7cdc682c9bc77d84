# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# What the tests of demos and lessons have in common whose child is killed.

# kill_child PROGRAM ROLE: its first child is killed while it lives. It is met if it is slow enough.
kill_child() {
    pace=0.1
    until kill_slow_child "$1" "$2" "$pace"; do
        pace=$(echo "$pace" | awk '{ print 2 * $1 }')
    done
    ended 3 $parent
    has "$scratch/err" 'died|killed by SIGKILL'
}

kill_slow_child() {
    rm -f "$scratch/out"
    "$1" "$2" --pace "$3" >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started $parent
    await grep -q 'fork() = [1-9]' "$scratch/out"
    child=$(sed -n 's/.* fork() = \([1-9][0-9]*\).*/\1/p' "$scratch/out" | head -n 1)
    if kill -KILL "$child" 2>/dev/null; then
        return 0
    fi
    kill -KILL $parent
    wait $parent
    return 1
}
