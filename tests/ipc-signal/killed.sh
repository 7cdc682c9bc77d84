# Whichever side is killed, the other names it and exits 3; the next run works; nothing is left.
# serial
. "$SOURCE/tests/harness.sh"

mkfifo "$scratch/input"
begin() {
    rm -f "$scratch/out"
    ipc-signal consumer --name "$name" >"$scratch/out" 2>"$scratch/consumer" &
    consumer=$!
    started $consumer
    ipc-signal producer --name "$name" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    echo something >&3
    await grep -q something "$scratch/out"
}
begin
kill -KILL $producer
ended 3 $consumer
has "$scratch/consumer" "the producer \(pid $producer\) died"
[ "$(cat "$scratch/out")" = something ] || fail "not a prefix"
exec 3>&-
nothing_left

begin
kill -KILL $consumer
ended 3 $producer
has "$scratch/producer" "the consumer \(pid $consumer\) died"
exec 3>&-
nothing_left

begin
kill -TERM $producer
ended 143 $producer
ended 3 $consumer
exec 3>&-
nothing_left

begin
kill -KILL $consumer $producer
wait $consumer $producer
exec 3>&-
echo again | ipc-signal producer -q --name "$name" &
producer=$!
ipc-signal consumer -q --name "$name" >"$scratch/out" || fail "the next run"
ended 0 $producer
[ "$(cat "$scratch/out")" = again ] || fail "not what was sent"
nothing_left

run 3 ipc-signal producer --name "$name" --timeout 0.1 </dev/null
run 3 ipc-signal consumer --name "$name" --timeout 0.1
nothing_left

if [ -e /dev/full ]; then
    ipc-signal consumer --name "$name" >/dev/full 2>"$scratch/err" &
    consumer=$!
    head -c 300000 /dev/zero | ipc-signal producer -q --name "$name" 2>"$scratch/producer"
    [ $? -eq 3 ] || fail "the producer did not notice"
    ended 1 $consumer
fi
nothing_left
