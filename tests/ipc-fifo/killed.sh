# Whichever side is killed, the other names it and exits 3; the next run works; nothing is left.
. "$SOURCE/tests/harness.sh"

mkfifo "$scratch/input"
begin() {
    rm -f "$scratch/out"
    ipc-fifo producer --name "$name" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    ipc-fifo consumer --name "$name" >"$scratch/out" 2>"$scratch/consumer" &
    consumer=$!
    started $consumer
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
wait $producer
nothing_left

begin
kill -KILL $consumer
ended 3 $producer
has "$scratch/producer" "the consumer \(pid $consumer\) died"
exec 3>&-
nothing_left

# Ctrl-C of one: it dies by it, the other exits 3
begin
kill -INT $consumer 2>/dev/null
kill -TERM $consumer
ended 143 $consumer
ended 3 $producer
exec 3>&-
nothing_left

# a consumer that comes in a dead one's place gets only the rest: neither side takes that for all
stopped() {
    case $(sed 's/.*) //; s/ .*//' "/proc/$1/stat") in T) return 0 ;; *) return 1 ;; esac
}
has_fifo_open() {
    for descriptor in "/proc/$1/fd"/*; do
        case $(readlink "$descriptor") in */fifo-"$name".fifo) return 0 ;; esac
    done
    return 1
}
for signal in KILL TERM; do
    begin
    kill -STOP $producer
    await stopped $producer
    kill -$signal $consumer
    wait $consumer
    ipc-fifo consumer --name "$name" >"$scratch/rest" 2>"$scratch/consumer" 3>&- &
    consumer=$!
    started $consumer
    await has_fifo_open $consumer
    kill -CONT $producer
    echo rest >&3
    exec 3>&-
    ended 3 $producer
    ended 3 $consumer
    has "$scratch/producer" 'a consumer ended before it had taken everything'
    has "$scratch/consumer" 'the producer ended before it had sent everything'
    nothing_left
done

# both: the next run works, and cleans up
begin
kill -KILL $producer $consumer
wait $producer $consumer
exec 3>&-
echo again | ipc-fifo producer -q --name "$name" &
ipc-fifo consumer -q --name "$name" >"$scratch/out" || fail "the next run"
wait $!
[ "$(cat "$scratch/out")" = again ] || fail "the next run got something else"
nothing_left

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

# standard output gone or full
if [ -e /dev/full ]; then
    head -c 1000000 /dev/zero | ipc-fifo producer -q --name "$name" 2>"$scratch/producer" &
    producer=$!
    ipc-fifo consumer --name "$name" >/dev/full 2>"$scratch/err"
    [ $? -eq 1 ] || fail "a full device"
    ended 3 $producer
fi
nothing_left
