# SPDX-License-Identifier: MIT
# Children of the program that became ours by exec are not waited for, and not taken for ours.
. "$SOURCE/tests/harness.sh"

# shellcheck disable=SC2016
sh -c 'sleep 60 & echo $! >"$0/pid"; exec ipc-fork parent -n 2' "$scratch" >"$scratch/out" &
program=$!
started $program
ended 0 $program
started "$(cat "$scratch/pid")"
over "$(cat "$scratch/pid")" && fail "the other child was ended"
[ "$(grep -c '\[[01]\] exit status [01]$' "$scratch/out")" -eq 2 ] || fail "not two children"
has "$scratch/out" "(waitpid\(-1, WNOHANG\)|') ?= 0\$"
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"

# one that ends meanwhile is no child of ours, and no copy of COMMAND
run 0 sh -c 'sh -c "exit 9" & exec ipc-fork parent -n 2'
[ "$(grep -c '\[[01]\] exit status [01]$' "$scratch/out")" -eq 2 ] || fail "not two children"
hasnt "$scratch/out" 'exit status 9'
run 0 sh -c 'sh -c "exit 9" & exec ipc-fork parent -n 2 -- sleep 0.1'
[ "$(grep -c 'exit status 0' "$scratch/err")" -eq 2 ] || fail "not two copies"
hasnt "$scratch/err" 'exit status 9'
