# SPDX-License-Identifier: MIT
# Whichever side is killed, at whatever moment, the other names it and exits 3; the next run works;
# nothing is left.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

# one is ended by a signal: it dies by that, the other exits 3
for victim in producer consumer; do
    begin_pair ipc-fifo --name "$name"
    if [ $victim = producer ]; then
        kill -TERM $producer
        ended 143 $producer
        ended 3 $consumer
    else
        kill -TERM $consumer
        ended 143 $consumer
        ended 3 $producer
    fi
    exec 3>&-
    nothing_left
done

# a consumer that comes in a dead one's place gets only the rest: neither side takes that for all
has_fifo_open() {
    for descriptor in "/proc/$1/fd"/*; do
        case $(readlink "$descriptor") in */fifo-"$name".fifo) return 0 ;; esac
    done
    return 1
}
for signal in KILL TERM; do
    begin_pair ipc-fifo --name "$name"
    kill -STOP $producer
    await stopped $producer
    kill -$signal $consumer
    wait $consumer
    ipc-fifo consumer --name "$name" >"$scratch/rest" 2>"$scratch/consumer" 3>&- &
    consumer=$!
    started $consumer
    await has_fifo_open $consumer
    echo rest >&3
    exec 3>&-
    kill -CONT $producer
    ended 3 $producer
    ended 3 $consumer
    has "$scratch/producer" 'consumer (\(pid [0-9]+\) died|ended before it had taken everything)'
    has "$scratch/consumer" 'the producer ended before it had sent everything'
    nothing_left
done

# nobody comes in time; two consumers of one name
run 3 ipc-fifo producer --name "$name" --timeout 0.1 </dev/null
run 3 ipc-fifo consumer --name "$name" --timeout 0.1
ipc-fifo consumer --name "$name" 2>/dev/null &
first=$!
started $first
await test -p "$IPC_DEMOS_DIR/fifo-$name.fifo"
run 1 ipc-fifo consumer --name "$name"
has "$scratch/err" "pid $first"
kill -TERM $first
ended 143 $first
nothing_left

kill_at_random_moments ipc-fifo '' "--path $scratch/fifo"
[ ! -e "$scratch/fifo" ] || fail "the FIFO is left"
