# values, threads, mutex, pool, persist and crash show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

# the second unlock of a mutex is what `values` is about
export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_mutex_bugs=0"
check_lessons ipc-semaphore values threads mutex pool persist crash
has "$scratch/values" 'value 2'
has "$scratch/values" 'sem_wait\(\) = 0   value 1'
has "$scratch/values" 'value 0   and one waits'
has "$scratch/values" 'value 0   the post went to it'
has "$scratch/values" '2 get in'
has "$scratch/values" 'EPERM'
has "$scratch/threads" '2 at once without a semaphore, never more than 1 with it'
has "$scratch/mutex" '8000: 0 lost'
[ "$(grep -c '[1-9][0-9]* lost' "$scratch/mutex")" -eq 2 ] || fail "not two that lost updates"
has "$scratch/pool" '^([4-8]) without a semaphore; with one of value 3 never more than 3'
[ "$(grep -c 'value 0$' "$scratch/persist")" -eq 2 ] || fail "the initial value was not ignored"
has "$scratch/persist" 'EEXIST'
has "$scratch/crash" 'ETIMEDOUT'
has "$scratch/crash" 'GETVAL\) = 1'
has "$scratch/crash" 'EOWNERDEAD'
