# SPDX-License-Identifier: MIT
# parent with no child and with 2,000; with COMMAND, copies of it, each with its IPC_INDEX.
# timeout: 120
. "$SOURCE/tests/harness.sh"

# shellcheck disable=SC2016
run 1 ipc-fork parent -n 4 -- sh -c 'echo "I am $IPC_INDEX of $*"; exit "$IPC_INDEX"' sh a 'b c'
sort "$scratch/out" >"$scratch/sorted"
printf 'I am %d of a b c\n' 0 1 2 3 >"$scratch/wanted"
same "$scratch/sorted" "$scratch/wanted"
for i in 0 1 2 3; do
    has "$scratch/err" "^ipc-fork: \[$i\] pid [0-9]+: exit status $i$"
done
[ "$(wc -l <"$scratch/err")" -eq 4 ] || fail "not four lines"

run 0 ipc-fork parent -n 3 -- true
run 0 ipc-fork parent -n 0 -- false
[ ! -s "$scratch/err" ] || fail "a copy was run"
run 1 ipc-fork parent -- false
[ "$(grep -c 'exit status 1$' "$scratch/err")" -eq 5 ] || fail "not five copies by default"
run 1 ipc-fork parent -q -n 2 -- false
[ ! -s "$scratch/err" ] || fail "-q is not quiet"

# shellcheck disable=SC2016
run 1 ipc-fork parent -n 2 -- sh -c '[ "$IPC_INDEX" = 0 ] || kill -KILL $$'
has "$scratch/err" '^ipc-fork: \[0\] pid [0-9]+: exit status 0$'
has "$scratch/err" '^ipc-fork: \[1\] pid [0-9]+: killed by SIGKILL \(9\)$'

# (a folder in PATH that we may not search would make that "Permission denied", as for env(1))
run 1 env PATH="$BINARIES:/usr/bin:/bin" ipc-fork parent -n 1 -- no-such-program
has "$scratch/err" '^ipc-fork: exec "no-such-program": No such file or directory$'
has "$scratch/err" '^ipc-fork: \[0\] pid [0-9]+: exit status 127   not found$'
echo 'no program' >"$scratch/text"
run 1 ipc-fork parent -n 1 -- "$scratch/text"
has "$scratch/err" '^ipc-fork: exec ".*/text": Permission denied$'
has "$scratch/err" '^ipc-fork: \[0\] pid [0-9]+: exit status 126   found, but cannot be executed$'

# our own child as the COMMAND knows its index
run 1 ipc-fork parent -n 3 -- ipc-fork child --status 9
has "$scratch/out" '^\[2\] index 2, pid [0-9]+, ppid [0-9]+ \([^)]+\), exits with status 9$'
[ "$(grep -c 'exit status 9$' "$scratch/err")" -eq 3 ] || fail "not three children"

# no child, and many: every one of them is consumed
run 0 ipc-fork parent -n 0
has "$scratch/out" 'waitpid\(-1, WNOHANG\) = -1'
hasnt "$scratch/out" 'fork\('
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"

many=2000
[ -z "$SANITIZE" ] || many=500
[ "$(id -u)" -eq 0 ] || many=100 # an ordinary user may not be allowed so many
run 0 ipc-fork parent -n $many
[ "$(grep -c '\[[0-9]*\] exit status' "$scratch/out")" -eq $many ] || fail "not all were consumed"
[ "$(grep -c '\] fork() = 0 ' "$scratch/out")" -eq $many ] || fail "not all were born"
last=$((many - 1))
has "$scratch/out" "\[$last\] exit status $((last % 256))\$"
narration "$scratch/out"
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"
