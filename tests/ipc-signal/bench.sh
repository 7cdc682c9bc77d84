# SPDX-License-Identifier: MIT
# The bench: a signal carries one word and no other size; its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

run 1 ipc-signal bench --size 64
has "$scratch/err" "size 64: sigqueue carries [48] bytes, no more and no less"
word=$(sed -n 's/.* sigqueue carries \([48]\) bytes.*/\1/p' "$scratch/err") # as the build has it
check_bench signal sigqueue "$word"
check_ends signal
