# SPDX-License-Identifier: MIT
# Whatever another process of the user writes into the slots: no transfer that is not whole is exit 0.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v perl >/dev/null || skip "perl, which writes into the slots, is not here"

# three slots with bytes, and the end. 8 bytes of 0: as many as were sent, if the first were the end
{
    head -c 65536 /dev/zero
    random_bytes 70000
} >"$scratch/file"
# begin_stopped: a pair, $consumer and $producer, whose consumer is stopped before anything was sent
begin_stopped() {
    ipc-semaphore consumer -q --name "$name" >"$scratch/out" 2>"$scratch/err" &
    consumer=$!
    started $consumer
    await test -e "$IPC_DEMOS_DIR/semaphore-$name.rendezvous"
    await sleeping $consumer
    kill -STOP $consumer
    ipc-semaphore producer -q --name "$name" "$scratch/file" 2>"$scratch/producer" &
    producer=$!
    started $producer
}
sent_all() {
    ipc-semaphore stat --name "$name" >"$scratch/stat" && grep -Eq '^full +4( |$)' "$scratch/stat"
}
# the words: magic, in, out; the lengths of the slots that are full, of the end, and of the next one
for case in '0 0' '1 0' '1 1' '1 5' '2 3' '2 4294967295' '3 0' '3 1' '3 65537' '4 0' '4 65535' '5 1' \
    '6 5' '6 4294967295' '7 9'; do
    rm -f "$scratch/out"
    begin_stopped
    await sent_all
    perl -e 'open(my $s, "+<", $ARGV[0]) or die; sysseek($s, 4 * $ARGV[1], 0);
             syswrite($s, pack("L", $ARGV[2])) == 4 or die' /dev/shm/*"-$name.slots" "${case% *}" "${case#* }"
    kill -CONT $consumer
    await over $consumer
    await over $producer
    statuses=
    for process in $consumer $producer; do
        got=0
        wait "$process" || got=$?
        statuses="$statuses $got"
    done
    case $statuses in
    ' 0 0') same "$scratch/out" "$scratch/file" ;;
    ' 1 3') has "$scratch/err" '^ipc-semaphore: .' ;;
    *) fail "word and value $case: exited$statuses" ;;
    esac
    nothing_left
done

# a post too many at "empty": there is no room, whatever it says
if [ -e "$BINARIES/libipc-calls.so" ]; then
    random_bytes 4000000 >"$scratch/file"
    begin_stopped
    full() {
        ipc-semaphore stat --name "$name" | grep -Eq '^full +32( |$)'
    }
    await full
    perl -e 'open(my $s, "+<", $ARGV[0]) or die; sysseek($s, 0, 0);
             syswrite($s, pack("l", 1)) == 4 or die' /dev/shm/sem.*"-$name.empty"
    kill -CONT $producer
    ended 1 $producer
    kill -CONT $consumer
    ended 3 $consumer
    has "$scratch/producer" 'there is none'
    nothing_left
fi
