# loop: five forks make 31 descendants, each forked once; 5 where each child leaves; never more.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork loop
narration "$scratch/out"
sed '/^-> all have/q' "$scratch/out" | grep -o 'fork() = [0-9]*, \[[0-9]*\]$' >"$scratch/forks"
[ "$(wc -l <"$scratch/forks")" -eq 31 ] || fail "not 31 descendants"
[ "$(sort -u "$scratch/forks" | wc -l)" -eq 31 ] || fail "a descendant is told twice"
# in turn i there are 2^i processes that fork
for i in 0 1 2 3 4; do
    [ "$(sed '/^-> all have/q' "$scratch/out" | grep -c "i = $i: fork")" -eq $((1 << i)) ] || fail "turn $i"
done
[ "$(sed '1,/^-> all have/d' "$scratch/out" | grep -c 'fork() = ')" -eq 5 ] || fail "the right way is wrong"
[ "$(tail -n 1 "$scratch/out")" = \
    "5 turns made 31 descendants, as each one went on; 5 where they leave." ] || fail "no answer"
