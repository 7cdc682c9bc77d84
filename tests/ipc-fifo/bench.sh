# SPDX-License-Identifier: MIT
# The bench: its rows, its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench fifo fifo 1 64 100000
check_ends fifo
