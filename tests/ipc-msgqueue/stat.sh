# SPDX-License-Identifier: MIT
# stat: the system's limits without a queue; of a queue what is in it, and when it changed.
. "$SOURCE/tests/harness.sh"

run 0 ipc-msgqueue stat
has "$scratch/out" '/proc/sys/kernel/msgmax'
has "$scratch/out" 'RLIMIT_MSGQUEUE'
run 1 ipc-msgqueue stat --name "$name"
echo word >"$scratch/word"
for api in sysv posix; do
    run 0 ipc-msgqueue producer -q --api $api --name "$name" "$scratch/word"
    run 0 ipc-msgqueue stat --api $api --name "$name"
    has "$scratch/out" 'messages'
    has "$scratch/out" '^changed +20[0-9][0-9]-'
    run 0 ipc-msgqueue consumer -q --api $api --name "$name"
    nothing_left
done

# a sender calls itself what makes a terminal red: it is shown, and not obeyed
if command -v perl >/dev/null && on_linux; then
    key=$((0x1bd00000 + $$))
    perl -e '
        my $id = msgget($ARGV[0], 01600);
        open(my $name, ">", "/proc/self/comm") or die;
        print $name "\e[31mred" and close $name or die;
        msgsnd($id, pack("l! a*", 1, "text"), 0);
        $| = 1;
        print $id;
        sleep 60;' $key >"$scratch/id" &
    sender=$!
    started $sender
    await test -s "$scratch/id"
    at_end "ipcrm -q $(cat "$scratch/id")"
    run 0 ipc-msgqueue stat --key $key
    has "$scratch/out" "^sender +pid $sender \\(.*\\[31mred"
    hasnt "$scratch/out" "$(printf '\033')"
fi
