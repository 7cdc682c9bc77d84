# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-mmap demo
kill_child ipc-mmap truncate
kill_child ipc-mmap anonymous
for part in mistake right; do
    kill_child ipc-mmap private "^-> $part" 'fork\(\)$'
done
