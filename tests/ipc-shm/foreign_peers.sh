# SPDX-License-Identifier: MIT
# Segments that somebody else made: used if there is a ring in them, refused if not; never removed.
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "perl, which makes the segments, is not here"

key=$(($$ + 100000000))
hex=$(printf '0x%08x' $key)
make() { # SIZE: its id
    perl -e 'my $id = shmget($ARGV[0], $ARGV[1], 01600); defined $id or die $!; print $id' "$key" "$1"
}
discard() {
    perl -e 'shmctl($ARGV[0], 0, 0)' "$1"
}
made=
# shellcheck disable=SC2016 # for the end
at_end '[ -z "$made" ] || discard "$made"'

# too small, then of the right size but without a ring in it, then full of noise
for size in 64 2097344 3000000; do
    made=$(make $size)
    if [ $size = 3000000 ]; then
        perl -e 'my $n = join("", map { chr(rand(256)) } 1 .. 4096); shmwrite($ARGV[0], $n, 0, 4096) or die' "$made"
    fi
    for role in producer consumer; do
        run 1 ipc-shm $role --key "$hex" </dev/null
        case $size in 64) has "$scratch/err" 'is too small' ;; *) has "$scratch/err" 'holds no ring' ;; esac
        nothing_left
    done
    run 0 ipc-shm stat --key "$hex"
    has "$scratch/out" "^id +$made\$"
    has "$scratch/out" '^ring +(is too small|holds no ring)'
    run 1 ipc-shm remove --key "$hex"
    ipcs -m | grep -q "^$hex" || fail "a segment of somebody else was removed"
    discard "$made"
    made=
done

# without a segment of that key the pair makes one, and removes it
seq 1 100000 >"$scratch/file"
ipc-shm consumer -q --key "$hex" >"$scratch/out" &
consumer=$!
started $consumer
ipc-shm producer -q --key $key "$scratch/file" || fail "producer --key"
ended 0 $consumer
same "$scratch/out" "$scratch/file"
ipcs -m | grep -q "^$hex" && fail "the segment is left"
nothing_left

# one with a ring in it, which a session left whose rendezvous is lost: this session gets its own
# bytes alone, and so does the next one; but while that session lives it is not touched
mkdir -m 700 "$scratch/elsewhere"
IPC_DEMOS_DIR=$scratch/elsewhere ipc-shm producer -q --key "$hex" /dev/zero 2>"$scratch/producer" &
producer=$!
started $producer
IPC_DEMOS_DIR=$scratch/elsewhere ipc-shm consumer -q --key "$hex" 2>"$scratch/consumer" | {
    head -c 1 >"$scratch/begun"
    exec sleep 100
} &
reader=$!
started $reader
ring_is_full() {
    IPC_DEMOS_DIR=$scratch/elsewhere ipc-shm stat --key "$hex" | grep -q '^ring  *2097152 of'
}
await ring_is_full
made=$(ipcs -m | awk -v key="$hex" '$1 == key { print $2 }')
run 1 ipc-shm producer --key "$hex" "$scratch/file"
has "$scratch/err" 'is in use: 2 others'
nothing_left
consumer=$(IPC_DEMOS_DIR=$scratch/elsewhere ipc-shm stat --key "$hex" | sed -n 's/^consumer  *pid //p')
kill -KILL $producer "$consumer"
wait $producer
kill -KILL $reader
wait $reader
rm -r "$scratch/elsewhere"
for again in 1 2; do
    ipc-shm consumer -q --key "$hex" >"$scratch/out" &
    consumer=$!
    started $consumer
    ipc-shm producer -q --key "$hex" "$scratch/file" || fail "producer, time $again"
    ended 0 $consumer
    same "$scratch/out" "$scratch/file"
    ipcs -m | grep -q "^$hex" || fail "a segment of somebody else was removed"
    nothing_left
done
# of another version
perl -e 'shmread($ARGV[0], my $n, 4, 4) or die; shmwrite($ARGV[0], pack("L", 1 + unpack("L", $n)), 4, 4) or die' "$made"
run 1 ipc-shm consumer --key "$hex"
has "$scratch/err" 'is of another version: not used'
run 0 ipc-shm stat --key "$hex"
has "$scratch/out" '^ring +is of another version'
nothing_left
discard "$made"
made=

# a POSIX object of our name that is not of this session
run 1 ipc-shm stat --api posix --name "$name"
object=/dev/shm/ipc-demos-$(id -u)-shm-$name
if [ -d /dev/shm ] && : >"$object"; then
    run 1 ipc-shm producer --api posix --name "$name" </dev/null
    has "$scratch/err" 'not of this session'
    [ -e "$object" ] || fail "an object of somebody else was removed"
    run 0 ipc-shm stat --api posix --name "$name"
    has "$scratch/out" '^ring +is too small'
    if [ "$(id -u)" -eq 0 ] && chown 12345 "$object"; then # we could, and may not
        run 0 ipc-shm stat --api posix --name "$name"
        has "$scratch/out" '^owner +12345$'
        run 1 ipc-shm remove --api posix --name "$name"
        has "$scratch/err" 'belongs to user 12345'
        [ -e "$object" ] || fail "an object of another user was removed"
        chown 0 "$object"
    fi
    run 0 ipc-shm remove --api posix --name "$name"
    [ ! -e "$object" ] || fail "remove did not"
fi
nothing_left
