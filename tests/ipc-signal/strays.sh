# SPDX-License-Identifier: MIT
# Other signals that arrive meanwhile corrupt nothing and block nothing.
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "perl, which sends the strays, is not here"

# the first real-time signal carries the data: kill() sends it without a value. Which number that
# is, the C library decides; catch tells by the name that it has for the number 35
ipc-signal catch -n 1 >"$scratch/out" 2>"$scratch/err" &
catcher=$!
started $catcher
await grep -q 'kill -KILL' "$scratch/err"
kill -35 $catcher
ended 0 $catcher
case $(cat "$scratch/out") in
'SIGRTMIN+1 '*) number=34 ;;
'SIGRTMIN '*) number=35 ;;
*) fail "which signal is 35?" ;;
esac

random_bytes 600000 >"$scratch/file"
ipc-signal producer --name "$name" "$scratch/file" 2>"$scratch/producer.err" &
producer=$!
started $producer
await grep -q 'waiting for' "$scratch/producer.err"
ipc-signal consumer --name "$name" >"$scratch/out" 2>"$scratch/consumer.err" &
consumer=$!
started $consumer
await grep -q "consumer, pid $consumer" "$scratch/consumer.err" # it blocks them by now
perl -e '
    my ($number, @processes) = @ARGV;
    for (1 .. 400) {
        kill($_, @processes) for ("WINCH", "CONT", "USR1", "USR2", $number);
        select(undef, undef, undef, 0.0005);
    }' "$number" $consumer $producer
ended 0 $producer
ended 0 $consumer
same "$scratch/out" "$scratch/file"
nothing_left

# a flood from before the two have met until after one of them was killed
flood() {
    perl -e '
        my ($number, @processes) = @ARGV;
        while (kill($number, @processes)) { select(undef, undef, undef, 0.00005) }' "$number" "$@" &
    flooding=$!
    started $flooding
}
mkfifo "$scratch/input"
for dies in producer consumer; do
    rm -f "$scratch/out" # else what stands there from before would be waited for
    ipc-signal consumer -q --name "$name" >"$scratch/out" 2>"$scratch/consumer.err" &
    consumer=$!
    started $consumer
    await test -e "$IPC_DEMOS_DIR/signal-$name.rendezvous"
    await sleeping $consumer
    flood $consumer
    ipc-signal producer -q --name "$name" "$scratch/input" 2>"$scratch/producer.err" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    echo 'one line' >&3
    await grep -q 'one line' "$scratch/out"
    flood $producer
    if [ $dies = producer ]; then
        kill -KILL $producer
        ended 3 $consumer
        has "$scratch/consumer.err" "producer \(pid $producer\) died"
    else
        kill -KILL $consumer
        ended 3 $producer
        has "$scratch/producer.err" "consumer \(pid $consumer\) died"
    fi
    exec 3>&-
    wait
    nothing_left
done
