# SPDX-License-Identifier: MIT
# --lines: a message per line; consumers share them, each line arrives exactly once, all end.
. "$SOURCE/tests/harness.sh"

# consume FILE OPTIONS...: starts a consumer that writes to FILE, and waits until it has joined: one
# that comes when the producer has ended would wait for another.
consume() {
    file=$1
    shift
    rm -f "$file" "$scratch/consumer" # else what stands there from before would be waited for
    ipc-msgqueue consumer --lines --name "$name" "$@" >"$file" 2>"$scratch/consumer" &
    consumer=$!
    started $consumer
    await grep -q 'waiting for a producer' "$scratch/consumer"
}

seq 1 100000 >"$scratch/lines"
for api in sysv posix; do
    consumers=
    for i in 1 2 3; do
        consume "$scratch/part$i" --api $api
        consumers="$consumers $consumer"
    done
    ipc-msgqueue producer -q --lines --api $api --name "$name" "$scratch/lines" || fail "producer"
    for consumer in $consumers; do
        ended 0 "$consumer"
    done
    sort -n "$scratch"/part? >"$scratch/out"
    same "$scratch/out" "$scratch/lines"
    nothing_left
done

# one that is killed loses at most the line in its hands, and stops nobody
mkfifo "$scratch/input"
consume "$scratch/part1"
victim=$consumer
consume "$scratch/part2"
survivor=$consumer
ipc-msgqueue producer -q --lines --name "$name" <"$scratch/input" &
producer=$!
started $producer
exec 3>"$scratch/input"
head -n 1000 "$scratch/lines" >&3
await test -s "$scratch/part1"
kill -KILL $victim
tail -n +1001 "$scratch/lines" >&3
exec 3>&-
wait $victim
ended 0 $survivor
ended 0 $producer
got=$(cat "$scratch/part1" "$scratch/part2" | sort -n | uniq | wc -l)
[ "$got" -ge 99999 ] || fail "$got lines of 100000"
nothing_left

# when the last has died the producer exits 3
consume "$scratch/part1"
victim=$consumer
ipc-msgqueue producer -q --lines --name "$name" <"$scratch/input" 2>"$scratch/err" &
producer=$!
started $producer
exec 3>"$scratch/input"
echo something >&3
await test -s "$scratch/part1"
kill -KILL $victim
ended 3 $producer
has "$scratch/err" "the consumer \(pid $victim\) died"
exec 3>&-
nothing_left

# a line that no message can hold: the limit and the line are named, nothing of it is sent
{ echo short; head -c 20000 /dev/zero | tr '\0' x; echo; } >"$scratch/long"
consume "$scratch/out"
ipc-msgqueue producer --lines --name "$name" "$scratch/long" 2>"$scratch/err"
[ $? -eq 1 ] || fail "a line that is too long"
has "$scratch/err" 'line 2 is longer than [0-9]+ bytes'
has "$scratch/err" '/proc/sys/kernel/msgmax'
ended 3 $consumer
[ "$(cat "$scratch/out")" = short ] || fail "a part of the line was sent"
nothing_left

# one whose reader leaves says how many it had taken: so many lines are lost as its reader did not get
for lines in '' --lines; do
    mkfifo "$scratch/output"
    ipc-msgqueue consumer $lines --name "$name" >"$scratch/output" 2>"$scratch/left" &
    leaver=$!
    started $leaver
    head -n 1 "$scratch/output" >"$scratch/head" &
    await grep -q 'waiting for a producer' "$scratch/left"
    consume "$scratch/part1"
    ipc-msgqueue producer --lines --name "$name" <"$scratch/input" 2>"$scratch/err" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    sent=0
    until over $leaver; do # it takes one sooner or later
        sent=$((sent + 1))
        [ $sent -le 2000 ] || fail "it writes on, and nobody reads"
        echo $sent >&3
        sleep 0.01
    done
    ended 1 $leaver
    exec 3>&-
    ended 0 $consumer
    ended 0 $producer
    has "$scratch/left" 'write "standard output": Broken pipe'
    has "$scratch/err" 'a consumer left before the end'
    taken=$(sed -n 's/.* \([0-9]*\) messages were taken from the queue: the last is lost$/\1/p' "$scratch/left")
    [ $((taken + $(wc -l <"$scratch/part1"))) -eq $sent ] || fail "$taken taken, and the other got the rest?"
    rm "$scratch/output"
    nothing_left
done
