# Whichever child is killed, its parent neither hangs nor succeeds: it says so, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

for role in demo zombie copy buffers orphan; do
    kill_child ipc-fork $role
done
kill_child ipc-fork demo '\[3\] fork\(\) = 0'
kill_child ipc-fork loop 'i = 0: fork\(\) = '

# a descendant further down, whose parent is not the program itself
step ipc-fork loop
step_to '\[1\] i = 1: fork\(\) = '
child=$(sed -n 's/.*\[1\] i = 1: fork() = \([0-9]*\).*/\1/p' "$scratch/event")
kill -KILL "$child"
step_on 3
has "$scratch/err" "\(pid $child\) died: killed by SIGKILL"
