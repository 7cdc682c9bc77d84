# loop: five forks make 31 descendants, each forked once; 5 where each child leaves; never more.
# shellcheck source=tests/harness.sh
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

# killed at any moment, by whatever: all its descendants end
command -v setsid >/dev/null || exit 0
# no_group PID: nobody of that process group lives
no_group() {
    ! ps -A -o pgid= -o stat= |
        awk -v group="$1" '$1 == group && $2 !~ /^Z/ { n++ } END { exit !n }'
}
has_lines() {
    [ "$(wc -l <"$1")" -ge "$2" ]
}
for signal in TERM KILL; do
    for lines in 3 12 25; do
        setsid ipc-fork loop --pace 0.1 >"$scratch/out" &
        loop=$!
        started $loop
        await has_lines "$scratch/out" $lines
        kill -$signal $loop
        [ $signal = KILL ] && status=137 || status=143
        ended "$status" $loop
        await no_group $loop
    done
done
