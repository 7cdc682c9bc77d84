# SPDX-License-Identifier: MIT
# A producer that dies after its last byte, before its last post: the consumer has everything, and ends.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v perl >/dev/null || skip "perl, which takes a post away, is not here"

sent_all() {
    "ipc-semaphore" stat --name "$name" >"$scratch/stat" && grep -Eq '^full +2( |$)' "$scratch/stat"
}
for api in sysv posix; do
    ipc-semaphore consumer -q --api $api --name "$name" >"$scratch/out" 2>"$scratch/err" &
    consumer=$!
    started $consumer
    await sleeping $consumer
    kill -STOP $consumer
    await stopped $consumer
    echo 'one line' | ipc-semaphore producer -q --api $api --name "$name" 2>"$scratch/producer" &
    producer=$!
    started $producer
    await sent_all
    kill -KILL $producer
    wait $producer
    if [ $api = sysv ]; then # 16 is SETVAL
        perl -e 'defined semctl($ARGV[0], 1, 16, 1) or die' "$(sed -n 's/^id  *//p' "$scratch/stat")"
    elif [ -e "$BINARIES/libipc-calls.so" ]; then # glibc: the value comes first, and is an int
        perl -e 'open(my $s, "+<", $ARGV[0]) or die; syswrite($s, pack("l", 1)) == 4 or die' \
            /dev/shm/sem.*"-$name.full"
    fi
    kill -CONT $consumer
    ended 0 $consumer
    echo 'one line' | cmp - "$scratch/out" || fail "not all arrived"
    nothing_left
    no_object ipc-semaphore ''
done
