# SPDX-License-Identifier: MIT
# The bench: its rows, the limits of a message are named, its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench msgqueue 'sysv posix' 1 64 4096
run 1 ipc-msgqueue bench --size 1M
if on_linux; then # elsewhere the limit is found by reaching it
    has "$scratch/err" "size 1048576: sysv carries at most [0-9]+ bytes in one message \(/proc/sys/kernel/msgmax"
    has "$scratch/err" "size 1048576: posix carries at most [0-9]+ bytes in one message \(/proc/sys/fs/mqueue/msgsize_max"
fi
has "$scratch/err" '/proc/sys/kernel/msgm(ax|nb)' # whichever is reached first
check_ends msgqueue
