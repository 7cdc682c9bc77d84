# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

for role in demo private anonymous truncate; do
    kill_child ipc-mmap $role
done
nothing_left
