# SPDX-License-Identifier: MIT
# producer | consumer: each knows whether its end is a pipe; other programs may be at the other end.
. "$SOURCE/tests/harness.sh"

random_bytes 300000 >"$scratch/file"

# not a pipe: usage, and what to type
ipc-pipe producer "$scratch/file" >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] || fail "producer into a file"
has "$scratch/err" 'ipc-pipe producer FILE \| ipc-pipe consumer'
ipc-pipe consumer <"$scratch/file" >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] || fail "consumer of a file"
has "$scratch/err" 'ipc-pipe producer FILE \| ipc-pipe consumer'
[ ! -s "$scratch/out" ] || fail "data went somewhere"

# -v: the same inode
ipc-pipe producer -v "$scratch/file" 2>"$scratch/left" |
    ipc-pipe consumer -v >"$scratch/out" 2>"$scratch/right"
same "$scratch/out" "$scratch/file"
inode=$(sed -n 's/.*the pipe with inode \([0-9]*\)$/\1/p' "$scratch/left")
[ -n "$inode" ] || fail "producer names no inode"
has "$scratch/right" "the pipe with inode $inode\$"

# other programs
ipc-pipe producer -q "$scratch/file" | cat >"$scratch/out"
same "$scratch/out" "$scratch/file"
head -c 300000 "$scratch/file" | ipc-pipe consumer -q >"$scratch/out" || fail "after cat"
same "$scratch/out" "$scratch/file"
{ ipc-pipe producer -q "$scratch/file" 2>"$scratch/err"; echo $? >"$scratch/status"; } | head -c 10 >"$scratch/out"
[ "$(cat "$scratch/status")" -eq 1 ] || fail "standard output gone is not 1"
has "$scratch/err" '"standard output": Broken pipe'

# one after another, into one consumer
{ ipc-pipe producer -q "$scratch/file" && ipc-pipe producer -q "$scratch/file"; } |
    ipc-pipe consumer -q >"$scratch/out"
cat "$scratch/file" "$scratch/file" >"$scratch/twice"
same "$scratch/out" "$scratch/twice"
nothing_left
