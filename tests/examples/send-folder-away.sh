# SPDX-License-Identifier: MIT
# send-folder.sh: to another machine, as its header says, and not to one that does not say so.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/two_machines.sh"

send_folder=$SOURCE/examples/send-folder.sh
mkdir -p "$scratch/from/deep"
random_bytes 2000000 >"$scratch/from/deep/file"
receive() { # HOST
    ip netns exec "$there" "$send_folder" receive "$scratch/to" 28000 "$1" 2>"$scratch/receiver" &
    receiver=$!
    started "$receiver"
}
receive 10.9.8.2
run 0 ip netns exec "$here" "$send_folder" send "$scratch/from" 28000 10.9.8.2
ended 0 "$receiver"
diff -r "$scratch/from" "$scratch/to" || fail "the copy from another machine differs"

receive 10.9.8.1
ended 1 "$receiver"
has "$scratch/receiver" '^ipc-socket: bind'
