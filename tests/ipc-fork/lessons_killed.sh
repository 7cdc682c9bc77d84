# Whoever kills a lesson's child, the lesson neither hangs nor succeeds: it says so, exit 3.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

# kill_child LESSON PATTERN: kills the child whose birth is that line, which ends with its pid; where
# that was too late, once more at a slower pace
kill_child() {
    for pace in 0.05 0.2 1 5; do
        rm -f "$scratch/out" "$scratch/err"
        ipc-fork "$1" --pace $pace >"$scratch/out" 2>"$scratch/err" &
        lesson=$!
        started "$lesson"
        await grep -Eq -- "$2" "$scratch/out"
        child=$(grep -E -- "$2" "$scratch/out" | sed -n '1s/.*fork() = \([0-9]*\).*/\1/p')
        [ "$child" != 0 ] || child=$(sed -n 's/.*I am \([0-9]*\)$/\1/p' "$scratch/out" | head -n 1)
        kill -KILL "$child"
        status=0
        wait "$lesson" || status=$?
        [ "$status" -eq 0 ] || break
    done
    [ "$status" -eq 3 ] || fail "$1 exited $status when its child was killed"
    has "$scratch/err" "^ipc-fork: .*\(pid $child\) died: killed by SIGKILL"
}

for lesson in zombie copy buffers orphan; do
    kill_child $lesson 'I am [0-9]+$'
done
kill_child loop 'i = 4: fork\(\) = '
