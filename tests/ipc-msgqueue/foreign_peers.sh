# SPDX-License-Identifier: MIT
# Plain msgsnd and msgrcv of another language are at the other end of --key; its queue stays its own.
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "perl, the other language, is not here"

key=$((0x1bc00000 + $$))
id=$(perl -e 'print msgget($ARGV[0], 0600 | 01000)' $key)
at_end "ipcrm -q '$id'"
random_bytes 5000 >"$scratch/file"

# ours to theirs
run 0 ipc-msgqueue producer -q --key $key "$scratch/file"
perl -e '
    binmode STDOUT;
    while (msgrcv($ARGV[0], my $message, 65536, 0, 0)) {
        my $text = substr($message, length(pack("l!", 0)));
        last if $text eq "";
        print $text;
    }' "$id" >"$scratch/out"
same "$scratch/out" "$scratch/file"

# theirs to ours, and what stat says of it
perl -e '
    local $/;
    open(my $file, "<", $ARGV[1]);
    binmode $file;
    msgsnd($ARGV[0], pack("l! a*", 1, <$file>), 0);
    msgsnd($ARGV[0], pack("l! a*", 1, ""), 0);' "$id" "$scratch/file"
run 0 ipc-msgqueue stat --key $key
has "$scratch/out" "$id"
has "$scratch/out" '(^| )0*600'
run 0 ipc-msgqueue consumer -q --key $key
same "$scratch/out" "$scratch/file"
perl -e 'exit(defined(msgctl($ARGV[0], 2, my $status)) ? 0 : 1)' "$id" || fail "we removed a queue that was not ours"
run 1 ipc-msgqueue remove --key $key
has "$scratch/err" 'somebody else made'
nothing_left

# a slow receiver of another language has come: --timeout is over
random_bytes 60000 >"$scratch/file"
ipc-msgqueue producer -q --key $key --timeout 0.2 "$scratch/file" &
producer=$!
started $producer
perl -e '
    binmode STDOUT;
    while (msgrcv($ARGV[0], my $message, 65536, 0, 0)) {
        my $text = substr($message, length(pack("l!", 0)));
        last if $text eq "";
        print $text;
        select(undef, undef, undef, 0.15);
    }' "$id" >"$scratch/out" &
receiver=$!
started $receiver
ended 0 $producer
ended 0 $receiver
same "$scratch/out" "$scratch/file"
nothing_left

# killed, both: ours is removed on request, theirs stays
ipc-msgqueue consumer --key $key >/dev/null 2>"$scratch/consumer" &
consumer=$!
started $consumer
await grep -q 'waiting for a producer' "$scratch/consumer"
run 1 ipc-msgqueue remove --key $key
kill -KILL $consumer
wait $consumer
run 0 ipc-msgqueue remove --key $key
has "$scratch/err" 'stays'
perl -e 'exit(defined(msgctl($ARGV[0], 2, my $status)) ? 0 : 1)' "$id" || fail "their queue was removed"
nothing_left

