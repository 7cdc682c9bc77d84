# SPDX-License-Identifier: MIT
# Every lesson begins with its question, ends with its answer, and shows the mistake and what is right.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-fork orphan zombie reap copy buffers loop
for role in orphan zombie reap copy buffers loop; do
    has "$scratch/$role" '^-> mistake: '
    has "$scratch/$role" '^-> right: '
done

# reap: one signal each time; the first handler leaves four zombies, the second one takes them, too
has "$scratch/reap" 'sigprocmask\(SIG_BLOCK, '
has "$scratch/reap" 'waitid\(P_PID, WEXITED\|WNOWAIT\), 5 times = 0 |^        .= 0  all ended'
[ "$(grep -c 'reap_[onael]*() ran 1 time$' "$scratch/reap")" -eq 2 ] || fail "reap: not one signal each"
has "$scratch/reap" '  waitpid\(-1, WNOHANG\) > 0, 1 time$'
has "$scratch/reap" 'kill\(each, 0\) = 0, 4 times: zombies'
has "$scratch/reap" 'waitpid\(-1, WNOHANG\), 9 times'
has "$scratch/reap" 'waitpid\(-1, WNOHANG\) = -1  ECHILD$'
has "$scratch/reap" '^Once: signals do not queue\. if \(waitpid\) reaped 1, while \(waitpid\) all 9\.$'
