# The bench: a row for each kind of mapping and way of waiting; no size is clamped.
. "$SOURCE/tests/harness.sh"

run 0 ipc-mmap bench --csv --count 10 --bytes 100K --size 64 --size 5M
for row in file,block file,spin anonymous,block anonymous,spin; do
    has "$scratch/out" "^mmap,$row,64,10,"
    has "$scratch/out" "^mmap,$row,5242880,10,"
done
[ "$(wc -l <"$scratch/out")" -eq 9 ] || fail "not 9 lines"
nothing_left
