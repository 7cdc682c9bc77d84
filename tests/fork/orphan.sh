# orphan says truthfully who adopted the child: init or a subreaper, by pid and name.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork orphan
narration "$scratch/out"
has "$scratch/out" '^Who is getppid\(\) when'
program=$(sed -n 's/^.*  getpid() = \([0-9]*\) .*$/\1/p' "$scratch/out" | head -n 1)

# before: its parent. After: whoever is named, which ps knows by the same name
parent=$(sed -n 's/^.*\[1\] fork() = 0   I am \([0-9]*\)$/\1/p' "$scratch/out" | head -n 1)
has "$scratch/out" "\[2\] getppid\(\) = $parent \(ipc-fork\)$"
# shellcheck disable=SC2046
set -- $(sed -n 's/^-> adopted by \(.*\): pid \([0-9]*\) (\(.*\))$/\2 \3 \1/p' "$scratch/out" |
    head -n 1)
[ $# -ge 3 ] || fail "nobody adopted the child"
if [ -r /proc/self/stat ]; then
    [ "$(ps -o comm= -p "$1")" = "$2" ] || fail "pid $1 is not called $2"
fi
case $1 in 1) [ "$3" = init ] ;; *) [ "$3" = a ] ;; esac || fail "not truthful: $*"
has "$scratch/out" "\[2\] getppid\(\) = $1 \($2\)$"
[ "$1" -ne "$parent" ] || fail "the parent lives on"

# with the program as subreaper an orphan's parent is not 1
if [ "$(uname)" = Linux ]; then
    has "$scratch/out" "^-> adopted by a subreaper: pid $program \(ipc-fork\)$"
    has "$scratch/out" "\[2\] getppid\(\) = $program \(ipc-fork\)$"
    [ "$(grep -c 'waitpid' "$scratch/out")" -eq 3 ] || fail "who adopts must wait"
fi
[ "$(tail -n 1 "$scratch/out")" = \
    "Orphans go to the nearest subreaper or init: here pid $1 ($2)." ] || fail "the answer is wrong"
