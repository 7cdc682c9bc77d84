# SPDX-License-Identifier: MIT
# The bench: its rows, which carry no bytes, and those of one process; its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench semaphore 'posix sysv' ''
for wait in block spin; do
    run 0 ipc-semaphore bench --csv --count 20 --wait $wait
    has "$scratch/out" "^semaphore,posix-own,,,,[0-9]+,"
    has "$scratch/out" "^semaphore,sysv-own,,,,[0-9]+,"
done
for option in --size --bytes; do
    run 2 ipc-semaphore bench $option 64
    has "$scratch/err" "carries no bytes"
done
check_ends semaphore
