# SPDX-License-Identifier: MIT
# Ctrl-C at whatever moment of a demo or lesson: everybody dies by it, and nothing is left.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

for role in demo open persist writers; do
    interrupt_group ipc-fifo $role
done
