# SPDX-License-Identifier: MIT
# who-signals.sh names the signal and its sender, and ends after COUNT of them.
. "$SOURCE/tests/harness.sh"

"$SOURCE/examples/who-signals.sh" 2 >"$scratch/out" 2>"$scratch/err" &
catcher=$!
started "$catcher"
await grep -q "$catcher" "$scratch/out" "$scratch/err"
kill -USR1 "$catcher"
await grep -q SIGUSR1 "$scratch/out"
kill -TERM "$catcher"
ended 0 "$catcher"
has "$scratch/out" "SIGTERM.*$$"
