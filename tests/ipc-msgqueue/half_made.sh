# SPDX-License-Identifier: MIT
# A process that is killed as soon as it has made a queue leaves nothing after the next run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/shim.sh"

load_shim ipc-msgqueue
next_role=types
for role in demo types persist full bench; do
    makes_and_dies 137 msgget ipc-msgqueue $role
done
makes_and_dies 137 mq_open ipc-msgqueue bench --count 20 --bytes 4K --size 64
