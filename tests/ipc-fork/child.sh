# SPDX-License-Identifier: MIT
# child says its index, pid and ppid, and leaves the exit status that it was told to.
. "$SOURCE/tests/harness.sh"

unset IPC_INDEX
run 0 ipc-fork child
has "$scratch/out" "^\[0\] index 0, pid [0-9]+, ppid $$ \([^)]+\), exits with status 0$"
run 7 ipc-fork child --status 7
run 255 ipc-fork child --status=255
run 3 env IPC_INDEX=12 ipc-fork child -s3
has "$scratch/out" '^\[12\] index 12, .* status 3$'
run 2 ipc-fork child --status 256
has "$scratch/err" "^ipc-fork: child: --status: '256' is not a number from 0 to 255$"
run 2 ipc-fork child --status -1
run 2 ipc-fork child --status 1x
run 2 env IPC_INDEX=x ipc-fork child
run 2 ipc-fork child operand

ipc-fork child >"$scratch/pid" &
child=$!
ended 0 $child
has "$scratch/pid" " pid $child, "
