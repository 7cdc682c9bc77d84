# The bench: a row for each way of waiting; a signal carries a word, and no other size.
. "$SOURCE/tests/harness.sh"

run 0 ipc-signal bench --csv --count 100 --bytes 1000
[ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not two rows"
has "$scratch/out" '^signal,sigqueue,block,[48],100,'
has "$scratch/out" '^signal,sigqueue,spin,[48],100,'
run 1 ipc-signal bench --size 64
has "$scratch/err" 'sigqueue carries [48] bytes'
