# The bench: a row for each kind of socket and way of waiting; no size is clamped; losses are counted.
. "$SOURCE/tests/harness.sh"

run 0 ipc-socket bench --csv --count 100 --bytes 100K --size 64 --size 4K
[ "$(wc -l <"$scratch/out")" -eq 13 ] || fail "not 13 lines"
for row in tcp,block tcp,spin udp,block udp,spin unix,block unix,spin; do
    for size in 64 4096; do
        has "$scratch/out" "^socket,$row,$size,100,([0-9]+,){6}[0-9.]+\$"
    done
done
run 1 ipc-socket bench --csv --count 10 --bytes 200K --size 65508 --wait spin
has "$scratch/err" 'udp carries at most 65507 bytes'
has "$scratch/out" '^socket,tcp,spin,65508'
hasnt "$scratch/out" '^socket,udp'
# more than the receiver's buffer holds: some may be lost, none is damaged
run 0 ipc-socket bench --csv --count 10 --bytes 300K --size 1 --wait block
run 0 ipc-socket bench --count 10 --bytes 20M --size 60000
awk 'length > 80 { exit 1 }' "$scratch/out" || fail "wider than 80 columns"
