# Whoever kills a lesson's child, the lesson neither hangs nor succeeds: it says so, exit 3.
. "$SOURCE/tests/harness.sh"
command -v ps >/dev/null || skip "there is no ps here"

# kill_child LESSON PATTERN: kills the newest child when that stands on the screen; where that was
# too late, once more at a slower pace
kill_child() {
    for pace in 0.05 0.2 1 5; do
        rm -f "$scratch/out" "$scratch/err"
        ipc-pipe "$1" --pace $pace >"$scratch/out" 2>"$scratch/err" &
        lesson=$!
        started "$lesson"
        await grep -Eq -- "$2" "$scratch/out"
        child=$(ps -o pid= --ppid "$lesson" | tail -n 1 | tr -d ' ')
        [ -n "$child" ] && kill -KILL "$child"
        status=0
        wait "$lesson" || status=$?
        [ "$status" -eq 0 ] || break
    done
    [ "$status" -eq 3 ] || fail "$1 exited $status when its child was killed at '$2'"
    has "$scratch/err" "\(pid $child\) died"
}

kill_child stream 'write.*"two"'
kill_child stream 'write.*x03two'
kill_child eof 'write.*"all"'
kill_child eof 'something else'
kill_child sigpipe 'SIG_DFL'
kill_child deadlock '^.{41}read.*"2 \+ 2'

# killed itself it leaves nobody, though a child has every end of the pipe open
for lesson in eof deadlock; do
    rm -f "$scratch/out" # else what stands there from before would be waited for
    ipc-pipe $lesson --pace 0.05 >"$scratch/out" 2>"$scratch/err" &
    killed=$!
    started "$killed"
    await grep -Eq 'fork\(\) = [0-9]+' "$scratch/out"
    children=$(ps -o pid= --ppid "$killed")
    kill -KILL "$killed"
    ended 137 "$killed"
    for child in $children; do
        await gone "$child"
    done
done
