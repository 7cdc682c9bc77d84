# SPDX-License-Identifier: MIT
# duplex: a co-process takes and gives any number of bytes without a deadlock; its status is ours.
. "$SOURCE/tests/harness.sh"

random_bytes 30000000 >"$scratch/file"
run 0 ipc-pipe duplex "$scratch/file" -- cat
same "$scratch/out" "$scratch/file"
run 0 ipc-pipe duplex "$scratch/file" -- gzip -1
gzip -dc "$scratch/out" >"$scratch/back"
same "$scratch/back" "$scratch/file"
ipc-pipe duplex -- cat <"$scratch/file" >"$scratch/out" || fail "from standard input"
same "$scratch/out" "$scratch/file"

# more out than in; nothing read; an early end; an output closed early
head -c 1000000 "$scratch/file" >"$scratch/small"
# shellcheck disable=SC2016 # expanded by the command
run 0 ipc-pipe duplex "$scratch/small" -- awk '{ for (i = 0; i < 20; i++) print }'
[ "$(wc -c <"$scratch/out")" -gt 10000000 ] || fail "not all came out"
run 0 ipc-pipe duplex "$scratch/file" -- true
[ ! -s "$scratch/out" ] || fail "bytes from nowhere"
run 0 ipc-pipe duplex "$scratch/file" -- head -c 1000
head -c 1000 "$scratch/file" >"$scratch/expected"
same "$scratch/out" "$scratch/expected"
run 0 ipc-pipe duplex "$scratch/file" -- sh -c 'exec >&-; cat >/dev/null'

# its status
run 7 ipc-pipe duplex "$scratch/file" -- sh -c 'exit 7'
# shellcheck disable=SC2016
run 143 ipc-pipe duplex "$scratch/file" -- sh -c 'kill -TERM $$'
run 127 ipc-pipe duplex "$scratch/file" -- "$scratch/no such command"
: >"$scratch/no_program"
run 126 ipc-pipe duplex "$scratch/file" -- "$scratch/no_program"
run 125 ipc-pipe duplex "$scratch/missing" -- cat
run 2 ipc-pipe duplex "$scratch/file"
run 2 ipc-pipe duplex "$scratch/file" --
if [ -e /dev/full ]; then
    ipc-pipe duplex "$scratch/file" -- cat >/dev/full 2>"$scratch/err"
    [ $? -eq 125 ] || fail "a full device"
fi

# a signal ends both
mkfifo "$scratch/input"
ipc-pipe duplex - -- cat <"$scratch/input" >"$scratch/out" 2>"$scratch/err" &
duplex=$!
started "$duplex"
exec 3>"$scratch/input"
echo hello >&3
await grep -q hello "$scratch/out"
kill -TERM "$duplex"
ended 143 "$duplex"
exec 3>&-
