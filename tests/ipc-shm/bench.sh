# SPDX-License-Identifier: MIT
# The bench: its rows, and what a plain copy costs; its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench shm 'sysv posix' 1 64 3145728
run 0 ipc-shm bench --csv --count 20 --size 64 --size 3M
has "$scratch/out" "^shm,memcpy,,,64,"
has "$scratch/out" "^shm,memcpy,,,3145728,"
check_ends shm
