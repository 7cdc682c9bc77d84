# orphan says truthfully who adopted the child: init or a subreaper, by pid and name.
. "$SOURCE/tests/harness.sh"

on_linux && ours=ipc-fork || ours='\?' # nobody else tells a program's name
run 0 ipc-fork orphan
narration "$scratch/out"
has "$scratch/out" '^Who is getppid\(\) when'
program=$(sed -n 's/^.*  getpid() = \([0-9]*\) .*$/\1/p' "$scratch/out" | head -n 1)

# before: its parent. After: whoever is named, which ps knows by the same name
parent=$(sed -n 's/^.*\[1\] fork() = 0   I am \([0-9]*\)$/\1/p' "$scratch/out" | head -n 1)
has "$scratch/out" "\[2\] getppid\(\) = $parent \($ours\)$"
# each fork has a line before it
[ "$(grep -cE '  fork\(\)$| \[1\] fork\(\)$' "$scratch/out")" -eq \
    "$(grep -cE '  fork\(\) = [0-9]+ | \[1\] fork\(\) = [0-9]+ ' "$scratch/out")" ] || fail "a fork without a cause"
adopted() {
    sed -n "s/^-> adopted by \(.*\): pid \([0-9]*\) (\(.*\))\$/\\$1/p" "$scratch/out" | head -n 1
}
kind=$(adopted 1)
adopter=$(adopted 2)
program_name=$(adopted 3)
[ -n "$adopter" ] || fail "nobody adopted the child"
if on_linux; then
    [ "$(ps -o comm= -p "$adopter")" = "$program_name" ] || fail "$adopter is no $program_name"
fi
[ "$adopter" -eq 1 ] && wanted=init || wanted='a subreaper'
[ "$kind" = "$wanted" ] || fail "not truthful: $kind, pid $adopter"
has "$scratch/out" "\[2\] getppid\(\) = $adopter \("
[ "$adopter" -ne "$parent" ] || fail "the parent lives on"

# with the program as subreaper an orphan's parent is not 1
if on_linux; then
    has "$scratch/out" "^-> adopted by a subreaper: pid $program \(ipc-fork\)$"
    has "$scratch/out" "\[2\] getppid\(\) = $program \(ipc-fork\)$"
    [ "$(grep -c 'waitpid' "$scratch/out")" -eq 3 ] || fail "who adopts must wait"
fi
[ "$(tail -n 1 "$scratch/out")" = \
    "Orphans go to the nearest subreaper or init: here pid $adopter ($program_name)." ] || fail "the answer is wrong"
