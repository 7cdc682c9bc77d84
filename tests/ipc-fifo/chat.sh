# SPDX-License-Identifier: MIT
# user1 and user2 take turns, whoever starts first, and both screens show the same.
. "$SOURCE/tests/harness.sh"

printf 'hello\nhow are you?\n' >"$scratch/first"
printf 'hi\nfine\n' >"$scratch/second"
printf 'user1: hello\nuser2: hi\nuser1: how are you?\nuser2: fine\n' >"$scratch/expected"
for start in 'user1 user2' 'user2 user1'; do
    for user in $start; do
        [ "$user" = user1 ] && input=first || input=second
        ipc-fifo "$user" --name "$name" <"$scratch/$input" >"$scratch/$user" 2>"$scratch/$user.err" &
        eval "$user=$!"
    done
    # shellcheck disable=SC2154 # set by eval
    ended 0 "$user1"
    # shellcheck disable=SC2154
    ended 0 "$user2"
    same "$scratch/user1" "$scratch/expected"
    same "$scratch/user2" "$scratch/expected"
    has "$scratch/user2.err" 'user1 has left'
done
nothing_left

# one leaves by a signal, or is killed, while the other waits
mkfifo "$scratch/input"
for signal in TERM KILL; do
    ipc-fifo user1 --name "$name" <"$scratch/input" >"$scratch/user1" 2>"$scratch/err1" &
    user1=$!
    started $user1
    ipc-fifo user2 --name "$name" </dev/null >"$scratch/user2" 2>"$scratch/err2" &
    user2=$!
    started $user2
    exec 3>"$scratch/input"
    await test -p "$IPC_DEMOS_DIR/fifo-$name.fifo.user2"
    await sleeping $user1
    await sleeping $user2
    kill -$signal $user1
    wait $user1
    if [ $signal = KILL ]; then
        ended 3 $user2
        has "$scratch/err2" "user1 \(pid $user1\) died"
    else
        ended 0 $user2
        has "$scratch/err2" 'user1 has left'
    fi
    exec 3>&-
    nothing_left
done

# who waits is told for whom; a second user1 is refused, and told so
rm -f "$scratch/err1"
ipc-fifo user1 --name "$name" <"$scratch/input" >"$scratch/user1" 2>"$scratch/err1" &
user1=$!
started $user1
exec 3>"$scratch/input"
await grep -q 'waiting for' "$scratch/err1"
has "$scratch/err1" 'waiting for user2; in another terminal:$'
has "$scratch/err1" '^  ipc-fifo user2'
run 1 ipc-fifo user1 --name "$name" </dev/null
has "$scratch/err" "a user1 of the name \"$name\" runs already \(pid $user1\)"
kill -TERM $user1
ended 143 $user1
exec 3>&-
nothing_left

# one fails: the other is told, and exits 3
if [ -c /dev/full ]; then
    ipc-fifo user1 --name "$name" <"$scratch/first" >/dev/full 2>"$scratch/err1" &
    user1=$!
    started $user1
    run 3 ipc-fifo user2 --name "$name" <"$scratch/second"
    has "$scratch/err" 'user1 ended by an error'
    ended 1 $user1
    has "$scratch/err1" 'standard output": No space left'
    nothing_left
fi

# one has nothing to say, and leaves before the other has opened its ends
for _ in 1 2 3 4 5 6 7 8 9 10; do
    ipc-fifo user1 --name "$name" </dev/null >"$scratch/user1" 2>"$scratch/err1" &
    user1=$!
    started $user1
    run 0 ipc-fifo user2 --name "$name" </dev/null
    has "$scratch/err" 'user1 has left'
    ended 0 $user1
    nothing_left
done
