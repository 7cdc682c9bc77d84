# SPDX-License-Identifier: MIT
# The bench: a row for each way to start a process, each way of waiting, and the memory of the parent.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"
. "$SOURCE/tests/shim.sh"

check_bench fork "fork fork+exec spawn" 1048576 20971520
run 2 ipc-fork bench --bytes 5
has "$scratch/err" "carries no bytes"

# ended by a signal it leaves no child
ipc-fork bench >"$scratch/out" 2>&1 &
bench=$!
started "$bench"
await grep -q "^variant " "$scratch/out"
kill -TERM "$bench"
ended 143 "$bench"

# one of its children is killed
load_shim ipc-fork
run 3 shimmed SHIM_DIES=true ipc-fork bench --count 20
has "$scratch/err" 'the child \(pid [0-9]+\) died: killed by SIGKILL'
