# The bench: a row for each family and way of waiting, and the limit that a plain copy sets.
. "$SOURCE/tests/harness.sh"

run 0 ipc-shm bench --csv --count 20 --bytes 1M --size 64 --size 3M
[ "$(wc -l <"$scratch/out")" -eq 11 ] || fail "not 11 lines"
head -n 1 "$scratch/out" | grep -q '^mechanism,variant,wait,size,count,rtt_p50_ns' || fail "the header"
for row in sysv,block sysv,spin posix,block posix,spin; do
    has "$scratch/out" "^shm,$row,64,20,([0-9]+,){5}[0-9.]+,[0-9.]+\$"
    has "$scratch/out" "^shm,$row,3145728,"
done
has "$scratch/out" '^shm,memcpy,'
run 0 ipc-shm bench --count 50 --bytes 64K --size 8
awk 'length > 80 { exit 1 }' "$scratch/out" || fail "wider than 80 columns"
run 2 ipc-shm bench --size 0
nothing_left
