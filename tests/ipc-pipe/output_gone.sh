# SPDX-License-Identifier: MIT
# A full disk, a closed standard stream and an unreadable FILE are errors, and no data is misplaced.
. "$SOURCE/tests/harness.sh"

random_bytes 200000 >"$scratch/file"
for role in parent child; do
    if [ -e /dev/full ]; then
        ipc-pipe $role "$scratch/file" >/dev/full 2>"$scratch/err"
        [ $? -eq 1 ] || fail "$role to a full device"
        has "$scratch/err" '^ipc-pipe: write "standard output": No space left'
    fi
    ipc-pipe $role "$scratch/file" >&- 2>"$scratch/err"
    [ $? -eq 1 ] || fail "$role without standard output"
    has "$scratch/err" '^ipc-pipe: write "standard output"'
    ipc-pipe $role "$scratch/file" >"$scratch/out" 2>&- || fail "$role without standard error"
    same "$scratch/out" "$scratch/file"
    ipc-pipe $role "$scratch/file" <&- >"$scratch/out" 2>"$scratch/err" || fail "$role without input"
    same "$scratch/out" "$scratch/file"
    ipc-pipe $role - <&- >"$scratch/out" 2>"$scratch/err" || fail "$role of closed input"
    [ ! -s "$scratch/out" ] || fail "bytes from nowhere"

    run 1 ipc-pipe $role "$scratch/missing"
    has "$scratch/err" "^ipc-pipe: open \"$scratch/missing\": No such file"
    run 1 ipc-pipe $role "$scratch"
    has "$scratch/err" 'Is a directory'
    ipc-pipe $role -q "$scratch/file" 2>"$scratch/err" | head -c 1 >/dev/null
done

# the reader of standard output has gone
{ ipc-pipe parent -q "$scratch/file"; echo $? >"$scratch/status"; } 2>"$scratch/err" | true
[ "$(cat "$scratch/status")" -eq 1 ] || fail "EPIPE is not 1"

# the consumer fails, the producer notices
{ ipc-pipe producer -q "$scratch/file" 2>"$scratch/err"; echo $? >"$scratch/status"; } |
    ipc-pipe consumer >&- 2>/dev/null
[ "$(cat "$scratch/status")" -eq 3 ] || fail "producer exited $(cat "$scratch/status")"
nothing_left

# the demo's, too
if [ -e /dev/full ]; then
    ipc-pipe demo >/dev/full 2>"$scratch/err"
    [ $? -eq 1 ] || fail "a demo on a full device"
    has "$scratch/err" 'No space left'
fi
