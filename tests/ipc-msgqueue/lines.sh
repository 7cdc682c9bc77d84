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
