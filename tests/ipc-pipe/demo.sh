# SPDX-License-Identifier: MIT
# parent without FILE and demo tell the same story: what waited, in which order, and how it ended.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

# line PATTERN: the number of the first line of the screen that matches
line() {
    grep -nE -- "$1" "$scratch/out" | head -n 1 | cut -d: -f1
}
before() {
    [ -n "$(line "$1")" ] || fail "no '$1'"
    [ -n "$(line "$2")" ] || fail "no '$2'"
    [ "$(line "$1")" -lt "$(line "$2")" ] || fail "'$1' does not come before '$2'"
}

check_demo ipc-pipe
for role in parent demo; do
    run 0 ipc-pipe $role
    narration "$scratch/out"
    [ ! -s "$scratch/err" ] || fail "something on standard error"
    has "$scratch/out" 'fork\(\) = [0-9]+ .*fork\(\) = 0   I am [0-9]+'
    # cause before effect
    before 'pipe\(\) =' 'fork\(\)$'
    for i in 1 2 3; do
        before "write\([0-9]+, \"hello, world #$i\"\)" "= 15  \"hello, world #$i\""
    done
    before 'write\([0-9]+, [0-9]+ bytes\) \.\.\.' 'read\([0-9]+\) = [0-9]{4,}$'
    before 'close\([0-9]+\)   the last writer' '= 0  end of file'
    before 'end of file' 'Finished reading'
    before 'Finished reading' '= exit status 0'
    # each waited once at least
    has "$scratch/out" 'asleep [0-9]+ ms: it was empty'
    has "$scratch/out" 'asleep [0-9]+ ms: it was full'
    has "$scratch/out" 'ls -l /proc/[0-9]+/fd'
done
