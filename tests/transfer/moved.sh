# SPDX-License-Identifier: MIT
# What much input from a pipe, and a file that is written, cost: pages that move, where the system can. Little is
# read and written, as before; so is what goes where pages cannot move, or must not.
. "$SOURCE/tests/harness.sh"

random_bytes 3000000 >"$scratch/file"
mkfifo "$scratch/input"
# begin: a producer that finds a full pipe as its input; $producer
begin() {
    rm -f "$scratch/out" "$scratch/sent" "$scratch/got"
    exec 3<>"$scratch/input"
    head -c 65536 "$scratch/file" >&3
    ipc-fifo producer -v --name "$name" <"$scratch/input" 2>"$scratch/sent" 3>&- &
    producer=$!
    started $producer
}
# send_rest: the rest of the input, and its end
send_rest() {
    tail -c +65537 "$scratch/file" >&3
    exec 3>&-
    ended 0 $producer
    ! on_linux || has "$scratch/sent" 'splice\([0-9]+, [0-9]+, 262144\)'
}

begin
ipc-fifo consumer -v --name "$name" >"$scratch/out" 2>"$scratch/got" 3>&- &
consumer=$!
started $consumer
send_rest
ended 0 $consumer
same "$scratch/out" "$scratch/file"
has "$scratch/sent" ": producer: 3000000 bytes in "
has "$scratch/got" ": consumer: 3000000 bytes in "
! on_linux || has "$scratch/got" 'splice\([0-9]+, 1\) = [0-9]+'

# a file that is appended to takes no pages
begin
echo before >"$scratch/out"
ipc-fifo consumer -v --name "$name" >>"$scratch/out" 2>"$scratch/got" 3>&- &
consumer=$!
started $consumer
send_rest
ended 0 $consumer
echo before | cat - "$scratch/file" >"$scratch/expected"
same "$scratch/out" "$scratch/expected"
has "$scratch/got" 'read\([0-9]+\) = [0-9]+'

# a pipe would keep them, when the producer has been told that all is written out, and may change its file
begin
{
    exec 3>&- # not by the shell, either
    { ipc-fifo consumer -v --name "$name" 2>"$scratch/got" || echo failed; } | cat >"$scratch/out"
} &
consumer=$!
started $consumer
send_rest
ended 0 $consumer
same "$scratch/out" "$scratch/file"
hasnt "$scratch/got" 'splice'

# each side's death is noticed while pages move, and while the input waits for more of them
taken() {
    [ "$(wc -c <"$scratch/out")" -eq 3000000 ]
}
for victim in producer consumer; do
    begin
    ipc-fifo consumer -q --name "$name" >"$scratch/out" 2>"$scratch/got" 3>&- &
    consumer=$!
    started $consumer
    tail -c +65537 "$scratch/file" >&3
    await taken
    if [ $victim = producer ]; then
        kill -KILL $producer
        ended 3 $consumer
        has "$scratch/got" "the producer \(pid $producer\) died"
    else
        kill -KILL $consumer
        ended 3 $producer
        has "$scratch/sent" "the consumer \(pid $consumer\) died"
    fi
    exec 3>&-
    same "$scratch/out" "$scratch/file"
done

# from the shell's pipe into the shell's pipe
run_pair() {
    # shellcheck disable=SC2002 # it is the pipe that is meant
    cat "$scratch/file" | ipc-pipe producer -q | ipc-pipe consumer -q
}
run_pair >"$scratch/out" || fail "ipc-pipe"
same "$scratch/out" "$scratch/file"
nothing_left
