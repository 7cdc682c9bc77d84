# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-mmap demo
kill_child ipc-mmap truncate
for part in mistake right; do
    kill_child ipc-mmap private "^-> (the )?$part" 'fork\(\)$'
done
for part in 'the mistake' 'another' 'right: ' 'right as well'; do
    kill_child ipc-mmap anonymous "^-> .*$part" 'fork\(\)$'
done
