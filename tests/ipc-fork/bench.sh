# The bench: a row for each way to start a process, each way of waiting, and the memory of the parent.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench fork "fork fork+exec spawn" 1048576 20971520
run 2 ipc-fork bench --bytes 5
has "$scratch/err" "carries no bytes"

# ended by a signal it leaves no child
ipc-fork bench >"$scratch/out" 2>&1 &
bench=$!
started "$bench"
await grep -q "fork  " "$scratch/out"
kill -TERM "$bench"
ended 143 "$bench"

# LeakSanitizer starts a process of its own, which would be shot, too
[ -z "${SANITIZE:-}" ] || exit 0

# one of its children is killed: each lives for moments only, so all are shot at until one is hit
ipc-fork bench --size 64M --wait block >"$scratch/out" 2>"$scratch/err" &
bench=$!
started "$bench"
until [ -s "$scratch/err" ]; do
    child=
    read -r child <"/proc/$bench/task/$bench/children" || [ -n "$child" ] || ! over "$bench" || break
    [ -z "$child" ] || kill -KILL "$child"
done 2>/dev/null
ended 3 "$bench"
has "$scratch/err" 'the child \(pid [0-9]+\) died: killed by SIGKILL'
