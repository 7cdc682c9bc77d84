# SPDX-License-Identifier: MIT
# one-log.sh: every line of every program is in the log once, whole and under its name.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

run 0 "$SOURCE/examples/one-log.sh" "$scratch/log" 'seq 1 3000' 'seq 3001 6000' '/bin/echo hello'
[ "$(wc -l <"$scratch/log")" -eq 6001 ] || fail "$(wc -l <"$scratch/log") lines"
grep -v '^echo' "$scratch/log" | sed 's/^seq: //' | sort -n >"$scratch/sorted"
seq 1 6000 >"$scratch/expected"
same "$scratch/sorted" "$scratch/expected"
has "$scratch/log" '^echo: hello$'

# one fails, and the other is logged to its end
command_is fails 'exit 4'
PATH=$scratch/bin:$PATH run 4 "$SOURCE/examples/one-log.sh" "$scratch/log" 'fails now' 'sleep 0.1; seq 7000 7100'
has "$scratch/err" '^one-log.sh: fails now: exit status 4$'
[ "$(wc -l <"$scratch/log")" -eq 6102 ] || fail "$(wc -l <"$scratch/log") lines"
has "$scratch/log" '^sleep_: 7100$|^sleep: 7100$'

# nobody reads
run 1 "$SOURCE/examples/one-log.sh" "$scratch" 'echo hello'
command_is ipc-fifo 'exit 5'
BINARIES=$scratch/bin run 5 "$SOURCE/examples/one-log.sh" "$scratch/log" 'echo hello' 'sleep 1000'
rm "$scratch/bin/ipc-fifo"

command_is waits ': >"$runs"' 'sleep 1000'
interrupted "$SOURCE/examples/one-log.sh" "$scratch/log" 'waits' 'sleep 1000' 'waits; waits'
