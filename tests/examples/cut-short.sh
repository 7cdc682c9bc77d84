# cut-short.sh: a receiver of ours says that its sender was killed; others take it for the end.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

run 0 "$SOURCE/examples/cut-short.sh"
has "$scratch/out" '^ipc-socket +exit 3 +ipc-socket: the client .* died: '
for other in nc socat; do
    command -v $other >/dev/null || continue
    has "$scratch/out" "^$other +exit 0 +\(no word\)$"
done
run 2 "$SOURCE/examples/cut-short.sh" x
await nobody_left
nothing_left
