# The bench: its rows, no size is clamped, its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench mmap 'file anonymous' 1 64 5242880
check_ends mmap
