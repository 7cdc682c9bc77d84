# The bench: a row for each family and way of waiting, and what a semaphore costs that is free.
. "$SOURCE/tests/harness.sh"

run 0 ipc-semaphore bench --csv --count 100
[ "$(wc -l <"$scratch/out")" -eq 7 ] || fail "not 7 lines"
for row in posix,block posix,spin sysv,block sysv,spin; do
    has "$scratch/out" "^semaphore,$row,,100,([0-9]+,){5}[0-9]+,\$"
done
has "$scratch/out" '^semaphore,posix-own,,,'
has "$scratch/out" '^semaphore,sysv-own,,,'
nothing_left
