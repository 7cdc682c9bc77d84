# SPDX-License-Identifier: MIT
# The bench: its rows, no size is clamped, its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench pipe pipe 1 64 100000
check_ends pipe
