# SPDX-License-Identifier: MIT
# Whichever child of a demo or lesson is killed: the parent does not wait for it, says so, exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

kill_child ipc-mmap demo
kill_child ipc-mmap truncate
kill_child ipc-mmap anonymous
for part in mistake right; do
    kill_child ipc-mmap private "^-> $part" 'fork\(\)$'
done

# protection's children live for a moment each: all that are seen are killed, until one has died of it,
# which is no answer to what the lesson asks. (A sanitizer's own helper is a child, too.)
[ -z "${SANITIZE:-}" ] || exit 0
command -v perl >/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9; do
    got=0
    # shellcheck disable=SC2016 # perl
    perl -e '
        my $out = shift;
        my $program = fork // die;
        open(STDOUT, ">", $out) && exec(@ARGV) if $program == 0;
        for (;;) {
            open(my $children, "<", "/proc/$program/task/$program/children") or last;
            my $child = <$children> // "";
            kill("KILL", $1) if $child =~ /^(\d+)/;
            last if waitpid($program, 1) == $program; # WNOHANG
        }
        exit($? >> 8)' "$scratch/out" ipc-mmap protection 2>"$scratch/err" || got=$?
    hasnt "$scratch/out" SIGKILL
    [ $got -eq 0 ] || break
done
[ $got -eq 3 ] || fail "exited $got, not 3"
has "$scratch/err" 'died: killed by SIGKILL'
nothing_left
