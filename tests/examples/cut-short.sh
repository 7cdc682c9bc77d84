# SPDX-License-Identifier: MIT
# cut-short.sh: a receiver of ours says that its sender was killed; others take it for the end.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

run 0 "$SOURCE/examples/cut-short.sh"
has "$scratch/out" '^ipc-socket +exit 3 +ipc-socket: the client .* died: '
for other in nc socat; do
    command -v $other >/dev/null || continue
    [ $other != nc ] || nc -h 2>&1 | grep -q -e -U || continue
    has "$scratch/out" "^$other +exit 0 +\(says nothing\)$"
done
mkdir "$scratch/two words"
TMPDIR="$scratch/two words" run 0 timeout 60 "$SOURCE/examples/cut-short.sh"
command_is nc 'exit 1' # of another kind: it is left out
PATH=$scratch/bin:$PATH run 0 timeout 60 "$SOURCE/examples/cut-short.sh"
hasnt "$scratch/out" '^nc '
run 2 "$SOURCE/examples/cut-short.sh" x
await nobody_left
nothing_left
