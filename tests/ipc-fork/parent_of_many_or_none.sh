# parent works with no child and with 10,000, and consumes every one of them.
# timeout: 120
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork parent -n 0
has "$scratch/out" 'waitpid\(-1\) = -1   ECHILD$'
hasnt "$scratch/out" 'fork\('
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"

many=10000
[ -z "$SANITIZE" ] || many=500
[ "$(id -u)" -eq 0 ] || many=100 # an ordinary user may not be allowed so many
run 0 ipc-fork parent -n $many
[ "$(grep -c '\] is gone: exit status' "$scratch/out")" -eq $many ] || fail "not all were consumed"
[ "$(grep -c '\] fork() = 0 ' "$scratch/out")" -eq $many ] || fail "not all were born"
last=$((many - 1))
has "$scratch/out" "\[$last\] is gone: exit status $((last % 256))\$"
narration "$scratch/out"
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"
