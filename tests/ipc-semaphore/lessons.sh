# Every lesson begins with its question, ends with its answer, and shows what the system really does.
. "$SOURCE/tests/harness.sh"

# the second unlock of a mutex is what `values` is about
export TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_mutex_bugs=0"
for role in values threads mutex pool persist crash; do
    run 0 ipc-semaphore $role
    narration "$scratch/out"
    head -n 1 "$scratch/out" | grep -q '?$' || fail "$role: the first line is no question"
    tail -n 1 "$scratch/out" | grep -q '\.$' || fail "$role: the last line is no sentence"
    cp "$scratch/out" "$scratch/the-$role"
    run 2 ipc-semaphore $role more
done
run 0 ipc-semaphore demo
narration "$scratch/out"
has "$scratch/out" 'sem_post\(\)   value was 0'
awk '/I come first/ { first = 1 } /sem_wait\(\) = 0/ { if (!first) exit 1; seen = 1 } END { exit !seen }' \
    "$scratch/out" || fail "the parent did not wait"
has "$scratch/out" 'slept [0-9]+ ms: the value was 0'
has "$scratch/out" 'sem_open\(NAME\): it is there'
has "$scratch/out" 'sem_open\(NAME\): ENOENT'

has "$scratch/the-values" 'value 2'
has "$scratch/the-values" 'sem_wait\(\) = 0   value 1'
has "$scratch/the-values" 'value 0   and one waits'
has "$scratch/the-values" 'value 0   the post went to it'
has "$scratch/the-values" '2 get in'
has "$scratch/the-values" 'EPERM'
has "$scratch/the-threads" '2 at once without a semaphore, never more than 1 with it'
has "$scratch/the-mutex" '8000: 0 lost'
[ "$(grep -c '[1-9][0-9]* lost' "$scratch/the-mutex")" -eq 2 ] || fail "not two that lost updates"
has "$scratch/the-pool" '^([4-8]) without a semaphore; with one of value 3 never more than 3'
[ "$(grep -c 'value 0$' "$scratch/the-persist")" -eq 2 ] || fail "the initial value was not ignored"
has "$scratch/the-persist" 'EEXIST'
has "$scratch/the-crash" 'ETIMEDOUT'
has "$scratch/the-crash" 'GETVAL\) = 1'
has "$scratch/the-crash" 'EOWNERDEAD'

# a child that somebody kills is noticed, whatever it had or was to do: no side waits for ever
# the process that looks for leaks at the end is a child, too, and is not to be killed
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
for role in demo values pool crash; do
    ipc-semaphore $role --pace 0.1 >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started $parent
    while living $parent; do # one may have ended by itself just before
        pgrep -P $parent | xargs kill -KILL 2>/dev/null
    done
    ended 3 $parent
    has "$scratch/err" '\(pid [0-9]+\) died'
done
