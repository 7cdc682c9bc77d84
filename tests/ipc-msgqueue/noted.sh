# SPDX-License-Identifier: MIT
# A session goes by the queue that it noted, key and id: what has that id or key by now is another's.
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "perl, which makes and changes things behind our back, is not here"

foreign=$(perl -e 'my $q = msgget(0, 01600); msgsnd($q, pack("l! a*", 1, "theirs"), 0); print $q')
at_end "ipcrm -q '$foreign'"
stands() {
    ipcs -q | awk -v id="$foreign" '$2 == id && $6 == 1 { found = 1 } END { exit !found }' ||
        fail "the queue of others was changed or removed"
}

# a stream that was sent whole; then its queue is gone, and its id another's (as after a reboot)
sent_whole_and_lost() {
    run 0 ipc-msgqueue producer -q --name "$name" "$SOURCE/LICENSE"
    ipcrm -q "$(ipc-msgqueue stat --name "$name" | sed -n 's/^id  *//p')" || fail "ipcrm"
    perl -e 'open(my $f, "+<", $ARGV[0]) or die; seek($f, 16, 0); print $f pack("q", $ARGV[1] + 1)' \
        "$IPC_DEMOS_DIR/msgqueue-$name.rendezvous" "$foreign" || fail "perl"
}
sent_whole_and_lost
run 1 ipc-msgqueue stat --name "$name"
run 3 ipc-msgqueue consumer --name "$name" --timeout 0.1
[ ! -s "$scratch/out" ] || fail "the messages of others were received"
stands
nothing_left
sent_whole_and_lost
run 0 ipc-msgqueue remove --name "$name"
stands
nothing_left
sent_whole_and_lost
run 0 ipc-msgqueue producer -q --name "$name" "$SOURCE/LICENSE"
run 0 ipc-msgqueue consumer -q --name "$name"
same "$scratch/out" "$SOURCE/LICENSE"
stands
nothing_left

# a program that is not ours has received the whole stream: then it waits for nobody
run 0 ipc-msgqueue producer -q --name "$name" "$SOURCE/LICENSE"
perl -e '1 while msgrcv($ARGV[0], my $message, 65536, 0, 04000)' \
    "$(ipc-msgqueue stat --name "$name" | sed -n 's/^id  *//p')"
run 0 ipc-msgqueue producer -q --name "$name" "$SOURCE/LICENSE"
run 0 ipc-msgqueue consumer -q --name "$name"
same "$scratch/out" "$SOURCE/LICENSE"
nothing_left

# a queue that is removed while it is in use: both sides say so
mkfifo "$scratch/input"
ipc-msgqueue producer --name "$name" <"$scratch/input" 2>"$scratch/err" &
producer=$!
started $producer
exec 3>"$scratch/input"
await ipc-msgqueue stat --name "$name" --api sysv
ipcrm -q "$(ipc-msgqueue stat --name "$name" | sed -n 's/^id  *//p')" || fail "ipcrm"
run 1 ipc-msgqueue consumer --name "$name"
has "$scratch/err" 'lost its queue'
echo x >&3
exec 3>&-
ended 1 $producer
nothing_left
