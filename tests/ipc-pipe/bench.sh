# bench: one header line, a row for each size and way of waiting, figures in order, no clamping.
. "$SOURCE/tests/harness.sh"

run 0 ipc-pipe bench --csv --count 200 --bytes 1M --size 64 --size 100000
[ "$(head -n 1 "$scratch/out")" = "mechanism,variant,wait,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,rtt_max_ns,messages_per_s,mib_per_s" ] ||
    fail "another header"
[ "$(wc -l <"$scratch/out")" -eq 5 ] || fail "not four rows"
awk -F, 'NR > 1 && !(NF == 12 && $1 == "pipe" && $2 == "pipe" && $5 == 200 && $6 > 0 && $6 <= $7 &&
                     $7 <= $8 && $8 <= $9 && $9 <= $10 && $11 > 0 && $12 > 0) { exit 1 }' \
    "$scratch/out" || fail "a row is not right"
for row in 'block,64' 'spin,64' 'block,100000' 'spin,100000'; do
    has "$scratch/out" "^pipe,pipe,$row,"
done
run 0 ipc-pipe bench --wait spin --count 10 --bytes 1K --size 1
has "$scratch/out" 'processors online'
hasnt "$scratch/out" '^pipe +block'
run 2 ipc-pipe bench --size 0
run 2 ipc-pipe bench --wait sleep

# Ctrl-C ends both processes
ipc-pipe bench --count 10000000 --wait block --size 1 >"$scratch/out" 2>&1 &
bench=$!
started "$bench"
await grep -q variant "$scratch/out"
kill -INT "$bench" 2>/dev/null
kill -TERM "$bench"
ended 143 "$bench"
