# SPDX-License-Identifier: MIT
# Whichever child is killed, its parent neither hangs nor succeeds: it says so, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

for role in demo zombie copy buffers orphan; do
    kill_child ipc-fork $role
done
kill_child ipc-fork demo '\[3\] fork\(\) = 0'
has "$scratch/err" "the child \(pid $child\) died"
kill_child ipc-fork zombie 'SIG_IGN' 'fork\(\)$' # no status tells of that one
# these wait until they have been told of: so they are all there once the line before has been taken
kill_child ipc-fork reap 'sigaction\('
kill_child ipc-fork reap 'while' 'sigaction\('
kill_child ipc-fork loop 'descendants$'

# a descendant further down, whose parent is not the program itself
eldest_child() {
    ps -o pid= --ppid "$1" | head -n 1 | tr -d ' '
}
step ipc-fork loop
step_to '\[1\] fork\(\), 4 times'
child=$(eldest_child "$(eldest_child "$stepped")")
kill -KILL "$child"
step_on 3
has "$scratch/err" "\(pid $child\) died" # told by its parent, or by a child of its own: by whoever is first
