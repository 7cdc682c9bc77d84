# The bench: a signal carries one word and no other size; its end when the child dies.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

word=$(($(getconf LONG_BIT) / 8))
check_bench signal sigqueue $word
run 1 ipc-signal bench --size 64
has "$scratch/err" "size 64: sigqueue carries $word bytes, no more and no less"
check_ends signal
