# SPDX-License-Identifier: MIT
# values, threads, mutex, pool, sets, persist and crash show what the system really does.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

# the second unlock of a mutex is what `values` is about
export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_mutex_bugs=0"
check_lessons ipc-semaphore values threads mutex pool sets persist crash
has "$scratch/values" 'sem_getvalue\(s\) = 0   value 2'
has "$scratch/values" '^ +one waits'
has "$scratch/values" 'asleep [0-9]+ ms: it was 0'
has "$scratch/values" 'sem_trywait\(s\) = -1  EAGAIN'
has "$scratch/values" 'ETIMEDOUT'
has "$scratch/values" 'sem_post\(s\) = -1  EOVERFLOW'
[ "$(grep -c 'sem_trywait(s) = 0' "$scratch/values")" -eq 2 ] || fail "two did not get in"
has "$scratch/values" '= EPERM'
has "$scratch/threads" '2 at once without a semaphore, never more than 1 with it'
has "$scratch/mutex" '10 runs: updates lost in [0-9]+$'
# as written, with the two semaphores that are copied, and with the one that is shared
[ "$(grep -cE ': [1-9][0-9]* lost' "$scratch/mutex")" -eq 3 ] || fail "not three that lost updates"
has "$scratch/mutex" '8000: 0 lost'
awk '/: \[[1-4]\] (load|store) / { told = told $4; value[++events] = $5; who[events] = $3 }
     END { exit !(told == "loadloadstorestore" && value[1] == value[2] && value[3] == value[1] + 1 &&
           value[3] == value[4] && who[1] != who[2] && who[3] != who[4]) }' \
    "$scratch/mutex" || fail "no lost update, step by step"
# elsewhere a timer interrupts the sleep, and it looks again
! on_linux || has "$scratch/mutex" 'killed by SIGKILL'
has "$scratch/pool" '^Without a semaphore [45]; with one of value 3 never more than 3'
has "$scratch/sets" 'semctl\(set, 0, GETVAL\) = 1'
[ "$(grep -c 'GETVAL) = 0' "$scratch/sets")" -eq 1 ] || fail "nobody came between"
has "$scratch/sets" 'asleep [0-9]+ ms: \[2\] was 1'
awk '/sem_otime 0/ { none = 1 } /semop\(\{0,\+1\}\)/ { posted = none } /sem_otime > 0/ { told = posted } END { exit !told }' \
    "$scratch/sets" || fail "sem_otime does not tell"
[ "$(wc -l <"$scratch/sets")" -le 24 ] || fail "sets does not fit the screen"
has "$scratch/persist" 'sem_open\(name, O_CREAT, 0600, 5\) = s'
has "$scratch/persist" 'sem_getvalue\(s\) = 0   value 0'
has "$scratch/persist" 'sem_trywait\(s\) = -1  EAGAIN'
has "$scratch/persist" 'EEXIST'
has "$scratch/persist" 'sem_getvalue\(s\) = 0   value 5'
has "$scratch/persist" 'sem_getvalue\(old\) = 0   value 1'
has "$scratch/crash" 'ETIMEDOUT'
has "$scratch/crash" 'semctl\(set, 0, GETVAL\) = 1'
has "$scratch/crash" 'EOWNERDEAD'
for lesson in values threads mutex pool sets persist crash; do
    [ "$(wc -l <"$scratch/$lesson")" -le 40 ] || fail "$lesson is too long for a screen"
done
