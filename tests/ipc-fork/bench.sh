# The bench: a row for each way to start a process and each way of waiting, and the parent's memory.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork bench --csv --count 10 --size 1M --size 20M
[ "$(wc -l <"$scratch/out")" -eq 13 ] || fail "not 13 lines"
head -n 1 "$scratch/out" | grep -q '^mechanism,variant,wait,size,count,rtt_p50_ns' || fail "the header"
for row in fork,block fork,spin fork+exec,block fork+exec,spin spawn,block spawn,spin; do
    for size in 1048576 20971520; do
        grep -qE "^fork,$(echo "$row" | sed 's/+/\\+/'),$size,10,([0-9]+,){6}\$" "$scratch/out" ||
            fail "no row $row $size"
    done
done
run 0 ipc-fork bench --count 3 --wait block --size 1
awk 'length > 80 { exit 1 }' "$scratch/out" || fail "wider than 80 columns"
run 2 ipc-fork bench --bytes 5
has "$scratch/err" 'carries no bytes'
run 2 ipc-fork bench --count 0

# ended by a signal it leaves no child
ipc-fork bench >"$scratch/out" 2>&1 &
bench=$!
started "$bench"
await grep -q 'fork  ' "$scratch/out"
kill -TERM "$bench"
ended 143 "$bench"
