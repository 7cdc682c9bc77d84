# The bench: a row for each way of waiting.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fifo bench --csv --count 100 --bytes 100K --size 64
[ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not two rows"
has "$scratch/out" '^fifo,fifo,block,64,100,'
has "$scratch/out" '^fifo,fifo,spin,64,100,'
nothing_left
