# SPDX-License-Identifier: MIT
# The child of a demo or lesson is killed, at whatever step: the parent says so and ends, exit 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-socket demo
for event in 'fork\(\) = ' 'connect\(' 'Hello from client'; do
    kill_child ipc-socket demo "$event"
done
kill_child ipc-socket halfclose '^-> mistake'
kill_child ipc-socket pass
kill_child ipc-socket pass '^-> mistake'
kill_child ipc-socket loss 'send.*#1001'
kill_child ipc-socket pair '^-> right' 'send.*two'

# killed itself at its Unix socket, a lesson leaves a file there, which the next run removes
step ipc-socket backlog
step_to 'Unix socket'
await test -S "$IPC_DEMOS_DIR/socket-backlog-$stepped.socket"
kill -KILL $stepped
step_on 137
run 0 ipc-socket backlog
nothing_left
