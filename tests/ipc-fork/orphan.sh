# SPDX-License-Identifier: MIT
# orphan says truthfully who adopted the child: init or a subreaper, by pid and name.
. "$SOURCE/tests/harness.sh"

on_linux && ours=ipc-fork || ours='\?' # nobody else tells a program's name
run 0 ipc-fork orphan
narration "$scratch/out"
has "$scratch/out" '^What does getppid\(\) return once'
program=$(sed -n 's/^.*  getpid() = \([0-9]*\) .*$/\1/p' "$scratch/out" | head -n 1)

# before: its parent. After: whoever is named, which ps knows by the same name
parent=$(sed -n 's/^.*\[1\] fork() = 0   I am \([0-9]*\)$/\1/p' "$scratch/out" | head -n 1)
has "$scratch/out" "\[2\] getppid\(\) = $parent \($ours\)$"
# each fork has a line before it
[ "$(grep -cE '  fork\(\)$| \[1\] fork\(\)$' "$scratch/out")" -eq \
    "$(grep -cE '  fork\(\) = [0-9]+ | \[1\] fork\(\) = [0-9]+ ' "$scratch/out")" ] || fail "a fork without a cause"
# the second answer of [2], with its remark, which may stand in a row of its own
sed -e ':a' -e '$!N' -e 's/\n   *\(init\|a subreaper\)$/  \1/' -e 'ta' -e 'P' -e 'D' "$scratch/out" >"$scratch/joined"
adopted() {
    sed -n "s/^.*\[2\] getppid() = \([0-9]*\) (\(.*\))  *\(init\|a subreaper\)\$/\\$1/p" "$scratch/joined" | head -n 1
}
adopter=$(adopted 1)
program_name=$(adopted 2)
kind=$(adopted 3)
[ -n "$adopter" ] || fail "nobody adopted the child"
if on_linux; then
    [ "$(ps -o comm= -p "$adopter")" = "$program_name" ] || fail "$adopter is no $program_name"
fi
[ "$adopter" -eq 1 ] && wanted=init || wanted='a subreaper'
[ "$kind" = "$wanted" ] || fail "not truthful: $kind, pid $adopter"
[ "$adopter" -ne "$parent" ] || fail "the parent lives on"

# with the program as subreaper an orphan's parent is not 1
if on_linux; then
    has "$scratch/out" '  prctl\(PR_SET_CHILD_SUBREAPER, 1\)$'
    has "$scratch/joined" "\[2\] getppid\(\) = $program \(ipc-fork\)  *a subreaper$"
    [ "$(grep -c 'waitpid' "$scratch/out")" -eq 3 ] || fail "who adopts must wait"
fi
[ "$(tail -n 1 "$scratch/out")" = \
    "The nearest subreaper adopts orphans, or init: here pid $adopter ($program_name)." ] || fail "the answer is wrong"
