# SPDX-License-Identifier: MIT
# A consumer that is done, of which a stopped producer has still to learn, confirms nothing to the next
# producer: that one's consumer is killed before it could write anything out.
. "$SOURCE/tests/harness.sh"

mkfifo "$scratch/slow"
exec 4<>"$scratch/slow"
# send WORD: a pair of which the producer, $producer, has sent that word, and has closed; the consumer,
# $consumer, has taken it, and cannot write it, since its output is full
send() {
    head -c 65536 /dev/zero >&4
    rm -f "$scratch/producer"
    ipc-fifo consumer -q --name "$name" >"$scratch/slow" &
    consumer=$!
    started $consumer
    echo "$1" | ipc-fifo producer -v --name "$name" 2>"$scratch/producer" &
    producer=$!
    started $producer
    await grep -q 'everything was taken' "$scratch/producer"
    await has_closed $producer
}
has_closed() {
    for descriptor in "/proc/$1/fd"/*; do
        case $(readlink "$descriptor") in */fifo-"$name".fifo) return 1 ;; esac
    done
}
send first
kill -STOP $producer
await stopped $producer
stopped=$producer
head -c 65542 <&4 >"$scratch/got"
ended 0 $consumer
has "$scratch/got" 'first$'
send second
kill -KILL $consumer
ended 137 $consumer
ended 3 $producer
has "$scratch/producer" "the consumer \\(pid $consumer\\) died"
kill -CONT $stopped # it cannot tell whose consumer died
await over $stopped
nothing_left
