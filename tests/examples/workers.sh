# workers.sh gives every line to exactly one worker.
. "$SOURCE/tests/harness.sh"

seq 1 5000 >"$scratch/lines"
run 0 "$SOURCE/examples/workers.sh" 3 "sed -u 's/\$/ done/'" <"$scratch/lines"
sort -n "$scratch/out" >"$scratch/sorted"
sed 's/$/ done/' "$scratch/lines" >"$scratch/expected"
same "$scratch/sorted" "$scratch/expected"
nothing_left
