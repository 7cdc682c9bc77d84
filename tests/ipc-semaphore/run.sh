# SPDX-License-Identifier: MIT
# run: at most K at once, whatever happens to the holders; COMMAND's status, streams and signals.
# timeout: 120
. "$SOURCE/tests/harness.sh"

inside=$scratch/inside
mkdir "$inside"
cat >"$scratch/job" <<'END'
: >"$inside/$$"
set -- "$inside"/*
echo $# >>"$inside.counts"
sleep 0.0$(($$ % 3 + 1))
rm -f "$inside/$$"
END
export inside
largest() {
    sort -n "$inside.counts" | tail -n 1
}

# 100 at once, of which the first make the set at the same moment
many=100
[ -z "${SANITIZE:-}" ] || many=20
jobs=
for _ in $(seq 1 $many); do
    ipc-semaphore run --slots 3 --name "$name" -- sh "$scratch/job" &
    jobs="$jobs $!"
done
for job in $jobs; do
    ended 0 "$job"
done
[ "$(wc -l <"$inside.counts")" -eq $many ] || fail "not all ran"
[ "$(largest)" -le 3 ] || fail "$(largest) were inside"
[ "$(largest)" -gt 1 ] || fail "never two at once"
run 0 ipc-semaphore stat --name "$name"
has "$scratch/out" '^slots +3$'
has "$scratch/out" '^in use +0$'

# holders that are killed lose no slot
: >"$inside.counts"
holders=
for _ in 1 2 3; do
    ipc-semaphore run --slots 3 --name "$name" -- sleep 100 &
    holders="$holders $!"
    started $!
done
in_use() {
    ipc-semaphore stat --name "$name" | grep -q "^in use  *$1\$"
}
waits() {
    ipc-semaphore stat --name "$name" | grep -q "^waiting  *$1\$"
}
await in_use 3
ipc-semaphore run --slots 3 --name "$name" -- sh "$scratch/job" &
waiting=$!
started $waiting
await waits 1
[ ! -s "$inside.counts" ] || fail "a fourth came in"
# another K meanwhile, and a removal, are refused
run 125 ipc-semaphore run --slots 4 --name "$name" -- true
has "$scratch/err" "has 3 slots"
run 1 ipc-semaphore remove --name "$name"
has "$scratch/err" '3 of its 3 slots are in use, and 1 wait'
for holder in $holders; do
    kill -KILL "$holder"
    wait "$holder"
done
ended 0 $waiting
await in_use 0
for round in 1 2 3 4 5 6 7 8 9 10; do
    ipc-semaphore run --slots 3 --name "$name" -- sleep 100 &
    holder=$!
    started $holder
    sleep "0.00$round"
    kill -KILL $holder
    wait $holder
done
await in_use 0
# one that waits can be ended
for _ in 1 2 3; do
    ipc-semaphore run --slots 3 --name "$name" -- sleep 100 &
    started $!
    holder=$!
done
await in_use 3
ipc-semaphore run --slots 3 --name "$name" -- true &
waiting=$!
started $waiting
await waits 1
kill -TERM $waiting
ended 143 $waiting
pkill -KILL -P $$ sleep
await in_use 0

# another K when nobody is inside
run 0 ipc-semaphore run --slots 5 --name "$name" -- true
run 0 ipc-semaphore stat --name "$name"
has "$scratch/out" '^slots +5$'

# it becomes COMMAND
run 7 ipc-semaphore run --slots 5 --name "$name" -- sh -c 'exit 7'
run 127 ipc-semaphore run --slots 5 --name "$name" -- no-such-command
run 126 ipc-semaphore run --slots 5 --name "$name" -- /
[ "$(echo text | ipc-semaphore run --slots 5 --name "$name" -- cat)" = text ] || fail "the streams"
ipc-semaphore run --slots 5 --name "$name" -- sleep 100 &
command=$!
started $command
await grep -q sleep /proc/$command/comm
kill -TERM $command
ended 143 $command
run 0 ipc-semaphore run --slots 5 --name "$name" -- ls /proc/self/fd
[ "$(wc -l <"$scratch/out")" -le 4 ] || fail "more than 0, 1, 2 and that of ls"
await in_use 0

# the set is the one thing that stays, until it is removed
run 0 ipc-semaphore remove --name "$name"
run 1 ipc-semaphore stat --name "$name"
nothing_left
# one that was removed behind our back is made anew
run 0 ipc-semaphore run --slots 2 --name "$name" -- true
ipcrm -S "$(ipc-semaphore stat --name "$name" | sed -n 's/^key  *//p')" || fail "ipcrm"
run 0 ipc-semaphore run --slots 4 --name "$name" -- true
run 0 ipc-semaphore remove -q --name "$name"
nothing_left
# and then its file, too, is removed on request
run 0 ipc-semaphore run --slots 2 --name "$name" -- true
ipcrm -s "$(ipc-semaphore stat --name "$name" | sed -n 's/^id  *//p')" || fail "ipcrm"
run 0 ipc-semaphore remove --name "$name"
nothing_left

# removed again and again while others come and go: never more than one inside
cat >"$scratch/alone" <<'END'
mkdir "$inside/only" || echo two >>"$inside.two"
rmdir "$inside/only"
END
jobs=
for _ in $(seq 1 $many); do
    ipc-semaphore run --slots 1 --name "$name" -- sh "$scratch/alone" &
    jobs="$jobs $!"
    ipc-semaphore remove -q --name "$name" 2>/dev/null
done
for job in $jobs; do
    ended 0 "$job"
done
[ ! -e "$inside.two" ] || fail "two were inside"
ipc-semaphore remove -q --name "$name" 2>/dev/null
nothing_left

# no slot in time: COMMAND is not started, as timeout(1) says it
mkfifo "$scratch/hold"
ipc-semaphore run --slots 1 --name "$name" -- sh -c "echo >'$scratch/holds'; exec cat '$scratch/hold'" &
holder=$!
started $holder
await test -s "$scratch/holds"
for limit in --nonblock '--timeout 0' '--timeout 0.2'; do
    # shellcheck disable=SC2086 # two words
    run 124 ipc-semaphore run --slots 1 $limit --name "$name" -- touch "$scratch/started"
    has "$scratch/err" 'no slot of 1 became free in time: COMMAND was not started'
done
[ ! -e "$scratch/started" ] || fail "COMMAND was started"
run 125 ipc-semaphore run --slots 2 --nonblock --name "$name" -- true # that is no matter of time
ipc-semaphore run --slots 1 --timeout 30 --name "$name" -- touch "$scratch/started" &
waiter=$!
started $waiter
await sh -c "ipc-semaphore stat --name $name | grep -q '^waiting *1'"
: >"$scratch/hold"
ended 0 $holder
ended 0 $waiter
[ -e "$scratch/started" ] || fail "COMMAND was not started"
run 0 ipc-semaphore run --slots 1 --nonblock --name "$name" -- true
run 2 ipc-semaphore run --slots 1 --nonblock --timeout 1 --name "$name" -- true
ipc-semaphore remove -q --name "$name"
nothing_left

# a limit of the system is named, with where it is set; nothing is left
if [ -z "${SANITIZE:-}" ] && strace -o /dev/null -e inject=semget:error=ENOSPC:when=2 true 2>/dev/null; then
    run 125 strace -o /dev/null -e inject=semget:error=ENOSPC:when=2 \
        ipc-semaphore run --slots 2 --name "$name" -- true
    has "$scratch/err" '/proc/sys/kernel/sem'
    nothing_left
fi
