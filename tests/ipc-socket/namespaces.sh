# SPDX-License-Identifier: MIT
# A file crosses from one network namespace to another, as it would from machine to machine.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"
. "$SOURCE/tests/two_machines.sh"

random_bytes 3000000 >"$scratch/file"
ip netns exec $here "$BINARIES/ipc-socket" consumer --host 10.9.8.1 >"$scratch/copy" 2>"$scratch/server" &
server=$!
started $server
listens
run 0 ip netns exec $there "$BINARIES/ipc-socket" producer --host 10.9.8.1 "$scratch/file"
ended 0 $server
same "$scratch/file" "$scratch/copy"
hasnt "$scratch/server" warning
