# one-log.sh: every line of every program is in the log once, whole and under its name.
. "$SOURCE/tests/harness.sh"

run 0 "$SOURCE/examples/one-log.sh" "$scratch/log" 'seq 1 3000' 'seq 3001 6000' 'echo hello'
[ "$(wc -l <"$scratch/log")" -eq 6001 ] || fail "$(wc -l <"$scratch/log") lines"
grep -v '^echo' "$scratch/log" | sed 's/^seq: //' | sort -n >"$scratch/sorted"
seq 1 6000 >"$scratch/expected"
same "$scratch/sorted" "$scratch/expected"
has "$scratch/log" '^echo: hello$'
